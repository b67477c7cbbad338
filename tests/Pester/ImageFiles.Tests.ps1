<#
Image files: files that commands emit are items, as from Get-Item, and a task has a reference to its files.
#>
Describe 'Image files' {
    BeforeAll {
        . $PSScriptRoot/Shared.ps1
        $script:Journal = Use-TestJournal
        $script:Emulator = Connect-TestEmulator
    }
    BeforeEach {
        $script:Folder = Join-Path $TestDrive ([guid]::NewGuid())
        $script:Copies = (New-Item -ItemType Directory "$Folder-copies").FullName
    }
    AfterAll {
        $Emulator | Stop-NanoBananaEmulator
        Disconnect-NanoBanana
        Clear-TestJournal $Journal
    }

    Context 'as items' {
        BeforeAll {
            $script:Sources = @{
                'Save-NanoBananaImage'      = {
                    'a fox' | New-NanoBananaImage -Name 'fox[1]' | Save-NanoBananaImage -Destination $Folder -FileName '{name}'
                }
                'New-NanoBananaImage'       = { New-NanoBananaImage 'a fox' -OutFile (Join-Path $Copies 'out[1].png') }
                'Export-NanoBananaGallery'  = {
                    'a fox' | New-NanoBananaImage -Wait | Export-NanoBananaGallery (Join-Path $Copies 'page[1].html')
                }
                'Backup-NanoBananaJournal'  = { Backup-NanoBananaJournal (Join-Path $Copies 'journal[1].db') }
            }
        }

        It 'have the properties of Get-Item: <_>' -ForEach 'Save-NanoBananaImage', 'New-NanoBananaImage',
            'Export-NanoBananaGallery', 'Backup-NanoBananaJournal' {
            $file = & $Sources[$_]
            $item = Get-Item -LiteralPath $file.FullName
            foreach ($name in 'PSPath', 'PSParentPath', 'PSChildName', 'PSIsContainer', 'PSDrive', 'PSProvider') {
                $file.$name | Should -Be $item.$name -Because $name
                $file.$name | Should -Not -BeNullOrEmpty -Because $name
            }
            $file.PSDrive | Should -BeOfType ([System.Management.Automation.PSDriveInfo])
            $file.PSProvider | Should -BeOfType ([System.Management.Automation.ProviderInfo])
            $file | Should -BeOfType ([System.IO.FileInfo])
        }

        It 'bind to -LiteralPath with any name: <_>' -ForEach 'Save-NanoBananaImage', 'New-NanoBananaImage',
            'Export-NanoBananaGallery', 'Backup-NanoBananaJournal' {
            $file = & $Sources[$_]
            $target = (New-Item -ItemType Directory "$Folder-target").FullName
            $file | Copy-Item -Destination $target
            (Get-ChildItem $target).Name | Should -Be $file.Name
            ($file | Get-FileHash).Hash | Should -Be (Get-FileHash -LiteralPath $file.FullName).Hash
            $file | Remove-Item
            Test-Path -LiteralPath $file.FullName | Should -BeFalse
        }

        It 'are items at any location of the session' {
            $file = & $Sources['Save-NanoBananaImage']
            Push-Location Env:
            try {
                $file | Copy-Item -Destination $Copies
            }
            finally {
                Pop-Location
            }
            (Get-ChildItem $Copies).Name | Should -Be 'fox[1].png'
        }

        It 'have the counts of a gallery' {
            'a fox', 'an owl [fail:5001095]' | New-NanoBananaImage -Batch "gallery-$Folder" |
                Save-NanoBananaImage -Destination $Folder -ErrorAction Ignore | Out-Null
            $page = Export-NanoBananaGallery "$Folder.html" -Batch "gallery-$Folder"
            $page.Pages, $page.Cards, $page.Images | Should -Be 1, 2, 1
            $page | Out-String -Width 500 | Should -Match 'Pages +Cards +Images +Size +Path'
        }
    }

    Context 'of a task' {
        BeforeAll {
            $script:Folder = Join-Path $TestDrive ([guid]::NewGuid())
            $script:Saved = 'a vixen' | New-NanoBananaImage -Name 'vixen[1]' | Save-NanoBananaImage -Destination $Folder -FileName '{name}'
            $script:Path = $Saved.FullName
            $script:Task = Get-NanoBananaTask -Name 'vixen`[1`]'
            $script:Unsaved = 'not saved' | New-NanoBananaImage -Wait
        }

        It 'are known to a task of the journal, a poll, a saved image and an export' {
            $Task | Export-Clixml "$Copies/task.xml"
            $all = @{
                Listed = $Task
                ById   = Get-NanoBananaTask $Task.Id
                Piped  = $Task | Get-NanoBananaTask
                Waited = $Task | Wait-NanoBananaTask
                Saved  = $Saved.Task
                Clixml = Import-Clixml "$Copies/task.xml"
                Again  = Import-Clixml "$Copies/task.xml" | Get-NanoBananaTask
            }
            foreach ($name in $all.Keys) {
                $all[$name].File.FullName | Should -Be $Path -Because $name
                $all[$name].File | Should -BeOfType ([System.IO.FileInfo]) -Because $name
            }
        }

        It 'bind to file commands with any name: <_>' -ForEach 'Get-Item', 'Resolve-Path', 'Get-FileHash', 'Convert-Path', 'Test-Path',
            'Get-ItemProperty' {
            $expected = Get-Item -LiteralPath $Path | & $_
            $found = $Task | & $_
            "$found" | Should -Be "$expected"
            @($found) | Should -HaveCount 1
        }

        It 'can be copied and opened with a task or its File' {
            $Task | Copy-Item -Destination $Copies
            (Get-ChildItem $Copies).Name | Should -Be 'vixen[1].png'
            $Task.File | Copy-Item -Destination (Join-Path $Copies copy.png)
            Join-Path $Copies copy.png | Should -Exist
            # -WhatIf shows the file that Invoke-Item opens.
            Get-HostText { $Task | Invoke-Item -WhatIf } | Should -Match 'vixen\[1]\.png'
        }

        It 'are listed completely for a task that was saved to two folders' {
            $again = $Task | Save-NanoBananaImage -Destination "$Folder-2" -FileName '{name}'
            (Get-NanoBananaTask $Task.Id).File.FullName | Sort-Object | Should -Be ($Path, $again.FullName | Sort-Object)
            $again.Task.File.FullName | Should -Be $again.FullName
            @(Get-NanoBananaTask $Task.Id | Get-Item) | Should -HaveCount 2
            Remove-Item -LiteralPath $again.FullName
            (Get-NanoBananaTask $Task.Id).File.FullName | Should -Be $Path
        }

        It 'are reported as missing, and the other tasks are processed' {
            $Unsaved, $Task | Copy-Item -Destination $Copies -ErrorVariable failures -ErrorAction SilentlyContinue
            $failures | Should -HaveCount 1
            "$failures" | Should -BeLike "*task $($Unsaved.Id) has no file, so save it with Save-NanoBananaImage*"
            (Get-ChildItem $Copies).Name | Should -Be 'vixen[1].png'
            $Unsaved.File | Should -BeNullOrEmpty
        }

        It 'are not shown after removal, and the error names the file' {
            $gone = 'gone' | New-NanoBananaImage -Name gone | Save-NanoBananaImage -Destination $Folder -FileName '{name}'
            $gone.Task.File.Name | Should -Be 'gone.png'
            Remove-Item -LiteralPath $gone.FullName
            $gone.Task.File | Should -BeNullOrEmpty
            (Get-NanoBananaTask -Name gone).File | Should -BeNullOrEmpty
            Get-NanoBananaTask -Name gone | Get-Item -ErrorVariable failures -ErrorAction SilentlyContinue
            "$failures" | Should -BeLike '*gone.png of task*was moved or removed*'
        }

        It 'belong to the newer task after it replaced the older one' {
            $batch = "again-$Folder"
            $first = 'one' | New-NanoBananaImage -Batch $batch -Name same | Save-NanoBananaImage -Destination "$Folder-r" -FileName '{name}'
            $second = 'two' | New-NanoBananaImage -Batch $batch -Name same |
                Save-NanoBananaImage -Destination "$Folder-r" -FileName '{name}'
            $second.FullName | Should -Be $first.FullName
            (Get-NanoBananaTask $second.Task.Id).File.FullName | Should -Be $second.FullName
            (Get-NanoBananaTask $first.Task.Id).File | Should -BeNullOrEmpty
        }

        It 'are shown with their paths in lists and exports' {
            $Task | Format-List | Out-String -Width 500 | Should -Match "(?m)^File +: $([regex]::Escape($Path))"
            ($Task | ConvertTo-Csv | ConvertFrom-Csv).File | Should -Be $Path
            ($Task | ConvertTo-Json | ConvertFrom-Json).File | Should -Be $Path
        }

        It 'do not change how tasks bind to the commands of the module' {
            Get-HostText { $Task | New-NanoBananaImage -WhatIf } | Should -BeLike '*on target "a vixen"*'
            Get-HostText { $Task | Save-NanoBananaImage -WhatIf } | Should -BeLike "*on target `"$($Task.Id)`"*"
            ($Task | Wait-NanoBananaTask).Id | Should -Be $Task.Id
            ($Task | Export-NanoBananaGallery "$Folder-g").Images | Should -Be 1
            Get-HostText { $Task | Remove-NanoBananaTask -WhatIf } | Should -BeLike "*$($Task.Id)*"
        }

        It 'do not group a table of tasks' {
            $other = 'a vixen' | New-NanoBananaImage | Save-NanoBananaImage -Destination "$Folder-other"
            $shown = Get-NanoBananaTask -Prompt 'a vixen' | Out-String
            ([regex]::Matches($shown, 'Status +Elapsed')).Count | Should -Be 1
            $shown | Should -Not -BeLike '*Directory:*'
            $other | Should -Not -BeNullOrEmpty
        }
    }
}
