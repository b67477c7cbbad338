<#
Typical input from spreadsheets, shells and editors. Each Describe is one kind of input, with cases in the form that the programs
write.
#>

Describe 'Columns of a sheet' {
    BeforeAll {
        . $PSScriptRoot/Shared.ps1
        . $PSScriptRoot/Sheets.ps1
        $script:Emulator = Connect-TestEmulator
    }
    BeforeEach {
        $script:Before = $Emulator.Counters.CreatesReceived
    }
    AfterAll {
        $Emulator | Stop-NanoBananaEmulator
        Disconnect-NanoBanana
    }

    It 'are refused before the submission if their name is similar to <Meant>: <Column>' -ForEach @(
        @{ Column = 'Aspect Ratio'; Value = '16:9'; Meant = 'AspectRatio' }
        @{ Column = 'aspect-ratio'; Value = '16:9'; Meant = 'AspectRatio' }
        @{ Column = 'AspectRaito'; Value = '16:9'; Meant = 'AspectRatio' }
        @{ Column = 'Ratio'; Value = '16:9'; Meant = 'AspectRatio' }
        @{ Column = 'Seitenverhältnis'; Value = '16:9'; Meant = 'AspectRatio' }
        @{ Column = 'Resolution '; Value = '2K'; Meant = 'Resolution' }
        @{ Column = 'Resolutoin'; Value = '2K'; Meant = 'Resolution' }
        @{ Column = 'Image Url'; Value = 'https://a.example/fox.png'; Meant = 'ImageUrl' }
        @{ Column = 'image-url'; Value = 'https://a.example/fox.png'; Meant = 'ImageUrl' }
        @{ Column = 'Image Path'; Value = 'fox.png'; Meant = 'ImagePath' }
        @{ Column = 'Format'; Value = '16:9'; Meant = 'AspectRatio' }
        @{ Column = 'Größe'; Value = '2K'; Meant = 'Resolution' }
        @{ Column = 'Image'; Value = 'https://a.example/fox'; Meant = 'ImageUrl' }
        @{ Column = 'Link'; Value = 'https://a.example/fox.png?v=2'; Meant = 'ImageUrl' }
        @{ Column = 'Response Modalities'; Value = 'Image'; Meant = 'ResponseModality' }
    ) {
        $rows = ConvertFrom-Csv -InputObject "Prompt,`"$Column`"", "a red fox,$Value", "an owl,$Value"
        $rows |
            New-NanoBananaImage -ErrorVariable failures -ErrorAction SilentlyContinue -WarningVariable warnings `
                -WarningAction SilentlyContinue |
            Should -BeNullOrEmpty
        $failures | Should -HaveCount 1
        $failures.FullyQualifiedErrorId | Should -Be 'InvalidRequest,NanoBanana.Commands.NewNanoBananaImageCommand'
        $failures.Exception.Message | Should -BeLike "*'$Column'*$Meant*"
        "$warnings" | Should -BeLike '*1 more row was not submitted*'
        $Emulator.Counters.CreatesReceived | Should -Be $Before
    }

    It 'with lists of addresses are refused like columns with one address' {
        '{"prompt":"x","images":["https://a.example/1.png"]}' | ConvertFrom-Json |
            New-NanoBananaImage -ErrorVariable failures -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $failures.Exception.Message | Should -BeLike "*'images' (did you mean ImageUrl?)*"
    }

    It 'with several wrong names are reported in one error' {
        Write-Sheet 'near.csv' 'Prompt,Aspect Ratio,Resolution ,Image Url', 'a red fox in snow,16:9,2K,https://example.org/fox.png'
        Import-Csv TestDrive:/near.csv | New-NanoBananaImage -ErrorVariable failures -ErrorAction SilentlyContinue
        $failures.Exception.Message | Should -BeLike "*'Aspect Ratio'*'Resolution '*'Image Url'*"
    }

    It 'are accepted if the cell is blank, the right column has a value, or the command line has it' {
        'Prompt,Ratio', 'blank cell,' | ConvertFrom-Csv | New-NanoBananaImage | Should -HaveCount 1
        'Prompt,AspectRatio,Ratio', 'both,1:1,wide' | ConvertFrom-Csv | New-NanoBananaImage -WarningAction SilentlyContinue |
            Should -HaveCount 1
        'Prompt,Ratio', 'given,16:9' | ConvertFrom-Csv | New-NanoBananaImage -AspectRatio 16:9 | Should -HaveCount 1
    }

    It 'with an ambiguous name are one warning: <Column> = <Value>' -ForEach @(
        @{ Column = 'Format'; Value = 'A4'; Meant = 'AspectRatio' }
        @{ Column = 'Shape'; Value = 'wide'; Meant = 'AspectRatio' }
        @{ Column = 'Banner'; Value = '16:9'; Meant = 'AspectRatio' }
        @{ Column = 'Größe'; Value = 'XL'; Meant = 'Resolution' }
        @{ Column = 'Link'; Value = 'https://shop.example/fox'; Meant = 'ImageUrl' }
        @{ Column = 'Image'; Value = 'fox.png'; Meant = 'ImageUrl' }
        @{ Column = 'Filename'; Value = 'fox'; Meant = 'Name' }
        @{ Column = 'Modell'; Value = 'X1'; Meant = 'Model' }
    ) {
        "Prompt,$Column", "one,$Value", "two,$Value" | ConvertFrom-Csv |
            New-NanoBananaImage -WarningVariable warnings -WarningAction SilentlyContinue | Should -HaveCount 2
        $warnings | Should -HaveCount 1
        "$warnings" | Should -BeLike "*'$Column'*$Meant*"
    }

    It 'without a prompt are reported with the probable column or delimiter' {
        'Promt,AspectRatio', 'x,1:1' | ConvertFrom-Csv | New-NanoBananaImage -ErrorVariable failures -ErrorAction SilentlyContinue
        $failures.Exception.Message | Should -BeLike "*'Promt' is probably the prompt*"
        'Prompt;AspectRatio', 'x;1:1' | ConvertFrom-Csv | New-NanoBananaImage -ErrorVariable failures -ErrorAction SilentlyContinue
        $failures.Exception.Message | Should -BeLike "*-Delimiter ';'*"
        "Prompt`tAspectRatio", "x`t1:1" | ConvertFrom-Csv | New-NanoBananaImage -ErrorVariable failures -ErrorAction SilentlyContinue
        $failures.Exception.Message | Should -Match '-Delimiter "`t"'
        $Emulator.Counters.CreatesReceived | Should -Be $Before
    }

    It 'that are piped as text end the command before the first line is submitted: <_>' -ForEach 'Prompt,AspectRatio', 'Name;Prompt',
        '"prompt","name"', "aspect_ratio`tPrompt" {
        { $_, 'x,1:1' | New-NanoBananaImage } | Should -Throw -ErrorId 'InvalidRequest,NanoBanana.Commands.NewNanoBananaImageCommand'
        $Emulator.Counters.CreatesReceived | Should -Be $Before
    }

    It 'that are not used are listed by -WhatIf' {
        $rows = 'Prompt,Sku,Comment,AspectRatio', 'a fox,1,x,1:1', 'an owl,2,y,1:1' | ConvertFrom-Csv
        Get-HostText { $rows | New-NanoBananaImage -WhatIf } | Should -BeLike "*Columns that are not used: 'Sku', 'Comment'.*"
        Get-HostText { 'a fox' | New-NanoBananaImage -WhatIf } | Should -Not -BeLike '*not used*'
    }

    It 'that bind unintentionally are reported in one warning with their values' {
        Write-Sheet 'lots.csv' 'Prompt,Model,Batch', 'a drill,XR-200,L-2291', 'a saw,XR-300,L-2292'
        $warnings = $null
        $null = Get-HostText { Import-Csv TestDrive:/lots.csv |
            New-NanoBananaImage -WhatIf -WarningVariable warnings -WarningAction SilentlyContinue; $script:AllWarnings = $warnings }
        $AllWarnings | Should -HaveCount 1
        "$AllWarnings" | Should -BeLike "*Model 'XR-200'*Batch 'L-2291'*"
    }

    It 'of objects of the module are not reported: <Case>' -ForEach @(
        @{ Case = 'a task'; Make = { 'ours 1' | New-NanoBananaImage -AspectRatio 1:1 -Wait } }
        @{ Case = 'a task from a file'; Make = { 'ours 2' | New-NanoBananaImage -Wait |
            Export-Clixml TestDrive:/ours.xml; Import-Clixml TestDrive:/ours.xml } }
        @{ Case = 'the JSON beside an image'; Make = {
                $file = 'ours 3' | New-NanoBananaImage | Save-NanoBananaImage TestDrive:/ours -Metadata
                Get-Content ([System.IO.Path]::ChangeExtension($file.FullName, 'json')) -Raw | ConvertFrom-Json
            }
        }
    ) {
        $all = & $Make | New-NanoBananaImage *>&1
        $all | Should -HaveCount 1
        $all | Should -BeOfType ([NanoBanana.ImageTask])
    }
}

