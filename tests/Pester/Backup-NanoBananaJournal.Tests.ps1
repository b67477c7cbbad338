Describe 'Backup-NanoBananaJournal' {
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
        { Backup-NanoBananaJournal TestDrive:/none.db -ErrorAction Stop } | Should -Throw -ErrorId 'JournalRequired,*'
        $Journal, 'TestDrive:/none.db' | ForEach-Object { Test-Path -Path $_ } | Should -Be $false, $false
    }

    It 'writes a copy that can continue a batch' {
        'fox', 'owl' | New-NanoBananaImage -Batch copied | Out-Null
        $copy = Backup-NanoBananaJournal TestDrive:/copies/journal.db
        $copy | Should -BeOfType System.IO.FileInfo
        try {
            $env:NANOBANANA_JOURNAL = $copy.FullName
            (Get-NanoBananaBatch copied).Total | Should -Be 2
            'fox', 'owl' | New-NanoBananaImage -Batch copied | Out-Null
            $Emulator.CountByPrompt()['fox'] | Should -Be 1
        }
        finally {
            $env:NANOBANANA_JOURNAL = $Journal
        }
    }

    It 'keeps an existing file without -Force and does nothing with -WhatIf' {
        'elk' | New-NanoBananaImage -Batch kept | Out-Null
        Set-Content -Path TestDrive:/mine.db -Value mine
        { Backup-NanoBananaJournal TestDrive:/mine.db -ErrorAction Stop } | Should -Throw -ErrorId 'FileExists,*'
        Backup-NanoBananaJournal TestDrive:/mine.db -Force -WhatIf
        Get-Content -Path TestDrive:/mine.db | Should -Be mine
        (Backup-NanoBananaJournal TestDrive:/mine.db -Force).Length | Should -BeGreaterThan 4096
    }

    It 'refuses the journal itself and a folder' {
        { Backup-NanoBananaJournal $Journal -Force -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidRequest,*'
        { Backup-NanoBananaJournal TestDrive:/ -Force -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidRequest,*'
    }
}
