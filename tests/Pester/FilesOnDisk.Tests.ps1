<#
File names on disk: inserted rows, moved files, equal names, and names that are too long.
#>
Describe 'File names on disk' {
    BeforeAll {
        . $PSScriptRoot/Shared.ps1
        $script:Journal = Use-TestJournal
        $script:Emulator = Connect-TestEmulator
        function Get-Row([string[]] $Name) {
            $Name | ForEach-Object { [pscustomobject]@{ Prompt = "image of $_"; Name = $_ } }
        }
        # Runs the script of a batch, as a scheduled job does.
        function Invoke-Run([object[]] $Row, [string] $FileName) {
            $Row | New-NanoBananaImage -Batch $Batch -Resolution 0.5K -WarningAction SilentlyContinue |
                Save-NanoBananaImage -Destination $Folder -FileName $FileName -ErrorVariable script:Failures `
                    -WarningVariable script:Warnings -ErrorAction SilentlyContinue -WarningAction SilentlyContinue
        }
    }
    BeforeEach {
        $script:Folder = Join-Path $TestDrive ([guid]::NewGuid())
        $script:Batch = "b-$([guid]::NewGuid())"
        $script:Before = $Emulator.Counters.CreatesReceived
        $script:Downloads = $Emulator.Counters.Downloads
    }
    AfterAll {
        $Emulator | Stop-NanoBananaEmulator
        Disconnect-NanoBanana
        Clear-TestJournal $Journal
    }

    Context 'rows inserted before numbered rows' {
        It 'save the new image and keep the old files: <_>' -ForEach '{index:000}-{name}', '{index}',
            'shots/{index:00}.png' {
            $old = Invoke-Run (Get-Row fox, owl) $_
            $bytes = $old | ForEach-Object { (Get-FileHash $_.FullName).Hash }
            $all = Invoke-Run (Get-Row elk, fox, owl) $_
            $Failures | Should -BeNullOrEmpty
            $all | Should -HaveCount 3
            $old | ForEach-Object { (Get-FileHash $_.FullName).Hash } | Should -Be $bytes
            ($all.FullName | Sort-Object -Unique) | Should -HaveCount 3
            Get-ChildItem $Folder -Recurse -File | Should -HaveCount 3
            $Emulator.Counters.CreatesReceived - $Before | Should -Be 3
            $Emulator.Counters.Downloads - $Downloads | Should -Be 3
        }

        It 'keep the files in every later run' {
            $null = Invoke-Run (Get-Row fox, owl) '{index}'
            $second = Invoke-Run (Get-Row elk, fox, owl) '{index}'
            $third = Invoke-Run (Get-Row elk, fox, owl) '{index}'
            $Failures | Should -BeNullOrEmpty
            $third.FullName | Sort-Object | Should -Be ($second.FullName | Sort-Object)
            $Emulator.Counters.Downloads - $Downloads | Should -Be 3
        }

        It 'keep the files of rows without names' {
            $rows = 'one', 'two', 'three' | ForEach-Object { [pscustomobject]@{ Prompt = $_ } }
            $null = Invoke-Run $rows[1..2] '{index}'
            Invoke-Run $rows '{index}' | Should -HaveCount 3
            $Failures | Should -BeNullOrEmpty
            Get-ChildItem $Folder | Should -HaveCount 3
        }

        It 'do not replace a file that the batch did not write' {
            $null = New-Item -ItemType Directory $Folder
            Set-Content "$Folder/0.png" 'mine'
            Invoke-Run (Get-Row fox) '{index}' | Should -BeNullOrEmpty
            $Failures.FullyQualifiedErrorId | Should -Be 'FileExists,NanoBanana.Commands.SaveNanoBananaImageCommand'
            Get-Content "$Folder/0.png" | Should -Be 'mine'
        }
    }

    Context 'moved files' {
        It 'are not downloaded again, even if the link has expired, and are reported in one warning' {
            $files = Invoke-Run (Get-Row fox, owl) '{name}'
            $null = New-Item -ItemType Directory "$Folder-site"
            $files | Move-Item -Destination "$Folder-site"
            $script:Downloads = $Emulator.Counters.Downloads
            $Emulator.Enqueue('Download', [NanoBanana.Emulator.EmulatorFault]::Status(404))
            Invoke-Run (Get-Row fox, owl) '{name}' | Should -BeNullOrEmpty
            $Failures | Should -BeNullOrEmpty
            $Warnings | Should -HaveCount 1
            "$Warnings" | Should -BeLike '*2 images were saved by an earlier run and moved*-Force*'
            $Emulator.Counters.Downloads | Should -Be $Downloads
            Get-ChildItem $Folder | Should -BeNullOrEmpty
            # Uses up the fault, which no request has received yet.
            $null = 'takes the fault' | New-NanoBananaImage | Save-NanoBananaImage "$Folder-rest" -ErrorAction SilentlyContinue
        }

        It 'are saved again with -Force, to another folder, or under another name' {
            $file = Invoke-Run (Get-Row fox) '{name}'
            $file | Remove-Item
            $task = $file.Task
            $task | Save-NanoBananaImage -Destination "$Folder-other" -FileName '{name}' | Should -HaveCount 1
            $task | Save-NanoBananaImage -Destination $Folder -FileName '{name}-{id}' | Should -HaveCount 1
            $task | Save-NanoBananaImage -Destination $Folder -FileName '{name}' -Force | Should -HaveCount 1
        }
    }

    Context 'rows with the same file name' {
        It 'are reported before the submission if they differ in <Case>' -ForEach @(
            @{ Case = 'nothing'; Names = 'fox', 'fox' }
            @{ Case = 'their case'; Names = 'Fox', 'fox' }
            @{ Case = 'characters that are not valid in file names'; Names = 'fox/1', 'fox:1' }
            @{ Case = 'the extension'; Names = 'fox', 'fox.png' }
            @{ Case = 'their last character'; Names = ('f' * 200 + 'a'), ('f' * 200 + 'b') }
        ) {
            $rows = Get-Row $Names
            $null = Get-HostText { $rows | New-NanoBananaImage -WhatIf -WarningVariable warnings -WarningAction SilentlyContinue
                $script:AllWarnings = $warnings }
            $AllWarnings | Should -HaveCount 1
            "$AllWarnings" | Should -BeLike '*name*'
            $Emulator.Counters.CreatesReceived | Should -Be $Before
        }
    }

    Context 'file name' {
        It 'does not get its extension twice: <Template> of <Name>' -ForEach @(
            @{ Template = '{name}.png'; Name = 'fox'; File = 'fox.png' }
            @{ Template = '{name}.PNG'; Name = 'fox'; File = 'fox.png' }
            @{ Template = '{name}.jpg'; Name = 'fox'; File = 'fox.png' }
            @{ Template = '{name}'; Name = 'fox.png'; File = 'fox.png' }
            @{ Template = '{name}.png'; Name = 'fox.png'; File = 'fox.png' }
            @{ Template = '{name}'; Name = 'v1.2'; File = 'v1.2.png' }
        ) {
            (Invoke-Run (Get-Row $Name) $Template).Name | Should -Be $File
        }

        It 'is shortened to the limit of all file systems and keeps its number and id: <_>' -ForEach 'x', '狐', '🦊' {
            $long = $_ * 300
            $files = Invoke-Run ([pscustomobject]@{ Prompt = 'long [size:64x64] [size:32x32]'; Name = $long }) '{index:000}-{name}-{id}'
            $files | Should -HaveCount 2
            foreach ($file in $files) {
                [System.Text.Encoding]::UTF8.GetByteCount($file.Name) | Should -BeLessOrEqual 143
                $file.Name | Should -BeLike "000-$_*-$($file.Task.Id)*.png"
            }
        }

        It 'of -OutFile is refused before the submission if it is too long' {
            { New-NanoBananaImage 'x' -OutFile "TestDrive:/$('x' * 300).png" } |
                Should -Throw -ErrorId 'InvalidRequest,NanoBanana.Commands.NewNanoBananaImageCommand'
            $Emulator.Counters.CreatesReceived | Should -Be $Before
        }
    }
}
