Describe 'Save-NanoBananaImage' {
    BeforeAll {
        . $PSScriptRoot/Shared.ps1
        $script:Emulator = Connect-TestEmulator
        $script:Failed = 'TaskFailed,NanoBanana.Commands.SaveNanoBananaImageCommand'
        $script:Exists = 'FileExists,NanoBanana.Commands.SaveNanoBananaImageCommand'

        function Get-Task([string[]] $Prompt) {
            $Prompt | New-NanoBananaImage -Resolution 0.5K -AspectRatio 1:1 -ErrorAction Stop
        }
    }
    BeforeEach {
        $script:Folder = Join-Path $TestDrive ([guid]::NewGuid())
    }
    AfterAll {
        $Emulator | Stop-NanoBananaEmulator
        Disconnect-NanoBanana
    }

    Context 'output' {
        It 'is a FileInfo with its task' {
            $file = Get-Task 'known' | Wait-NanoBananaTask | Save-NanoBananaImage -Destination $Folder
            $file | Should -BeOfType ([System.IO.FileInfo])
            $file.Task | Should -BeOfType ([NanoBanana.ImageTask])
            $file.Task.Prompt | Should -Be 'known'
            Get-PngSize $file.FullName | Should -Be '512x512'
        }

        It 'is each image, and the folder has no other files' {
            $files = Get-Task (1..8 | ForEach-Object { "many $_" }) | Save-NanoBananaImage -Destination $Folder
            $files | Should -HaveCount 8
            Get-ChildItem -LiteralPath $Folder -Force | Should -HaveCount 8
        }
    }

    It 'waits for tasks that have not ended' {
        $file = Get-Task 'not done [status:queued]' | Save-NanoBananaImage -Destination $Folder
        $file.Task.Status | Should -Be 'Completed'
    }

    It 'accepts ids, from the pipeline and by property name' {
        $ids = (Get-Task 'id 1', 'id 2', 'id 3').Id
        Save-NanoBananaImage -Id $ids[0] -Destination $Folder | Should -HaveCount 1
        $ids[1] | Save-NanoBananaImage -Destination $Folder | Should -HaveCount 1
        [pscustomobject]@{ Id = $ids[2] } | Save-NanoBananaImage -Destination $Folder | Should -HaveCount 1
    }

    It 'sends no key to the host of the images' {
        $null = Get-Task 'no key' | Save-NanoBananaImage -Destination $Folder
        $Emulator.Counters.Downloads | Should -BeGreaterThan 0
        $Emulator.Counters.DownloadsWithAuthorization | Should -Be 0
    }

    Context 'destination' {
        It 'is the current location without -Destination' {
            $null = New-Item -ItemType Directory -Path $Folder
            Push-Location -LiteralPath $Folder
            try {
                (Get-Task 'here' | Save-NanoBananaImage).DirectoryName | Should -Be $Folder
                (Get-Task 'below' | Save-NanoBananaImage -Destination below).DirectoryName | Should -Be (Join-Path $Folder below)
            }
            finally {
                Pop-Location
            }
        }

        It 'is the first positional parameter' {
            (Get-Task 'by position' | Save-NanoBananaImage $Folder).DirectoryName | Should -Be $Folder
        }

        It 'can be on a PowerShell drive' {
            $null = New-Item -ItemType Directory -Path $Folder
            $null = New-PSDrive -Name Images -PSProvider FileSystem -Root $Folder
            try {
                (Get-Task 'on a drive' | Save-NanoBananaImage -Destination 'Images:/new').DirectoryName | Should -Be (Join-Path $Folder new)
            }
            finally {
                Remove-PSDrive -Name Images
            }
        }

        It 'can have a name with wildcard characters' {
            (Get-Task 'brackets' | Save-NanoBananaImage -Destination "$Folder/[a]").Directory.Name | Should -Be '[a]'
        }

        It 'cannot be a file' {
            $null = New-Item -ItemType Directory -Path $Folder
            Set-Content -LiteralPath "$Folder/file" -Value 'mine'
            $before = $Emulator.Counters.Polls
            { Get-Task 'never a file' | Save-NanoBananaImage -Destination "$Folder/file" } |
                Should -Throw -ErrorId 'InvalidRequest,NanoBanana.Commands.SaveNanoBananaImageCommand'
            $Emulator.CountByPrompt().ContainsKey('never a file') | Should -BeFalse
            $Emulator.Counters.Polls | Should -Be $before
        }

        It 'cannot be <_>' -ForEach 'Env:images', 'NoSuchDrive:/images' {
            { Save-NanoBananaImage -Id 'x' -Destination $_ } |
                Should -Throw -ErrorId 'InvalidRequest,NanoBanana.Commands.SaveNanoBananaImageCommand'
        }
    }

    Context 'file name' {
        It 'contains prompt and id by default' {
            $file = Get-Task 'A Red Fox, in snow!' | Save-NanoBananaImage -Destination $Folder
            $file.Name | Should -Be "a-red-fox-in-snow-$($file.Task.Id).png"
        }

        It 'contains the name of the row instead of the prompt' {
            $row = [pscustomobject]@{ prompt = 'a fox'; name = 'Hero shot' }
            $file = $row | New-NanoBananaImage | Save-NanoBananaImage -Destination $Folder
            $file.Name | Should -BeLike 'Hero shot-*.png'
        }

        It 'follows -FileName' {
            $file = Get-Task 'zero', 'one' | Save-NanoBananaImage -Destination $Folder -FileName '{aspect}/{index:000}-{name}'
            $file.Name | Sort-Object | Should -Be '000-zero.png', '001-one.png'
            $file.Directory.Name | Sort-Object -Unique | Should -Be '1x1'
        }

        It 'stays in the folder: <_>' -ForEach '../../etc/passwd', 'C:\Windows\x', '/root', 'con', '..' {
            $file = [pscustomobject]@{ prompt = 'escape'; name = $_ } | New-NanoBananaImage |
                Save-NanoBananaImage -Destination $Folder -FileName '{name}'
            $file.DirectoryName | Should -Be $Folder
        }

        It 'is refused if the template <Case>' -ForEach @(
            @{ Case = 'has an unknown field'; Template = '{tint}' }
            @{ Case = 'leaves the folder'; Template = '../{name}' }
            @{ Case = 'lacks a brace'; Template = '{name' }
            @{ Case = 'has an invalid format'; Template = '{index:Q}' }
        ) {
            { Save-NanoBananaImage -Id 'x' -Destination $Folder -FileName $Template } |
                Should -Throw -ErrorId 'InvalidRequest,NanoBanana.Commands.SaveNanoBananaImageCommand'
        }
    }

    Context 'existing file' {
        It 'is kept, and nothing is downloaded' {
            $task = Get-Task 'occupied' | Wait-NanoBananaTask
            $null = New-Item -ItemType Directory -Path $Folder
            Set-Content -LiteralPath "$Folder/occupied.png" -Value 'mine'
            $before = $Emulator.Counters.Downloads
            $task | Save-NanoBananaImage -Destination $Folder -FileName '{name}' -ErrorVariable failures -ErrorAction SilentlyContinue |
                Should -BeNullOrEmpty
            $failures.FullyQualifiedErrorId | Should -Be $Exists
            $failures.CategoryInfo.Category | Should -Be 'ResourceExists'
            $failures.TargetObject.Id | Should -Be $task.Id
            Get-Content -LiteralPath "$Folder/occupied.png" | Should -Be 'mine'
            $Emulator.Counters.Downloads | Should -Be $before
        }

        It 'is replaced with -Force' {
            $null = New-Item -ItemType Directory -Path $Folder
            Set-Content -LiteralPath "$Folder/replaced.png" -Value 'mine'
            $file = Get-Task 'replaced' | Save-NanoBananaImage -Destination $Folder -FileName '{name}' -Force
            Get-PngSize $file.FullName | Should -Be '512x512'
        }

        It 'is not replaced by a second task with the same name, even with -Force' {
            $files = Get-Task 'same', 'same' |
                Save-NanoBananaImage -Destination $Folder -FileName '{name}' -Force -ErrorVariable failures -ErrorAction SilentlyContinue
            $files | Should -HaveCount 1
            $failures.FullyQualifiedErrorId | Should -Be $Exists
        }
    }

    Context 'a task without an image' {
        It 'that failed is one error, and the others are saved' {
            $files = Get-Task 'fine', 'not fine [fail:5001095]' |
                Save-NanoBananaImage -Destination $Folder -ErrorVariable failures -ErrorAction SilentlyContinue
            $files | Should -HaveCount 1
            $failures.FullyQualifiedErrorId | Should -Be $Failed
            $failures.TargetObject.Prompt | Should -Be 'not fine [fail:5001095]'
        }

        It 'that failed is not reported again after Wait-NanoBananaTask' {
            Get-Task 'reported [fail:5001095]' | Wait-NanoBananaTask -ErrorAction SilentlyContinue |
                Save-NanoBananaImage -Destination $Folder -ErrorVariable failures
            $failures | Should -BeNullOrEmpty
        }

        It 'that completed is NoImage with the text of the model' {
            $task = 'words [noimage]' | New-NanoBananaImage -ResponseModality Text, Image | Wait-NanoBananaTask
            $task | Save-NanoBananaImage -Destination $Folder -ErrorVariable failures -ErrorAction SilentlyContinue
            $failures.FullyQualifiedErrorId | Should -Be 'NoImage,NanoBanana.Commands.SaveNanoBananaImageCommand'
            $failures.CategoryInfo.Category | Should -Be 'InvalidResult'
            $failures.Exception.Message | Should -Match ([regex]::Escape($task.Text))
        }

        It 'that does not end is TaskTimeout' {
            Get-Task 'endless [hold]' |
                Save-NanoBananaImage -Destination $Folder -TimeoutSec 1 -ErrorVariable failures -ErrorAction SilentlyContinue
            $failures.FullyQualifiedErrorId | Should -Be 'TaskTimeout,NanoBanana.Commands.SaveNanoBananaImageCommand'
            $Emulator.Release()
        }
    }

    Context 'failed download' {
        It 'is continued after an interruption' {
            $task = Get-Task 'broken off' | Wait-NanoBananaTask
            $Emulator.Enqueue('Download', [NanoBanana.Emulator.EmulatorFault]::CutBody(1000))
            $file = $task | Save-NanoBananaImage -Destination $Folder
            Get-PngSize $file.FullName | Should -Be '512x512'
        }

        It 'leaves no partial file, and NotAnImage if the bytes are not an image' {
            $task = Get-Task 'garbage' | Wait-NanoBananaTask
            # The download is retried four times.
            1..5 | ForEach-Object { $Emulator.Enqueue('Download', [NanoBanana.Emulator.EmulatorFault]::Garbage()) }
            $task | Save-NanoBananaImage -Destination $Folder -ErrorVariable failures -ErrorAction SilentlyContinue
            $failures.FullyQualifiedErrorId | Should -Be 'NotAnImage,NanoBanana.Commands.SaveNanoBananaImageCommand'
            $failures.CategoryInfo.Category | Should -Be 'InvalidData'
            Get-ChildItem -LiteralPath $Folder -Force | Should -BeNullOrEmpty
            # The paid task can still be saved.
            $failures.TargetObject | Save-NanoBananaImage -Destination $Folder | Should -HaveCount 1
        }
    }

    Context '-Metadata' {
        It 'writes a JSON file beside the image, which can be piped to make the image again' {
            $row = [pscustomobject]@{
                Prompt = 'a "red" fox'; Name = 'fox'; AspectRatio = '16:9'; Resolution = '0.5K'; ImageUrl = 'https://images.example/a.png'
            }
            $file = $row | New-NanoBananaImage | Save-NanoBananaImage -Destination $Folder -FileName '{name}' -Metadata
            $json = Get-Content (Join-Path $Folder fox.json) -Raw | ConvertFrom-Json
            $json.File.Sha256 | Should -Be (Get-FileHash $file.FullName).Hash
            $json.Usage.TotalTokens | Should -Be $file.Task.TotalTokens
            $again = $json | New-NanoBananaImage
            $again.Id | Should -Not -Be $json.Id
            foreach ($name in 'Prompt', 'Name', 'AspectRatio', 'Resolution', 'Model') {
                $again.$name | Should -Be $file.Task.$name
            }
            $again.ImageUrl | Should -Be $file.Task.ImageUrl
        }

        It 'keeps an existing file with other content and saves the image' {
            $null = New-Item -ItemType Directory $Folder
            Set-Content (Join-Path $Folder same.json) 'mine'
            Get-Task 'kept' |
                Save-NanoBananaImage -Destination $Folder -FileName same -Metadata -ErrorVariable failures -ErrorAction SilentlyContinue |
                Should -HaveCount 1
            $failures.FullyQualifiedErrorId | Should -Be $Exists
            Get-Content (Join-Path $Folder same.json) | Should -Be 'mine'
        }
    }

    Context '-WhatIf' {
        It 'shows the destination and downloads nothing' {
            $task = Get-Task 'what if' | Wait-NanoBananaTask
            $before = $Emulator.Counters.Downloads
            $text = Get-HostText { $task | Save-NanoBananaImage -Destination $Folder -WhatIf }
            $text | Should -BeLike "*Save the images to $Folder*$($task.Id)*"
            $Emulator.Counters.Downloads | Should -Be $before
            Test-Path -LiteralPath $Folder | Should -BeFalse
        }
    }
}