Describe 'Rows of a sheet' {
    BeforeAll {
        . $PSScriptRoot/Shared.ps1
        . $PSScriptRoot/Sheets.ps1
        $script:Emulator = Connect-TestEmulator
    }
    AfterAll {
        $Emulator | Stop-NanoBananaEmulator
        Disconnect-NanoBanana
    }

    It 'with only blank cells are skipped like blank lines' {
        Write-Sheet 'blank.csv' 'Name,Prompt,AspectRatio', 'fox,a red fox,1:1', ',,', ' ,"  ",', ',,'
        $all = Import-Csv TestDrive:/blank.csv | New-NanoBananaImage -Verbose *>&1
        $all | Where-Object { $_ -is [NanoBanana.ImageTask] } | Should -HaveCount 1
        $all | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] } | Should -BeNullOrEmpty
        "$all" | Should -BeLike '*3 blank lines were skipped*'
    }

    It 'of <Case> are blank too' -ForEach @(
        @{ Case = 'a workbook, without values'; Row = { [pscustomobject]@{ Prompt = $null; Name = $null } } }
        @{ Case = 'a database'; Row = { [pscustomobject]@{ Prompt = [System.DBNull]::Value; Name = [System.DBNull]::Value } } }
        @{ Case = 'a data table'; Row = {
                $table = [System.Data.DataTable]::new()
                $null = $table.Columns.Add('Prompt'), $table.Columns.Add('Name'), $table.Rows.Add([System.DBNull]::Value,
                    [System.DBNull]::Value)
                $table.Rows
            }
        }
        @{ Case = 'a sheet with hard spaces'; Row = { [pscustomobject]@{ Prompt = "$([char]0xA0)"; Name = ' ' } } }
    ) {
        & $Row | New-NanoBananaImage -ErrorVariable failures | Should -BeNullOrEmpty
        $failures | Should -BeNullOrEmpty
    }

    It 'are identified by their number in errors, also after <Case>' -ForEach @(
        @{ Case = 'good rows'; First = 'one,1:1' }
        @{ Case = 'blank rows'; First = ',' }
        @{ Case = 'bad rows'; First = 'one,5:7' }
    ) {
        Write-Sheet 'numbered.csv' 'Prompt,AspectRatio', $First, 'two,7:9'
        Import-Csv TestDrive:/numbered.csv | New-NanoBananaImage -ErrorVariable failures -ErrorAction SilentlyContinue
        @($failures)[-1].Exception.Message | Should -BeLike '*Row 2 (row 3 of a sheet*7:9*'
    }

    It 'are identified by their number after a value that cannot be bound' {
        '{"prompt":"a","name":{"x":1}}', '{"prompt":"b","aspect_ratio":"7:9"}' | ConvertFrom-Json |
            New-NanoBananaImage -ErrorVariable failures -ErrorAction SilentlyContinue
        @($failures)[-1].Exception.Message | Should -BeLike 'Row 2*7:9*'
    }

    It 'are identified if the service refuses them' {
        $Emulator.Enqueue('Create', [NanoBanana.Emulator.EmulatorFault]::Status(400))
        'Prompt,Name', 'refused,x' | ConvertFrom-Csv | New-NanoBananaImage -ErrorVariable failures -ErrorAction SilentlyContinue
        $failures.Exception.Message | Should -BeLike 'Row 1 (row 2*400*'
    }

    It 'of text are called lines' {
        'fine', ('x' * 2501) | New-NanoBananaImage -ErrorVariable failures -ErrorAction SilentlyContinue | Should -HaveCount 1
        $failures.Exception.Message | Should -BeLike 'Line 2: *2501 characters*'
    }

    It 'have ratios that a spreadsheet converted to times: <Cell> is <Ratio>' -ForEach @(
        @{ Cell = '16:09:00'; Ratio = '16:9' }
        @{ Cell = '01:01'; Ratio = '1:1' }
        @{ Cell = '4:09 PM'; Ratio = '16:9' }
        @{ Cell = '21:09:00'; Ratio = '21:9' }
        @{ Cell = '03:02:00'; Ratio = '3:2' }
        @{ Cell = '04:05'; Ratio = '4:5' }
        @{ Cell = '00:16:09'; Ratio = '16:9' }
        @{ Cell = '30.12.1899 16:09:00'; Ratio = '16:9' }
        @{ Cell = '0,672916666666667'; Ratio = '16:9' }
        @{ Cell = '16 : 9'; Ratio = '16:9' }
        @{ Cell = "'16:9"; Ratio = '16:9' }
        @{ Cell = '16x9'; Ratio = '16:9' }
        @{ Cell = '9:16'; Ratio = '9:16' }
        @{ Cell = [datetime]'1899-12-30T16:09:00'; Ratio = '16:9' }
        @{ Cell = [timespan]'01:01:00'; Ratio = '1:1' }
        @{ Cell = 0.672916666666667; Ratio = '16:9' }
    ) {
        ([pscustomobject]@{ Prompt = 'a valley'; AspectRatio = $Cell } | New-NanoBananaImage).AspectRatio | Should -Be $Ratio
    }

    It 'have ratios that a spreadsheet converted to dates, which are refused with the probable ratios: <Cell>' -ForEach @(
        @{ Cell = '03. Feb'; Meant = '3:2 or 2:3' }
        @{ Cell = '2. Mrz'; Meant = '2:3 or 3:2' }
        @{ Cell = 'Mar 4'; Meant = '4:3 or 3:4' }
        @{ Cell = '03.02.2026'; Meant = '3:2 or 2:3' }
        @{ Cell = '2026-01-01 00:00:00'; Meant = '1:1' }
        @{ Cell = '1/1/2026'; Meant = '1:1' }
        @{ Cell = [datetime]'2026-02-03'; Meant = '2:3 or 3:2' }
    ) {
        $before = $Emulator.Counters.CreatesReceived
        [pscustomobject]@{ Prompt = 'a valley'; AspectRatio = $Cell } |
            New-NanoBananaImage -ErrorVariable failures -ErrorAction SilentlyContinue
        $failures.FullyQualifiedErrorId | Should -Be 'InvalidRequest,NanoBanana.Commands.NewNanoBananaImageCommand'
        $failures.Exception.Message | Should -BeLike "*changed $Meant to a date*"
        $Emulator.Counters.CreatesReceived | Should -Be $before
    }

    It 'have resolutions with a decimal comma or a space: <Cell> is <Resolution>' -ForEach @(
        @{ Cell = '0,5K'; Resolution = '0.5K' }
        @{ Cell = ',5k'; Resolution = '0.5K' }
        @{ Cell = '2 K'; Resolution = '2K' }
        @{ Cell = '1,0K'; Resolution = '1K' }
    ) {
        ([pscustomobject]@{ Prompt = 'a stamp'; Resolution = $Cell } | New-NanoBananaImage).Resolution | Should -Be $Resolution
    }

    It 'with a spreadsheet error are refused: <_>' -ForEach '#NAME?', '#REF!', '#N/A', '#NV', '#BEZUG!' {
        [pscustomobject]@{ Prompt = $_; Name = 'x' } | New-NanoBananaImage -ErrorVariable failures -ErrorAction SilentlyContinue |
            Should -BeNullOrEmpty
        $failures.Exception.Message | Should -BeLike '*error value of a spreadsheet*'
    }

    It 'with a name that is a shortened number are one warning' {
        'Prompt,Name', 'a,"4,00638E+12"', 'b,"4,00639E+12"' | ConvertFrom-Csv |
            New-NanoBananaImage -WarningVariable warnings -WarningAction SilentlyContinue | Should -HaveCount 2
        $warnings | Should -HaveCount 1
        "$warnings" | Should -BeLike '*4,00638E+12*'
    }
}

