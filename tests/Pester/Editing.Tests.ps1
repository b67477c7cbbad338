<#
Input images: typical first attempts to edit an image, to combine several, to make variations, or to make one again.
#>
Describe 'Editing' {
    BeforeAll {
        . $PSScriptRoot/Shared.ps1
        $script:Journal = Use-TestJournal
        $script:Emulator = Connect-TestEmulator
        $script:Invalid = 'InvalidRequest,NanoBanana.Commands.NewNanoBananaImageCommand'
        $script:Folder = Join-Path $TestDrive 'in'
        $null = New-Item -ItemType Directory $Folder
        Push-Location $Folder
        $script:Saved = 'a red fox' | New-NanoBananaImage -Name fox -AspectRatio 16:9 | Save-NanoBananaImage -FileName '{name}'
        $script:Owl = 'an owl' | New-NanoBananaImage -Resolution 0.5K | Save-NanoBananaImage -FileName 'owl[1]'
        Set-Content note.txt 'a text'
        $null = 'a moth' | New-NanoBananaImage -Name 'not saved' -Wait
        # The bytes that the service received with its newest request, as hashes.
        function Get-Sent {
            $newest = $Emulator.Tasks | Sort-Object AcceptedAt | Select-Object -Last 1
            @($newest.Parameters | ConvertFrom-Json | ForEach-Object image_urls | ForEach-Object {
                if ($_ -like 'data:*') {
                    $bytes = [convert]::FromBase64String($_.Split(',')[1])
                    (Get-FileHash -InputStream ([System.IO.MemoryStream]::new($bytes))).Hash
                }
                else { $_ }
            })
        }
        $script:Fox = (Get-FileHash fox.png).Hash
        $script:OwlHash = (Get-FileHash -LiteralPath 'owl[1].png').Hash
    }
    AfterAll {
        Pop-Location
        $Emulator | Stop-NanoBananaEmulator
        Disconnect-NanoBanana
        Clear-TestJournal $Journal
    }
    BeforeEach {
        $script:Before = $Emulator.Counters.CreatesReceived
    }

    Context 'Input images' {
        It 'edits the image: <Name>' -ForEach @(
            @{ Name = 'files of Get-ChildItem'; Try = { Get-ChildItem fox.png | New-NanoBananaImage 'add a hat' } }
            @{ Name = 'files, with -Prompt by name'; Try = { Get-ChildItem fox.png | New-NanoBananaImage -Prompt 'add a hat' } }
            @{ Name = 'a saved image'; Try = { $Saved | New-NanoBananaImage -Prompt 'add a hat' } }
            @{ Name = 'a saved image that was exported';
                Try = { $Saved | Export-Clixml s.xml; Import-Clixml s.xml | New-NanoBananaImage 'add a hat' } }
            @{ Name = '-ImagePath with a file'; Try = { New-NanoBananaImage 'add a hat' -ImagePath (Get-Item fox.png) } }
            @{ Name = '-ImagePath with a wildcard'; Try = { New-NanoBananaImage 'add a hat' -ImagePath f*.png } }
            @{ Name = '-ImagePath with a saved image'; Try = { New-NanoBananaImage 'add a hat' -ImagePath $Saved } }
            @{ Name = '-ImagePath with a script block';
                Try = { Get-ChildItem fox.png | New-NanoBananaImage 'add a hat' -ImagePath { $_.FullName } } }
            @{ Name = '-ImagePath with a path of Resolve-Path';
                Try = { New-NanoBananaImage 'add a hat' -ImagePath (Resolve-Path fox.png) } }
            @{ Name = 'a row with a column ImagePath';
                Try = { [pscustomobject]@{ Prompt = 'add a hat'; ImagePath = 'fox.png' } | New-NanoBananaImage } }
            @{ Name = 'a row with a file';
                Try = { [pscustomobject]@{ Prompt = 'add a hat'; ImagePath = Get-Item fox.png } | New-NanoBananaImage } }
            @{ Name = 'a row without a prompt'; Try = { [pscustomobject]@{ ImagePath = 'fox.png' } | New-NanoBananaImage 'add a hat' } }
            @{ Name = 'names of Get-ChildItem -Name'; Try = { Get-ChildItem fox.png -Name | New-NanoBananaImage 'add a hat' } }
            @{ Name = 'a prompt made from the file'; Try = { Get-ChildItem fox.png | New-NanoBananaImage -Prompt { "add a hat" } } }
            @{ Name = 'rows that come as one list';
                Try = { , @([pscustomobject]@{ ImagePath = 'fox.png' }) | New-NanoBananaImage 'add a hat' } }
        ) {
            $task = & $Try
            $task.Prompt | Should -Be 'add a hat'
            $task.ImagePath | Should -Be $Saved.FullName
            $task.Name, $task.AspectRatio, $task.Batch | Should -Be $null, $null, $null
            Get-Sent | Should -Be $Fox
            $Emulator.Counters.CreatesReceived - $Before | Should -Be 1
        }

        It 'accepts brackets in a name literally: <Name>' -ForEach @(
            @{ Name = 'a file'; Try = { Get-Item -LiteralPath 'owl[1].png' | New-NanoBananaImage x } }
            @{ Name = '-ImagePath with a file'; Try = { New-NanoBananaImage x -ImagePath (Get-Item -LiteralPath 'owl[1].png') } }
            @{ Name = '-ImagePath with text'; Try = { New-NanoBananaImage x -ImagePath 'owl[1].png' } }
            @{ Name = 'a saved image'; Try = { $Owl | New-NanoBananaImage x } }
        ) {
            (& $Try).ImagePath | Should -Be $Owl.FullName
            Get-Sent | Should -Be $OwlHash
        }

        It 'edits the file of a completed task: <Name>' -ForEach @(
            @{ Name = 'piped'; Try = { $Saved.Task | New-NanoBananaImage 'at night' } }
            @{ Name = 'of the journal'; Try = { Get-NanoBananaTask fox | Select-Object -Last 1 | New-NanoBananaImage 'at night' } }
            @{ Name = '-ImagePath'; Try = { New-NanoBananaImage 'at night' -ImagePath $Saved.Task } }
        ) {
            $task = & $Try
            $task.Prompt, $task.AspectRatio, $task.Name | Should -Be 'at night', $null, $null
            $task.ImagePath | Should -Be $Saved.FullName
        }

        It 'edits the image of an unsaved completed task by its address' {
            $bare = 'a bear' | New-NanoBananaImage -Wait
            $null = $bare | New-NanoBananaImage 'at night'
            Get-Sent | Should -Be $bare.Image[0].Url.AbsoluteUri
        }

        It 'accepts the address of the image of a completed task: <Name>' -ForEach @(
            @{ Name = '-ImageUrl'; Try = { New-NanoBananaImage 'at night' -ImageUrl $Saved.Task } }
            @{ Name = '-ImageUrl with its images'; Try = { New-NanoBananaImage 'at night' -ImageUrl $Saved.Task.Image } }
            @{ Name = '-ImageUrl with an address'; Try = { New-NanoBananaImage 'at night' -ImageUrl $Saved.Task.Image[0].Url } }
        ) {
            $task = & $Try
            $task.Prompt, $task.AspectRatio, $task.Name | Should -Be 'at night', $null, $null
            Get-Sent | Should -Be $Saved.Task.Image[0].Url.AbsoluteUri
        }

        It 'sends a request for each piped file' {
            $tasks = Get-ChildItem *.png | New-NanoBananaImage 'add a hat' | Sort-Object InputIndex
            $tasks.ImagePath | Should -Be $Saved.FullName, $Owl.FullName
            $tasks.InputIndex | Should -Be 0, 1
        }

        It 'combines up to three images in one request' {
            $task = New-NanoBananaImage 'both' -ImagePath *.png -ImageUrl 'https://example.invalid/a.png'
            $task.ImagePath | Should -Be $Saved.FullName, $Owl.FullName
            Get-Sent | Should -Be 'https://example.invalid/a.png', $Fox, $OwlHash
        }

        It 'sends an image of the command line after the piped image' {
            $null = Get-Item fox.png | New-NanoBananaImage 'in the style of the second' -ImagePath 'owl[1].png'
            Get-Sent | Should -Be $Fox, $OwlHash
        }

        It 'skips a blank line' {
            'fox.png', '' | New-NanoBananaImage x | Should -HaveCount 1
        }

        It 'sends a request for each combination of prompt and file' {
            Get-Item fox.png | New-NanoBananaImage 'a hat', 'a scarf' | ForEach-Object Prompt | Sort-Object | Should -Be 'a hat', 'a scarf'
        }

        It 'accepts rows with other columns together with one prompt' {
            $tasks = [pscustomobject]@{ AspectRatio = '1:1' }, [pscustomobject]@{ AspectRatio = '16:9' } | New-NanoBananaImage 'a kite'
            $tasks.Prompt | Should -Be 'a kite', 'a kite'
            $tasks.AspectRatio | Sort-Object | Should -Be '1:1', '16:9'
        }

        It 'retries a failed task with another prompt' {
            $failed = 'an elk [fail:5001095]' | New-NanoBananaImage -Name elk -AspectRatio 3:2 -Wait -ErrorAction SilentlyContinue
            $task = $failed | New-NanoBananaImage 'an elk'
            $task.Prompt, $task.Name, $task.AspectRatio | Should -Be 'an elk', 'elk', '3:2'
        }
    }

    Context 'Invalid input sends nothing and is reported with advice' {
        It '<Name>' -ForEach @(
            @{ Name = 'an address in -ImagePath'; Word = '*-ImageUrl*'
                Try = { New-NanoBananaImage x -ImagePath https://example.invalid/a.png } }
            @{ Name = 'a path in -ImageUrl'; Try = { New-NanoBananaImage x -ImageUrl fox.png }; Word = '*-ImagePath*' }
            @{ Name = 'an image as a prompt file'; Word = "*is an image*-ImagePath '*fox.png'*"
                Try = { New-NanoBananaImage -PromptPath fox.png } }
            @{ Name = 'images without a prompt'; Word = "*is an image*New-NanoBananaImage 'add a hat'*"
                Try = { Get-Item fox.png | New-NanoBananaImage } }
            @{ Name = 'a variable without a value in -ImagePath'; Word = '*-ImagePath has no value*'
                Try = { New-NanoBananaImage x -ImagePath $null } }
            @{ Name = 'a variable without a value in -ImageUrl'; Word = '*-ImageUrl has no value*'
                Try = { New-NanoBananaImage x -ImageUrl $null } }
            @{ Name = 'files that a filter has not found'; Word = '*-ImagePath has no value*'
                Try = { New-NanoBananaImage x -ImagePath @(Get-ChildItem *.tif) } }
            @{ Name = 'a script block without a value'; Word = '*ImagePath*'
                Try = { [pscustomobject]@{ Photo = $null; Name = 'n' } | New-NanoBananaImage x -ImagePath { $_.Photo } } }
            @{ Name = 'a saved image that was removed'; Word = '*The file*no longer exists*'
                Try = {
                    $gone = 'gone' | New-NanoBananaImage | Save-NanoBananaImage
                    $gone | Remove-Item
                    $script:Before++
                    $gone | New-NanoBananaImage x } }
            @{ Name = 'more than three images'; Word = '*has 4 images*at most 3*request for each image*'
                Try = { New-NanoBananaImage x -ImagePath fox.png, fox.png, fox.png, fox.png } }
            @{ Name = 'four with the piped one'; Word = '*4 images*'
                Try = { Get-Item fox.png | New-NanoBananaImage x -ImagePath 'owl[1].png', 'owl[1].png', 'owl[1].png' } }
            @{ Name = 'a text file'; Try = { New-NanoBananaImage x -ImagePath note.txt }; Word = '*is not an image*' }
            @{ Name = 'a piped text file'; Word = '*is not an image*omit -Prompt*'
                Try = { Get-Item note.txt | New-NanoBananaImage x } }
            @{ Name = 'a folder'; Try = { New-NanoBananaImage x -ImagePath . }; Word = '*is a folder*Get-ChildItem*' }
            @{ Name = 'a piped folder'; Try = { Get-Item . | New-NanoBananaImage x }; Word = '*is a folder*Get-ChildItem*' }
            @{ Name = 'no such file'; Try = { New-NanoBananaImage x -ImagePath none.png }; Word = '*none.png*' }
            @{ Name = 'a wildcard that finds nothing'; Try = { New-NanoBananaImage x -ImagePath none*.png }; Word = '*none*' }
            @{ Name = 'lines beside -Prompt'; Word = '*is not the path of an image*'
                Try = { 'one', 'two' | New-NanoBananaImage x } }
            @{ Name = 'a row with its own prompt'; Word = '*its own prompt*'
                Try = { [pscustomobject]@{ Prompt = 'mine' } | New-NanoBananaImage x } }
            @{ Name = 'a running task'; Word = '*not completed*'
                Try = {
                    [pscustomobject]@{ Id = 'x'; RawStatus = ''; Status = 'Running'; Image = @() } |
                        ForEach-Object { New-NanoBananaImage x -ImageUrl $_ } } }
            @{ Name = 'a file in -ImageUrl'; Try = { New-NanoBananaImage x -ImageUrl (Get-Item fox.png) }; Word = '*-ImagePath*' }
            @{ Name = 'a task without a file in -ImagePath'; Word = '*without a saved image*-ImageUrl*'
                Try = { New-NanoBananaImage x -ImagePath (Get-NanoBananaTask 'not saved') } }
            @{ Name = 'an object that is nothing of that'; Try = { Get-Date | New-NanoBananaImage x }; Word = '*Its properties:*' }
        ) {
            $failures = $null
            $caught = try { & $Try -ErrorVariable +failures 2>&1 } catch { $_ }
            $shown = @($caught) + @($failures) | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] } | Select-Object -First 1
            "$shown" | Should -BeLike $Word
            $Emulator.Counters.CreatesReceived | Should -Be $Before
        }

        It 'does not stop the other images' {
            $tasks = Get-ChildItem | New-NanoBananaImage 'add a hat' -ErrorVariable failures -ErrorAction SilentlyContinue
            $tasks | Should -HaveCount 2
            $failures.FullyQualifiedErrorId | Select-Object -Unique | Should -Be $Invalid
            $failures[0].TargetObject | Should -BeOfType System.IO.FileInfo
        }
    }

    Context 'Variations' {
        It 'are separate requests: <Name>' -ForEach @(
            @{ Name = '-Count'; Arguments = @{ Count = 3 }; Variations = $null, '2', '3' }
            @{ Name = '-n'; Arguments = @{ n = 2 }; Variations = $null, '2' }
            @{ Name = 'ratios'; Arguments = @{ AspectRatio = '1:1', '16:9' }; Variations = '16x9', '1x1' }
            @{ Name = 'resolutions'; Arguments = @{ Resolution = '0.5K', '1k' }; Variations = '0.5K', '1k' }
            @{ Name = 'all of them'; Arguments = @{ Count = 2; AspectRatio = '1:1', '16:9'; Resolution = '0.5K', '1K' }
                Variations = '16x9-0.5K', '16x9-0.5K-2', '16x9-1K', '16x9-1K-2', '1x1-0.5K', '1x1-0.5K-2', '1x1-1K', '1x1-1K-2' }
            @{ Name = 'one value given twice'; Arguments = @{ AspectRatio = '1:1', '1:1' }; Variations = , $null }
        ) {
            $tasks = New-NanoBananaImage 'a logo' @Arguments
            @($tasks.Variation | Sort-Object) | Should -Be @($Variations | Sort-Object)
            $tasks.InputIndex | Select-Object -Unique | Should -Be 0
            $Emulator.Counters.CreatesReceived - $Before | Should -Be @($Variations).Count
        }

        It 'multiply for each input and are counted by -WhatIf' {
            $text = Get-HostText { 'a', 'b' | New-NanoBananaImage -Count 2 -AspectRatio 1:1, 16:9 -WhatIf }
            "$text" | Should -BeLike '*In total: buy 8 *'
            'a', 'b' | New-NanoBananaImage -Count 2 -AspectRatio 1:1, 16:9 | Should -HaveCount 8
        }

        It 'get unique file names: <_>' -ForEach '{name}', '{name}-{variation}', '{name}{next}', '{index}', '{name}-{id}' {
            $files = New-NanoBananaImage 'a logo' -Name logo -Count 3 -AspectRatio 1:1, 16:9 |
                Save-NanoBananaImage -Destination "v-$([guid]::NewGuid())" -FileName $_ -ErrorVariable failures
            $failures | Should -BeNullOrEmpty
            $files.FullName | Sort-Object -Unique | Should -HaveCount 6
        }

        It 'of a batch are submitted once, and a larger -Count submits only the new ones' {
            $first = New-NanoBananaImage 'a crest' -Name crest -Batch crests -Count 2
            $again = New-NanoBananaImage 'a crest' -Name crest -Batch crests -Count 4
            $Emulator.Counters.CreatesReceived - $Before | Should -Be 4
            $first.Id | ForEach-Object { $again.Id | Should -Contain $_ }
            (Get-NanoBananaBatch crests).Total | Should -Be 4
            (Get-NanoBananaBatch crests).Superseded | Should -Be 0
        }

        It 'are submitted in addition to an image that the batch already has' {
            $one = New-NanoBananaImage 'a seal' -Name seal -Batch seals -AspectRatio 1:1
            $all = New-NanoBananaImage 'a seal' -Name seal -Batch seals -AspectRatio 16:9, 1:1
            $all.Id | Should -Contain $one.Id
            $Emulator.Counters.CreatesReceived - $Before | Should -Be 2
            (Get-NanoBananaBatch seals).Superseded | Should -Be 0
        }

        It 'of a batch are superseded one by one if the prompt changes, and replace their own files' {
            $old = New-NanoBananaImage 'an arch' -Name arch -Batch arches -Count 2 |
                Save-NanoBananaImage -Destination arches -FileName '{name}'
            $new = New-NanoBananaImage 'a red arch' -Name arch -Batch arches -Count 2 |
                Save-NanoBananaImage -Destination arches -FileName '{name}' -ErrorVariable failures
            $failures | Should -BeNullOrEmpty
            $new.Name | Sort-Object | Should -Be ($old.Name | Sort-Object)
            (Get-ChildItem arches).Name | Should -Be 'arch-2.png', 'arch.png'
            $batch = Get-NanoBananaBatch arches
            $batch.Total, $batch.Superseded | Should -Be 2, 2
        }

        It 'that failed are retried with their variation' {
            $tasks = New-NanoBananaImage 'a tower' -Name tower -Batch towers -Count 3 -Wait
            # This simulates a failed task: no entry has its key.
            $second = $tasks | Where-Object Variation -EQ 2
            $second | Remove-NanoBananaTask -Force
            $failed = $second | Select-Object *
            $failed.Status = 'Failed'; $failed.Image = @()
            $again = $failed | New-NanoBananaImage
            $again.Variation, $again.Batch | Should -Be '2', 'towers'
            $Emulator.Counters.CreatesReceived - $Before | Should -Be 4
            (Get-NanoBananaBatch towers).Superseded | Should -Be 0
        }

        It 'cannot be set by a row: <Name>' -ForEach @(
            @{ Name = 'a list of ratios'; Row = [pscustomobject]@{ Prompt = 'x'; AspectRatio = '1:1', '16:9' } }
            @{ Name = 'a list of resolutions'; Row = [pscustomobject]@{ Prompt = 'x'; Resolution = '1K', '2K' } }
        ) {
            $Row | New-NanoBananaImage -ErrorVariable failures -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
            "$failures" | Should -BeLike '*each object makes one image*'
            $Emulator.Counters.CreatesReceived | Should -Be $Before
        }

        It 'cannot be set by a column Count' {
            [pscustomobject]@{ Prompt = 'x'; Count = 50 } | New-NanoBananaImage | Should -HaveCount 1
        }

        It 'cannot be saved to one file' {
            { New-NanoBananaImage x -Count 2 -OutFile one.png -ErrorAction Stop } | Should -Throw -ErrorId $Invalid
            $Emulator.Counters.CreatesReceived | Should -Be $Before
        }

        It 'are limited to 1 to 100, and -n does not mean -Name: <_>' -ForEach 0, 101, 'fox' {
            { New-NanoBananaImage x -n $_ } | Should -Throw
            $Emulator.Counters.CreatesReceived | Should -Be $Before
        }
    }

    Context 'Repeated requests' {
        It 'are new submissions with overridden values: <Name>' -ForEach @(
            @{ Name = 'a saved image'; Try = { $Saved | New-NanoBananaImage -AspectRatio 9:16 } }
            @{ Name = 'its task'; Try = { $Saved.Task | New-NanoBananaImage -AspectRatio 9:16 } }
            @{ Name = 'a task of the journal';
                Try = { Get-NanoBananaTask -Name fox | Select-Object -Last 1 | New-NanoBananaImage -AspectRatio 9:16 } }
        ) {
            $task = & $Try
            $task.Prompt, $task.Name, $task.AspectRatio, $task.Batch | Should -Be 'a red fox', 'fox', '9:16', $null
            Get-Sent | Should -BeNullOrEmpty
            $Emulator.Counters.CreatesReceived - $Before | Should -Be 1
        }

        It 'do not use the batch of a saved image unless it is given' {
            $file = 'a boat' | New-NanoBananaImage -Batch boats | Save-NanoBananaImage -Destination boats
            ($file | New-NanoBananaImage).Batch | Should -BeNullOrEmpty
            ($file | New-NanoBananaImage -Batch more).Batch | Should -Be 'more'
        }

        It 'do not pass the values of one image to the next input' {
            $tasks = $Saved, 'an oak' | New-NanoBananaImage | Sort-Object InputIndex
            $tasks[1].Prompt, $tasks[1].Name, $tasks[1].AspectRatio | Should -Be 'an oak', $null, $null
        }

        It 'send the input images of an edit again: <Name>' -ForEach @(
            @{ Name = 'a saved image'; Try = { $Hat | New-NanoBananaImage -Resolution 2K } }
            @{ Name = 'a task of the journal'; Try = {
                    Get-NanoBananaTask -Id $Hat.Task.Id | Out-Null
                    Get-NanoBananaTask | Where-Object Id -EQ $Hat.Task.Id | New-NanoBananaImage -Resolution 2K } }
            @{ Name = 'a task that was exported';
                Try = { $Hat.Task | Export-Clixml t.xml; Import-Clixml t.xml | New-NanoBananaImage -Resolution 2K } }
            @{ Name = 'its metadata'; Try = {
                    Get-Content "$($Hat.DirectoryName)/$($Hat.BaseName).json" -Raw | ConvertFrom-Json |
                        New-NanoBananaImage -Resolution 2K } }
        ) {
            $script:Hat = Get-Item fox.png | New-NanoBananaImage 'add a hat' |
                Save-NanoBananaImage -Destination "h-$([guid]::NewGuid())" -Metadata
            $task = & $Try
            $task.Prompt, $task.Resolution | Should -Be 'add a hat', '2K'
            $task.ImagePath | Should -Be $Saved.FullName
            Get-Sent | Should -Be $Fox
        }

        It 'of an edit report a changed input image and send nothing' {
            Copy-Item fox.png changing.png
            $null = New-NanoBananaImage 'add a hat' -ImagePath changing.png -Name changing -Wait
            Copy-Item -LiteralPath 'owl[1].png' changing.png -Force
            $script:Before = $Emulator.Counters.CreatesReceived
            Get-NanoBananaTask -Name changing | New-NanoBananaImage -ErrorVariable failures -ErrorAction SilentlyContinue
            "$failures" | Should -BeLike '*has changed since*-ImagePath*'
            Get-NanoBananaTask -Name changing | New-NanoBananaImage -ImagePath changing.png -ErrorAction SilentlyContinue | Out-Null
            Remove-Item changing.png
            Get-NanoBananaTask -Name changing | Select-Object -First 1 |
                New-NanoBananaImage -ErrorVariable failures -ErrorAction SilentlyContinue
            $failures.FullyQualifiedErrorId | Should -Be $Invalid
        }
    }

    Context 'File names' {
        It 'of edited images follow their source: <Template>' -ForEach @(
            @{ Template = '{source}'; Expected = 'fox.png' }
            @{ Template = '{source}-hat'; Expected = 'fox-hat.png' }
            @{ Template = '{name}'; Expected = 'fox.png' }
        ) {
            $file = Get-Item fox.png | New-NanoBananaImage 'add a hat' |
                Save-NanoBananaImage -Destination "n-$([guid]::NewGuid())" -FileName $Template
            $file.Name | Should -Be $Expected
        }

        It 'do not grow with each edit' {
            $one = 'a cat' | New-NanoBananaImage | Save-NanoBananaImage
            $two = $one | New-NanoBananaImage 'at night' | Save-NanoBananaImage
            $three = $two | New-NanoBananaImage 'with a moon' | Save-NanoBananaImage
            $three.Name | Should -Be "a-cat-$($three.Task.Id).png"
        }

        It 'use the next free number if the template asks for one' {
            $names = 1..3 | ForEach-Object {
                'a dog' | New-NanoBananaImage | Save-NanoBananaImage -Destination next -FileName 'dog{next}' | ForEach-Object Name
            }
            $names | Should -Be 'dog.png', 'dog-2.png', 'dog-3.png'
            $names = 'one', 'two' | New-NanoBananaImage | Save-NanoBananaImage -Destination next -FileName 'dog{next:000}' |
                ForEach-Object Name
            $names | Sort-Object | Should -Be 'dog001.png', 'dog002.png'
            # A file that another task did not write is kept.
            Set-Content next/cat.png mine
            ('a cat' | New-NanoBananaImage | Save-NanoBananaImage -Destination next -FileName 'cat{next}').Name | Should -Be 'cat-2.png'
            Get-Content next/cat.png | Should -Be 'mine'
        }

        It 'are kept if the same task is saved again' {
            $file = 'a hen' | New-NanoBananaImage | Save-NanoBananaImage -Destination again -FileName 'hen{next}'
            ($file.Task | Save-NanoBananaImage -Destination again -FileName 'hen{next}').FullName | Should -Be $file.FullName
            Get-ChildItem again | Should -HaveCount 1
        }
    }
}
