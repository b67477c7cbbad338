Describe 'Resolve-NanoBananaTask' {
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
    BeforeEach {
        # The request is accepted, but the answer is lost.
        $Emulator.Enqueue('Create', [NanoBanana.Emulator.EmulatorFault]::ResetAfterAccept())
        $script:Batch = "batch-$([guid]::NewGuid())"
        'fox' | New-NanoBananaImage -Batch $Batch -ErrorAction SilentlyContinue
        $script:Bought = $Emulator.Tasks[-1].Id
    }

    It 'assigns the id of a bought task, so that it is saved and not submitted again' {
        $file = Get-NanoBananaTask -Status Unknown -Batch $Batch | Resolve-NanoBananaTask -Bought $Bought |
            Save-NanoBananaImage -Destination "TestDrive:/$Batch"
        $file.Task.Id | Should -Be $Bought
        $file.Task.Verdict.IsBought | Should -BeTrue
        ('fox' | New-NanoBananaImage -Batch $Batch).Id | Should -Be $Bought
    }

    It 'releases a request that was not bought, so that the next run submits it' {
        Resolve-NanoBananaTask -Batch $Batch -NotBought | Should -HaveCount 1
        ('fox' | New-NanoBananaImage -Batch $Batch).Id | Should -Not -Be $Bought
    }

    It 'sends nothing and needs no connection' {
        $before = $Emulator.Counters
        (Invoke-Unattended 'Resolve-NanoBananaTask -Batch $Batch -NotBought' @{ Batch = $Batch }).Errors | Should -BeNullOrEmpty
        $Emulator.Counters.ConnectionsAccepted | Should -Be $before.ConnectionsAccepted
    }

    It 'changes nothing with -WhatIf' {
        Resolve-NanoBananaTask -Batch $Batch -NotBought -WhatIf | Should -BeNullOrEmpty
        (Get-NanoBananaTask -Batch $Batch).Status | Should -Be 'Unknown'
    }

    It 'refuses a task with a known outcome' {
        $task = 'owl' | New-NanoBananaImage -Batch "$Batch-2" -Wait
        $task | Resolve-NanoBananaTask -NotBought -ErrorVariable failure -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $failure[0].FullyQualifiedErrorId | Should -Be 'InvalidRequest,NanoBanana.Commands.ResolveNanoBananaTaskCommand'
    }
}
