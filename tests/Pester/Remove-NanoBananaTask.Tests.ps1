Describe 'Remove-NanoBananaTask' {
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

    It 'removes saved tasks without confirmation' {
        'saved' | New-NanoBananaImage -Name saved | Save-NanoBananaImage -Destination TestDrive:/removed | Out-Null
        Get-NanoBananaTask -Name saved | Remove-NanoBananaTask
        Get-NanoBananaTask -Name saved | Should -BeNullOrEmpty
        Get-ChildItem -Path TestDrive:/removed | Should -HaveCount 1
    }

    It 'removes a complete batch, or only its tasks before a time' {
        'one', 'two' | New-NanoBananaImage -Batch old | Save-NanoBananaImage -Destination TestDrive:/old | Out-Null
        'three' | New-NanoBananaImage -Batch kept | Out-Null
        Remove-NanoBananaTask -Batch old -Before ([datetime]::Now.AddDays(-1)) -Force
        (Get-NanoBananaBatch old).Total | Should -Be 2
        Remove-NanoBananaTask -Batch old -WhatIf
        (Get-NanoBananaBatch old).Total | Should -Be 2
        Remove-NanoBananaTask -Batch old
        Get-NanoBananaTask -Batch old | Should -BeNullOrEmpty
        (Get-NanoBananaBatch kept).Total | Should -Be 1
    }

    It 'asks for confirmation once for an unsaved batch and removes nothing in a session without a user' {
        'four', 'five' | New-NanoBananaImage -Batch paid | Out-Null
        $run = Invoke-Unattended 'Remove-NanoBananaTask -Batch paid'
        $run.Errors.Count + [int]($null -ne $run.Failure) | Should -Be 1
        (Get-NanoBananaBatch paid).Total | Should -Be 2
        Remove-NanoBananaTask -Batch paid -Force
        Get-NanoBananaTask -Batch paid | Should -BeNullOrEmpty
    }

    Context 'of a batch with a submission whose outcome is unknown' {
        BeforeAll {
            $script:LostJournal = Use-TestJournal
            $script:Note = '1 of the tasks has an unknown outcome and may be paid for.'
        }
        AfterAll {
            Clear-TestJournal $LostJournal
            $env:NANOBANANA_JOURNAL = $Journal
        }
        BeforeEach {
            Remove-NanoBananaTask -Batch lost -Force
            # The request is accepted, but the answer is lost.
            $Emulator.Enqueue('Create', [NanoBanana.Emulator.EmulatorFault]::ResetAfterAccept())
            'six' | New-NanoBananaImage -Batch lost -ErrorAction SilentlyContinue
        }

        It 'asks for confirmation and removes nothing in a session without a user: <_>' -ForEach @(
            'Remove-NanoBananaTask -Batch lost'
            'Get-NanoBananaBatch lost | Remove-NanoBananaTask'
            'Remove-NanoBananaTask -Before ([datetime]::Now.AddDays(1))'
            'Get-NanoBananaTask -Batch lost | Remove-NanoBananaTask'
        ) {
            $run = Invoke-Unattended $_
            $run.Errors.Count + [int]($null -ne $run.Failure) | Should -Be 1
            (Get-NanoBananaTask -Batch lost).Status | Should -Be 'Unknown'
        }

        It 'gives their number with -WhatIf' {
            Get-HostText { Remove-NanoBananaTask -Batch lost -WhatIf } | Should -BeLike "*batch 'lost' (1). $Note*"
            'seven', 'eight' | New-NanoBananaImage -Batch lost | Out-Null
            Get-HostText { Remove-NanoBananaTask -Batch lost -WhatIf } |
                Should -BeLike "*(3). 2 of the tasks are paid for and not saved. $Note*"
        }

        It 'removes them with -Force' {
            Remove-NanoBananaTask -Batch lost -Force
            Get-NanoBananaTask -Batch lost | Should -BeNullOrEmpty
        }
    }

    It 'refuses an endpoint as the only condition' {
        { Remove-NanoBananaTask -Endpoint https://cloud.vtrix.ai -Force -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidRequest,*'
    }

    It 'removes no unsaved task in a session without a user' {
        'unsaved' | New-NanoBananaImage -Name unsaved | Out-Null
        $run = Invoke-Unattended 'Get-NanoBananaTask -Name unsaved | Remove-NanoBananaTask'
        $run.Errors.Count + [int]($null -ne $run.Failure) | Should -BeGreaterThan 0
        Get-NanoBananaTask -Name unsaved | Should -HaveCount 1
    }

    It 'removes unsaved tasks with -Force' {
        'forced' | New-NanoBananaImage -Name forced | Out-Null
        Get-NanoBananaTask -Name forced | Remove-NanoBananaTask -Force
        Get-NanoBananaTask -Name forced | Should -BeNullOrEmpty
    }

    It 'accepts ids' {
        $id = ('by id' | New-NanoBananaImage -Name ided).Id
        Remove-NanoBananaTask $id -Force
        Get-NanoBananaTask -Name ided | Should -BeNullOrEmpty
    }

    It 'does nothing with -WhatIf' {
        'kept' | New-NanoBananaImage -Name whatif | Out-Null
        Get-NanoBananaTask -Name whatif | Remove-NanoBananaTask -Force -WhatIf
        Get-NanoBananaTask -Name whatif | Should -HaveCount 1
    }

    It 'creates no journal with -WhatIf' {
        $task = 'previewed' | New-NanoBananaImage
        $env:NANOBANANA_JOURNAL = "$TestDrive/preview.db"
        try {
            $task | Remove-NanoBananaTask -Force -WhatIf -ErrorVariable failure -ErrorAction SilentlyContinue
            $failure[0].FullyQualifiedErrorId | Should -Be 'TaskNotFound,NanoBanana.Commands.RemoveNanoBananaTaskCommand'
            Get-NanoBananaTask | Should -BeNullOrEmpty
        }
        finally {
            $env:NANOBANANA_JOURNAL = $Journal
        }
        Get-ChildItem -Path $TestDrive -Filter 'preview.db*' | Should -BeNullOrEmpty
    }

    It 'reports a task that the journal does not have' {
        Remove-NanoBananaTask 'nosuchtask' -ErrorVariable failure -ErrorAction SilentlyContinue
        $failure[0].FullyQualifiedErrorId | Should -Be 'TaskNotFound,NanoBanana.Commands.RemoveNanoBananaTaskCommand'
        $failure[0].TargetObject | Should -Be 'nosuchtask'
    }
}
