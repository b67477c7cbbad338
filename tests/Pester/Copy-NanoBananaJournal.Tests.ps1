Describe 'Copy-NanoBananaJournal' {
    BeforeAll {
        . $PSScriptRoot/Shared.ps1
        $script:Journal = Use-TestJournal
        $script:Emulator = Connect-TestEmulator
    }
    AfterAll {
        $Emulator | Stop-NanoBananaEmulator
        Disconnect-NanoBanana
        Clear-TestJournal $Journal
    }

    It 'reports a missing journal and does not create one' {
        { Copy-NanoBananaJournal -Destination TestDrive:/none.db -ErrorAction Stop } | Should -Throw -ErrorId 'JournalRequired,*'
        $Journal, 'TestDrive:/none.db' | ForEach-Object { Test-Path -Path $_ } | Should -Be $false, $false
    }

    It 'copies the journal of the connection once' {
        'fox', 'owl' | New-NanoBananaImage -Batch copied | Save-NanoBananaImage TestDrive:/images | Out-Null
        $first, $second = 1..2 | ForEach-Object { Copy-NanoBananaJournal -Destination TestDrive:/copies/merged.db }
        $first | Should -BeOfType NanoBanana.JournalCopyResult
        $first.From, $first.To | Should -Be $Journal, (Join-Path (Get-PSDrive TestDrive).Root copies merged.db)
        $first.Copied, $first.AlreadyThere, $first.Unknown, $first.Files | Should -Be 2, 0, 0, 2
        $second.Copied, $second.AlreadyThere, $second.Files | Should -Be 0, 2, 0
    }

    It 'merges two journals, and a batch continues with the entries of both' {
        'elk' | New-NanoBananaImage -Batch merged | Out-Null
        try {
            $env:NANOBANANA_JOURNAL = 'TestDrive:/other.db'
            'cat' | New-NanoBananaImage -Batch merged | Out-Null
            $result = Copy-NanoBananaJournal $Journal TestDrive:/other.db
            $result.Copied | Should -BeGreaterThan 0
            'elk', 'cat' | New-NanoBananaImage -Batch merged | Out-Null
            $Emulator.CountByPrompt()['elk'], $Emulator.CountByPrompt()['cat'] | Should -Be 1, 1
            (Get-NanoBananaBatch merged).Total | Should -Be 2
        }
        finally {
            $env:NANOBANANA_JOURNAL = $Journal
        }
    }

    It 'does nothing with -WhatIf and shows both journals' {
        'hen' | New-NanoBananaImage | Out-Null
        $text = Get-HostText { Copy-NanoBananaJournal -Destination TestDrive:/whatif.db -WhatIf }
        $text | Should -BeLike "*$Journal*whatif.db*"
        Test-Path -Path TestDrive:/whatif.db | Should -BeFalse
    }

    It 'does not show the password of an address' {
        $text = Get-HostText { Copy-NanoBananaJournal -Destination 'postgresql://me:hush-hush@127.0.0.1:1/db' -WhatIf }
        $text | Should -BeLike '*postgresql://me@127.0.0.1:1/db*'
        $text | Should -Not -BeLike '*hush*'
    }

    It 'refuses the journal itself, a folder, and an address with an unknown setting' {
        { Copy-NanoBananaJournal -Destination $Journal -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidRequest,*'
        { Copy-NanoBananaJournal -Destination TestDrive:/ -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidRequest,*'
        { Copy-NanoBananaJournal -Destination 'postgresql://host/db?pasword=x' -ErrorAction Stop } |
            Should -Throw -ErrorId 'InvalidRequest,*'
        { Backup-NanoBananaJournal 'postgresql://host/db' -ErrorAction Stop } | Should -Throw '*Copy-NanoBananaJournal*'
    }
}