Describe 'Text of a file' {
    BeforeAll {
        . $PSScriptRoot/Shared.ps1
        . $PSScriptRoot/Sheets.ps1
        $script:Emulator = Connect-TestEmulator
        # Excel saves "CSV" in this way on a German Windows.
        Write-Sheet 'ansi.csv' 'Name;Prompt;AspectRatio', 'mühle;eine alte Mühle im Nebel;16:9' -Encoding ([System.Text.Encoding]::Latin1)
    }
    BeforeEach {
        $script:Before = $Emulator.Counters.CreatesReceived
    }
    AfterAll {
        $Emulator | Stop-NanoBananaEmulator
        Disconnect-NanoBanana
    }

    It 'with another encoding and delimiter is refused with both parameters in the message' {
        Import-Csv TestDrive:/ansi.csv | New-NanoBananaImage -ErrorVariable failures -ErrorAction SilentlyContinue
        $failures.Exception.Message | Should -BeLike "*-Delimiter ';'*-Encoding*"
        $Emulator.Counters.CreatesReceived | Should -Be $Before
    }

    It 'with another encoding is refused with -Encoding in the message, in <Where>' -ForEach @(
        @{ Where = 'a prompt of a sheet'; Read = { Import-Csv TestDrive:/ansi.csv -Delimiter ';' } }
        @{ Where = 'a name'; Read = { [pscustomobject]@{ Prompt = 'a mill'; Name = "m$([char]0xFFFD)hle" } } }
        @{ Where = 'a line'; Read = { Get-Content TestDrive:/ansi.csv | Select-Object -Last 1 } }
        @{ Where = 'UTF-16 without a byte order mark'; Read = {
                [System.IO.File]::WriteAllBytes("$TestDrive/utf16.txt", [System.Text.Encoding]::Unicode.GetBytes('a fox'))
                Get-Content TestDrive:/utf16.txt
            }
        }
    ) {
        & $Read | New-NanoBananaImage -ErrorVariable failures -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $failures.FullyQualifiedErrorId | Should -Be 'InvalidRequest,NanoBanana.Commands.NewNanoBananaImageCommand'
        $failures.Exception.Message | Should -BeLike '*-Encoding*'
        $Emulator.Counters.CreatesReceived | Should -Be $Before
    }

    It 'with the right encoding is submitted' {
        (Import-Csv TestDrive:/ansi.csv -Delimiter ';' -Encoding ansi | New-NanoBananaImage).Prompt | Should -Be 'eine alte Mühle im Nebel'
    }

    It 'in UTF-8 that was read with another encoding is one warning: <_>' -ForEach 'MÃ¼hle', 'donâ€™t', 'cafÃ©', 'ï»¿a fox', 'ðŸ¦Š' {
        "$_ 1", "$_ 2" | New-NanoBananaImage -WarningVariable warnings -WarningAction SilentlyContinue | Should -HaveCount 2
        $warnings | Should -HaveCount 1
        "$warnings" | Should -BeLike '*-Encoding utf8*'
    }

    It 'in other languages gives no warning: <_>' -ForEach 'São João à noite', 'ÂGE ÃO', '“quoted” – £5', 'Füchslein 狐 🦊', 'naïve café',
        'Ã la carte' {
        $_ | New-NanoBananaImage -WarningVariable warnings | Should -HaveCount 1
        $warnings | Should -BeNullOrEmpty
    }

    It 'with comments is shown by -WhatIf with advice to skip them' {
        Set-Content TestDrive:/commented.txt -Value '# winter', 'a red fox', '', '# summer', 'an owl'
        $text = Get-HostText { Get-Content TestDrive:/commented.txt | New-NanoBananaImage -WhatIf }
        $text | Should -BeLike '*on target "# winter"*'
        $text | Should -BeLike "*2 prompts begin like a comment*Where-Object*-notlike '#*"
        (Get-Help about_NanoBanana_Prompts) -join "`n" | Should -BeLike "*-notlike '#*"
    }
}

