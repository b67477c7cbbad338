<#
Tasks and files that were exported and imported, reports of them, and the source object of a task.
#>
Describe 'Imported objects' {
    BeforeAll {
        . $PSScriptRoot/Shared.ps1
        $script:Emulator = Connect-TestEmulator
        # Without a journal, all values of a task come from the object.
        $env:NANOBANANA_JOURNAL = 'off'
        $script:Row = [pscustomobject]@{
            Prompt = 'an imported fox'; Name = 'fox 1'; AspectRatio = '16:9'; Resolution = '0.5K'; ResponseModality = 'Text', 'Image'
            ImageUrl = 'https://a.example/1.png', 'https://a.example/2.png'
        }
        $script:Task = 'an owl before it' , $Row | ForEach-Object { $_ } | New-NanoBananaImage -Wait -WarningAction SilentlyContinue |
            Where-Object Name -EQ 'fox 1'
        $script:File = $Task | Save-NanoBananaImage -Destination TestDrive:/first -WarningAction SilentlyContinue
        $script:Formats = @{
            Clixml        = { $Task | Export-Clixml TestDrive:/task.xml; Import-Clixml TestDrive:/task.xml }
            'Clixml file' = { $File | Export-Clixml TestDrive:/file.xml; Import-Clixml TestDrive:/file.xml }
            Csv           = { $Task | Export-Csv TestDrive:/task.csv; Import-Csv TestDrive:/task.csv }
            Json          = { $Task | ConvertTo-Json -Depth 5 | ConvertFrom-Json }
            'short Json'  = { $Task | ConvertTo-Json -WarningAction SilentlyContinue | ConvertFrom-Json }
            Select        = { $Task | Select-Object -Property * }
            Remoting      = {
                $text = [System.Management.Automation.PSSerializer]::Serialize($Task, 1)
                [System.Management.Automation.PSSerializer]::Deserialize($text)
            }
        }
    }
    BeforeEach {
        $script:Folder = Join-Path $TestDrive ([guid]::NewGuid())
    }
    AfterAll {
        $env:NANOBANANA_JOURNAL = $null
        $Emulator | Stop-NanoBananaEmulator
        Disconnect-NanoBanana
    }

    Context 'by <_>' -ForEach 'Clixml', 'Clixml file', 'Csv', 'Json', 'short Json', 'Select', 'Remoting' {
        It 'are saved with their names and numbers' {
            $saved = & $Formats[$_] |
                Save-NanoBananaImage -Destination $Folder -FileName '{index}-{name}-{aspect}' -WarningAction SilentlyContinue
            $saved.Name | Should -Be '1-fox 1-16x9.png'
            $saved.Task.Prompt | Should -Be 'an imported fox'
        }

        It 'are waited for and polled like the original' {
            foreach ($known in (& $Formats[$_] | Wait-NanoBananaTask -WarningAction SilentlyContinue), (& $Formats[$_] |
                Get-NanoBananaTask -WarningAction SilentlyContinue)) {
                $known | Should -BeOfType ([NanoBanana.ImageTask])
                foreach ($name in 'Id', 'Status', 'Prompt', 'Name', 'InputIndex', 'AspectRatio', 'Resolution', 'Endpoint', 'Protocol',
                    'Model', 'CreatedAt') {
                    $known.$name | Should -Be $Task.$name -Because $name
                }
                $known.ImageUrl | Should -Be $Task.ImageUrl
                $known.ResponseModality | Should -Be $Task.ResponseModality
            }
        }

        It 'are shown in a gallery' {
            $page = & $Formats[$_] | Export-NanoBananaGallery -Path "$Folder.html"
            Get-Content -LiteralPath $page -Raw | Should -BeLike '*an imported fox*'
        }

        It 'are polled only at their endpoint' {
            $other = Start-NanoBananaEmulator -TimeScale 0
            try {
                $there = $other | Connect-NanoBanana -PassThru
                & $Formats[$_] | Save-NanoBananaImage -Destination $Folder -Connection $there -ErrorVariable failures `
                    -ErrorAction SilentlyContinue -WarningAction SilentlyContinue
                $failures.FullyQualifiedErrorId | Should -Be 'InvalidRequest,NanoBanana.Commands.SaveNanoBananaImageCommand'
                $failures.Exception.Message | Should -BeLike '*belongs to*'
                $other.Counters.ConnectionsAccepted | Should -Be 0
            }
            finally {
                $other | Stop-NanoBananaEmulator
                $Emulator | Connect-NanoBanana
            }
        }
    }

    It 'can be piped to New-NanoBananaImage to make the image again: <_>' -ForEach 'Clixml', 'Csv', 'Json' {
        $again = & $Formats[$_] | New-NanoBananaImage -WarningAction SilentlyContinue
        $again.Id | Should -Not -Be $Task.Id
        $again.ImageUrl | Should -Be $Task.ImageUrl
        $again.ResponseModality | Should -Be $Task.ResponseModality
    }

    It 'have every property of a task after Export-Clixml' {
        # SavedTo contains the paths for File.
        $names = [NanoBanana.ImageTask].GetProperties().Name + 'SavedTo' | Sort-Object
        (& $Formats.Clixml).PSObject.Properties.Name | Sort-Object | Should -Be $names
    }
}

Describe 'A report' {
    BeforeAll {
        . $PSScriptRoot/Shared.ps1
        $script:Emulator = Connect-TestEmulator
        $script:Tasks = [pscustomobject]@{ Prompt = 'done'; ImageUrl = 'https://a.example/1.png', 'https://a.example/2.png';
            ResponseModality = 'Text', 'Image' },
        [pscustomobject]@{ Prompt = 'failed [fail:5001095]' } | New-NanoBananaImage -Wait -ErrorAction SilentlyContinue
        $script:Completed = $Tasks | Where-Object Prompt -EQ 'done'
    }
    AfterAll {
        $Emulator | Stop-NanoBananaEmulator
        Disconnect-NanoBanana
    }

    It 'of ConvertTo-Csv has addresses, seconds and texts' {
        $csv = $Tasks | ConvertTo-Csv
        $csv | Should -Not -Match 'System\.|NanoBanana\.|`1'
        $row = $Completed | ConvertTo-Csv | ConvertFrom-Csv
        $row.Image | Should -Be "$($Completed.Image[0].Url)"
        $row.ImageUrl | Should -Be 'https://a.example/1.png; https://a.example/2.png'
        $row.ResponseModality | Should -Be 'Text; Image'
        $row.Status, $row.Protocol | Should -Be 'Completed', 'Generation'
        [double]$row.ElapsedSeconds | Should -Be $Completed.Elapsed.TotalSeconds.ToString('0.#')
        ($Tasks | Where-Object Status -EQ Failed | ConvertTo-Csv | ConvertFrom-Csv).Error | Should -BeLike '005001095 *'
    }

    It 'of ConvertTo-Json has addresses, seconds and texts' {
        $json = $Completed | ConvertTo-Json -Depth 3
        $json | Should -Not -Match 'System\.|NanoBanana\.'
        $read = $json | ConvertFrom-Json
        $read.Image[0].Url | Should -Be "$($Completed.Image[0].Url)"
        $read.Status, $read.Protocol | Should -Be 'Completed', 'Generation'
        $read.ElapsedSeconds | Should -Be $Completed.ElapsedSeconds
        $read.Endpoint | Should -Be "$($Emulator.Endpoint)"
    }

    It 'of files has paths, sizes and ids' {
        $file = $Completed | Save-NanoBananaImage -Destination TestDrive:/report
        $row = $file | Select-Object -Property FullName, PixelSize, Task | ConvertTo-Csv | ConvertFrom-Csv
        $row.FullName, $row.PixelSize, $row.Task | Should -Be $file.FullName, '1024x1024', $Completed.Id
    }
}

Describe 'The source object of a task' {
    BeforeAll {
        . $PSScriptRoot/Shared.ps1
        $script:Journal = Use-TestJournal
        $script:Emulator = Connect-TestEmulator
        $script:Rows = 1..12 | ForEach-Object { [pscustomobject]@{ Sku = "S-$_"; Prompt = "row $_"; Name = "n$_" } }
    }
    AfterAll {
        $Emulator | Stop-NanoBananaEmulator
        Disconnect-NanoBanana
        Clear-TestJournal $Journal
    }

    It 'is available after all commands' {
        $files = $Rows | New-NanoBananaImage | Wait-NanoBananaTask | Save-NanoBananaImage -Destination TestDrive:/rows
        $files | Should -HaveCount 12
        $files | ForEach-Object { $_.Task.Source.Sku | Should -Be ($_.Task.Name -replace 'n', 'S-') }
    }

    It 'is the row of the current run of a batch' {
        $null = $Rows | New-NanoBananaImage -Batch again -Wait
        $now = $Rows | Select-Object -Property *, @{ Name = 'Run'; Expression = { 2 } }
        $now | New-NanoBananaImage -Batch again -Wait | ForEach-Object { $_.Source.Run, $_.Source.Name | Should -Be 2, $_.Name }
    }

    It 'is the line, the argument, or the path' {
        ('a line' | New-NanoBananaImage).Source | Should -Be 'a line'
        (New-NanoBananaImage 'an argument').Source | Should -Be 'an argument'
        Set-Content TestDrive:/source.txt -Value 'a file'
        (Get-Item TestDrive:/source.txt | New-NanoBananaImage).Source.Name | Should -Be 'source.txt'
    }

    It 'is not part of the journal, of exports or of the list of properties' {
        $task = $Rows[0] | New-NanoBananaImage -Wait
        (Get-NanoBananaTask | Where-Object Id -EQ $task.Id).Source | Should -BeNullOrEmpty
        $task | ConvertTo-Json -Depth 4 | Should -Not -BeLike '*Sku*'
        $task | ConvertTo-Csv | Should -Not -Match 'Source'
        [System.Management.Automation.PSSerializer]::Serialize($task, 3) | Should -Not -BeLike '*Sku*'
        ($task | Select-Object -Property *).PSObject.Properties.Name | Should -Not -Contain 'Source'
    }

    It 'is documented in the help' {
        (Get-Help New-NanoBananaImage -Full | Out-String) | Should -BeLike '*PipelineVariable*Source*'
    }
}
