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

    It 'ends the purchases of a run that has begun, and of no later one' {
        'first' | New-NanoBananaImage -Batch night | Out-Null
        & { Stop-NanoBananaBatch night; 'second' } |
            New-NanoBananaImage -Batch night -ErrorVariable ended -ErrorAction SilentlyContinue -WarningAction SilentlyContinue | Should -BeNullOrEmpty
        $ended.FullyQualifiedErrorId | Should -BeLike 'BatchStopped,*'
        $ended.TargetObject | Should -Be 'second'
        'second' | New-NanoBananaImage -Batch night | Should -HaveCount 1
    }

    It 'takes batches from the pipeline' {
        Get-NanoBananaBatch night | Stop-NanoBananaBatch -WhatIf | Should -BeNullOrEmpty
    }

    It 'says that a batch does not exist' {
        Stop-NanoBananaBatch no-such-batch -ErrorVariable unknown -ErrorAction SilentlyContinue
        $unknown.FullyQualifiedErrorId | Should -BeLike 'TaskNotFound,*'
    }
}