Describe 'A cell with several addresses' {
    BeforeAll {
        . $PSScriptRoot/Shared.ps1
        . $PSScriptRoot/Sheets.ps1
        $script:Emulator = Connect-TestEmulator
        function Get-Sent([string] $Prompt) {
            $Emulator.Tasks | Where-Object -Property Prompt -CEQ -Value $Prompt | ForEach-Object { $_.Parameters | ConvertFrom-Json }
        }
    }
    AfterAll {
        $Emulator | Stop-NanoBananaEmulator
        Disconnect-NanoBanana
    }

    It 'is several images if they are separated by <Name>' -ForEach @(
        @{ Name = 'a semicolon'; By = ';' }
        @{ Name = 'a semicolon and a space'; By = '; ' }
        @{ Name = 'a comma'; By = ',' }
        @{ Name = 'a bar'; By = ' | ' }
        @{ Name = 'a space'; By = ' ' }
        @{ Name = 'a line end'; By = "`n" }
        @{ Name = 'a line end of Windows'; By = "`r`n" }
    ) {
        $cell = 'https://a.example/w_1,h_2/a.png', 'http://b.example/b.png?x=1;y=2' -join $By
        [pscustomobject]@{ Prompt = "by $Name"; ImageUrl = $cell } | New-NanoBananaImage | Should -HaveCount 1
        (Get-Sent "by $Name").image_urls | Should -Be 'https://a.example/w_1,h_2/a.png', 'http://b.example/b.png?x=1;y=2'
    }

    It 'with a trailing separator is one image' {
        [pscustomobject]@{ Prompt = 'trailing'; ImageUrl = 'https://a.example/a.png; ' } | New-NanoBananaImage | Should -HaveCount 1
        (Get-Sent 'trailing').image_urls | Should -Be @('https://a.example/a.png')
    }

    It 'with an incomplete address is refused: <_>' -ForEach 'https://a.example/a.png; b.png', 'https://a.example/a.png|b.png',
        "https://a.example/a.png`nb.png" {
        $before = $Emulator.Counters.CreatesReceived
        [pscustomobject]@{ Prompt = 'not whole'; ImageUrl = $_ } | New-NanoBananaImage -ErrorVariable failures -ErrorAction SilentlyContinue
        $failures.Exception.Message | Should -BeLike 'Row 1*several addresses*'
        $Emulator.Counters.CreatesReceived | Should -Be $before
    }

    It 'of four images is refused' {
        $cell = 1..4 | ForEach-Object { "https://a.example/$_.png" } | Join-String -Separator ';'
        [pscustomobject]@{ Prompt = 'four'; ImageUrl = $cell } | New-NanoBananaImage -ErrorVariable failures -ErrorAction SilentlyContinue
        $failures.Exception.Message | Should -BeLike '*4 images*'
    }

    It 'keeps a data URI unchanged' {
        $uri = 'data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7'
        [pscustomobject]@{ Prompt = 'data'; ImageUrl = $uri } | New-NanoBananaImage | Should -HaveCount 1
        (Get-Sent 'data').image_urls | Should -Be @($uri)
    }

    It 'with several paths is several images, unless a file has this exact name' {
        $image = [System.Convert]::FromBase64String('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7')
        foreach ($name in 'a.gif', 'b.gif', 'a.gif;b.gif') {
            [System.IO.File]::WriteAllBytes((Join-Path $TestDrive $name), $image)
        }
        Push-Location TestDrive:/
        try {
            $null = [pscustomobject]@{ Prompt = 'one path'; ImagePath = 'a.gif;b.gif' }, [pscustomobject]@{ Prompt = 'two paths';
                ImagePath = 'a.gif, b.gif' } | New-NanoBananaImage
        }
        finally {
            Pop-Location
        }
        (Get-Sent 'one path').image_urls | Should -HaveCount 1
        (Get-Sent 'two paths').image_urls | Should -HaveCount 2
    }

    It 'with several modalities is a list' {
        [pscustomobject]@{ Prompt = 'words'; ResponseModality = 'Text, Image' } | New-NanoBananaImage | Should -HaveCount 1
        (Get-Sent 'words').response_modalities | Should -Be 'Text', 'Image'
    }
}

