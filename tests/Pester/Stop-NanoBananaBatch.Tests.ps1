Describe 'Stop-NanoBananaBatch' {
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

    It 'ends submitting of a running command and does not affect a later run' {
        'first' | New-NanoBananaImage -Batch night | Out-Null
        & { Stop-NanoBananaBatch night; 'second' } |
            New-NanoBananaImage -Batch night -ErrorVariable ended -ErrorAction SilentlyContinue -WarningAction SilentlyContinue |
            Should -BeNullOrEmpty
        $ended.FullyQualifiedErrorId | Should -BeLike 'BatchStopped,*'
        $ended.TargetObject | Should -Be 'second'
        'second' | New-NanoBananaImage -Batch night | Should -HaveCount 1
    }

    It 'accepts batches from the pipeline' {
        Get-NanoBananaBatch night | Stop-NanoBananaBatch -WhatIf | Should -BeNullOrEmpty
    }

    It 'reports a missing batch' {
        Stop-NanoBananaBatch no-such-batch -ErrorVariable unknown -ErrorAction SilentlyContinue
        $unknown.FullyQualifiedErrorId | Should -BeLike 'TaskNotFound,*'
    }
}