Describe 'JSON' {
    BeforeAll {
        . $PSScriptRoot/Shared.ps1
        . $PSScriptRoot/Sheets.ps1
        $script:Emulator = Connect-TestEmulator
    }
    AfterAll {
        $Emulator | Stop-NanoBananaEmulator
        Disconnect-NanoBanana
    }

    It 'keeps names and prompts as written: <Written>' -ForEach @(
        @{ Written = '"2026-11-27T10:00:00Z"'; Text = '2026-11-27T10:00:00Z' }
        @{ Written = '"2026-11-27T10:00:00"'; Text = '2026-11-27T10:00:00' }
        @{ Written = '"2026-11-27T10:00:00.120Z"'; Text = '2026-11-27T10:00:00.120Z' }
        @{ Written = '"2026-11-27"'; Text = '2026-11-27' }
        @{ Written = '17'; Text = '17' }
        @{ Written = '1.5'; Text = '1.5' }
        @{ Written = 'true'; Text = 'true' }
    ) {
        $culture = [cultureinfo]::CurrentCulture
        [cultureinfo]::CurrentCulture = 'de-DE'
        try {
            ("{`"prompt`":`"a parade`",`"name`":$Written}" | ConvertFrom-Json | New-NanoBananaImage).Name | Should -BeExactly $Text
            if ($Written -like '"*') {
                ("{`"prompt`":$Written}" | ConvertFrom-Json | New-NanoBananaImage).Prompt | Should -BeExactly $Text
            }
        }
        finally {
            [cultureinfo]::CurrentCulture = $culture
        }
    }

    It 'with a date and an offset is refused with the switch that keeps the text' {
        '{"prompt":"a","name":"2026-11-27T10:00:00+01:00"}' | ConvertFrom-Json |
            New-NanoBananaImage -ErrorVariable failures -ErrorAction SilentlyContinue |
            Should -BeNullOrEmpty
        $failures.Exception.Message | Should -BeLike '*-DateKind String*'
    }

    It 'with a list or an object as a name is refused: <_>' -ForEach '{"a":1}', '["a","b"]' {
        "{`"prompt`":`"a`",`"name`":$_}" | ConvertFrom-Json | New-NanoBananaImage -ErrorVariable failures -ErrorAction SilentlyContinue |
            Should -BeNullOrEmpty
        $failures | Should -HaveCount 1
    }

    It 'with one array is enumerated, with the values of each row' {
        $json = '[{"prompt":"apart 1","aspect_ratio":"16:9","name":"2026-11-27T10:00:00Z"},' +
            '{"prompt":"apart 2"},{"prompt":"apart 3","name":7}]'
        $array = $json | ConvertFrom-Json -NoEnumerate
        $tasks = , $array | New-NanoBananaImage -Resolution 0.5K | Sort-Object InputIndex
        $tasks.Prompt | Should -Be 'apart 1', 'apart 2', 'apart 3'
        $tasks[0].AspectRatio, $tasks[1].AspectRatio | Should -Be '16:9', $null
        $tasks[0].Name, $tasks[1].Name, $tasks[2].Name | Should -Be '2026-11-27T10:00:00Z', $null, '7'
        $tasks.Resolution | Should -Be '0.5K', '0.5K', '0.5K'
    }

    It 'with one array reports the errors of each row and continues' {
        $array = '[{"prompt":"kept 1"},{"promt":"x"},{"prompt":["a","b"]},{"prompt":7},{"prompt":"kept 2","name":{"a":1}}]' |
            ConvertFrom-Json -NoEnumerate
        $tasks = & { , $array; [pscustomobject]@{ Prompt = 'kept 3'; Name = 'n' } } |
            New-NanoBananaImage -ErrorVariable failures -ErrorAction SilentlyContinue
        ($tasks.Prompt | Sort-Object) -join ' ' | Should -Be 'kept 1 kept 3'
        ($tasks | Where-Object Prompt -EQ 'kept 3').Name | Should -Be 'n'
        $failures.Exception.Message | ForEach-Object { $_.Substring(0, 5) } | Should -Be 'Row 2', 'Row 3', 'Row 4', 'Row 5'
    }

    It 'and lines in one object are enumerated' {
        Set-Content TestDrive:/lines.txt -Value 'line 1', '', 'line 2'
        $tasks = Get-Content TestDrive:/lines.txt -ReadCount 0 | New-NanoBananaImage -AspectRatio 1:1 | Sort-Object InputIndex
        $tasks.Prompt | Should -Be 'line 1', 'line 2'
        $tasks.InputIndex | Should -Be 0, 2
    }
}

Describe 'A value that overrides a cell' {
    BeforeAll {
        . $PSScriptRoot/Shared.ps1
        . $PSScriptRoot/Sheets.ps1
        $script:Emulator = Connect-TestEmulator
        $script:Rows = 'Prompt,AspectRatio,Resolution', 'override 1,16:9,2K', 'override 2,16:9,2K' | ConvertFrom-Csv
    }
    AfterAll {
        $Emulator | Stop-NanoBananaEmulator
        Disconnect-NanoBanana
    }

    It 'is one warning for each run: from the command line' {
        $Rows | New-NanoBananaImage -AspectRatio 1:1 -WarningVariable warnings -WarningAction SilentlyContinue | Should -HaveCount 2
        $warnings | Should -HaveCount 1
        "$warnings" | Should -BeLike "*AspectRatio*'1:1'*command line*'16:9'*"
        "$warnings" | Should -Not -BeLike '*PSDefaultParameterValues*'
    }

    It 'is one warning for each run: from default values, by <_>' -ForEach 'New-NanoBananaImage:AspectRatio', 'New-Nano*:AspectRatio' {
        $PSDefaultParameterValues = @{ $_ = '1:1' }
        $Rows | New-NanoBananaImage -WarningVariable warnings -WarningAction SilentlyContinue | Should -HaveCount 2
        $warnings | Should -HaveCount 1
        "$warnings" | Should -BeLike '*PSDefaultParameterValues*'
    }

    It 'gives no warning if it is equal or the cell is blank' {
        'Prompt,AspectRatio', 'same,1:1', 'blank,' | ConvertFrom-Csv | New-NanoBananaImage -AspectRatio 1:1 -WarningVariable warnings |
            Should -HaveCount 2
        $warnings | Should -BeNullOrEmpty
    }
}

Describe 'A path as a prompt' {
    BeforeAll {
        . $PSScriptRoot/Shared.ps1
        . $PSScriptRoot/Sheets.ps1
        $script:Emulator = Connect-TestEmulator
        Set-Content TestDrive:/fox.txt -Value 'a red fox'
        Set-Content TestDrive:/fox.png -Value 'x'
        $script:Before = $Emulator.Counters.CreatesReceived
        Push-Location TestDrive:/
    }
    AfterAll {
        Pop-Location
        $Emulator | Stop-NanoBananaEmulator
        Disconnect-NanoBanana
    }

    It 'is refused with the parameters to use: <Case>' -ForEach @(
        @{ Case = 'its name'; Submit = { New-NanoBananaImage fox.txt -ErrorAction SilentlyContinue -ErrorVariable +failures } }
        @{ Case = 'a relative path'; Submit = { New-NanoBananaImage ./fox.png -ErrorAction SilentlyContinue -ErrorVariable +failures } }
        @{ Case = 'a full path'; Submit = { (Convert-Path fox.txt) |
            New-NanoBananaImage -ErrorAction SilentlyContinue -ErrorVariable +failures } }
        @{ Case = 'a path on a drive of PowerShell'; Submit = { 'TestDrive:/fox.txt' |
            New-NanoBananaImage -ErrorAction SilentlyContinue -ErrorVariable +failures } }
        @{ Case = 'a path in quotation marks'; Submit = { '"fox.txt"' |
            New-NanoBananaImage -ErrorAction SilentlyContinue -ErrorVariable +failures } }
        @{ Case = 'a name of Get-ChildItem -Name'; Submit = { Get-ChildItem -Name |
            New-NanoBananaImage -ErrorAction SilentlyContinue -ErrorVariable +failures } }
        @{ Case = 'a wildcard'; Submit = { New-NanoBananaImage *.txt -ErrorAction SilentlyContinue -ErrorVariable +failures } }
        @{ Case = 'a cell'; Submit = { [pscustomobject]@{ Prompt = 'fox.txt' } |
            New-NanoBananaImage -ErrorAction SilentlyContinue -ErrorVariable +failures } }
    ) {
        $failures = @()
        . $Submit | Should -BeNullOrEmpty
        $failures | Should -Not -BeNullOrEmpty
        $failures[0].FullyQualifiedErrorId | Should -Be 'InvalidRequest,NanoBanana.Commands.NewNanoBananaImageCommand'
        $failures[0].Exception.Message | Should -BeLike '*-PromptPath*-ImagePath*'
        $Emulator.Counters.CreatesReceived | Should -Be $Before
    }

    It 'is submitted if no such file exists: <_>' -ForEach 'owl.txt', 'Photo: a fox', 'C: a drive', 'what is this?', 'a fox/an owl', '*',
        'fox.txt in the sun' {
        $_ | New-NanoBananaImage | Should -HaveCount 1
    }
}

Describe '-WhatIf of a repeated run' {
    BeforeAll {
        . $PSScriptRoot/Shared.ps1
        $script:Journal = Use-TestJournal
        $script:Emulator = Connect-TestEmulator
        $script:Rows = 'Name,Prompt,AspectRatio,Resolution', 'fox,a red fox,16:9,1K', 'owl,a grey owl,1:1,1K', ',a pond,1:1,1K' |
            ConvertFrom-Csv
        $null = $Rows | New-NanoBananaImage -Batch again -Wait
    }
    AfterAll {
        $Emulator | Stop-NanoBananaEmulator
        Disconnect-NanoBanana
        Clear-TestJournal $Journal
    }

    It 'names the changed field: <Field>' -ForEach @(
        @{ Field = 'Resolution'; Row = 0; Change = { $args[0].Resolution = '2K' }; Reason = "Resolution was '1K' and is '2K'" }
        @{ Field = 'AspectRatio'; Row = 2; Change = { $args[0].AspectRatio = '' }; Reason = "AspectRatio was '1:1' and is not specified" }
        @{ Field = 'Prompt'; Row = 1; Change = { $args[0].Prompt = 'a grey owl.' }
            Reason = "Prompt was 'a grey owl' and is 'a grey owl.'" }
        @{ Field = 'an image'; Row = 0; Change = { $args[0] |
            Add-Member ImageUrl 'https://a.example/1.png' }; Reason = 'the number of input images was 0 and is 1' }
    ) {
        $changed = $Rows | ForEach-Object { $_.PSObject.Copy() }
        & $Change $changed[$Row]
        $text = Get-HostText { $changed | New-NanoBananaImage -Batch again -WhatIf }
        ($text -split "`n" | Where-Object { $_ -like '*"Buy 1 *' }) | Should -HaveCount 1
        $text | Should -BeLike "*again after task *: $Reason*"
        $text | Should -BeLike '*2 already in the batch*'
    }

    It 'reports nothing for a new row or an unchanged run' {
        $new = [pscustomobject]@{ Name = 'elk'; Prompt = 'an elk' }
        Get-HostText { $new | New-NanoBananaImage -Batch again -WhatIf } | Should -Not -BeLike '*again after*'
        Get-HostText { $Rows | New-NanoBananaImage -Batch again -WhatIf } | Should -Not -BeLike '*"Buy 1 *'
    }

    It 'names a failed task' {
        $null = 'fails [fail:5001095]' | New-NanoBananaImage -Batch failed -Wait -ErrorAction SilentlyContinue
        Get-HostText { 'fails [fail:5001095]' | New-NanoBananaImage -Batch failed -WhatIf } |
            Should -BeLike '*again after task *has failed*'
    }
}
