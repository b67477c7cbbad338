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

    It 'forgets what is saved without asking' {
        'saved' | New-NanoBananaImage -Name saved | Save-NanoBananaImage -Destination TestDrive:/removed | Out-Null
        Get-NanoBananaTask -Name saved | Remove-NanoBananaTask
        Get-NanoBananaTask -Name saved | Should -BeNullOrEmpty
        Get-ChildItem -Path TestDrive:/removed | Should -HaveCount 1
    }

    It 'removes a whole batch, or only what was begun before a time' {
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

    It 'asks once for a batch that is not saved, and removes nothing where nobody can be asked' {
        'four', 'five' | New-NanoBananaImage -Batch paid | Out-Null
        $run = Invoke-Unattended 'Remove-NanoBananaTask -Batch paid'
        $run.Errors.Count + [int]($null -ne $run.Failure) | Should -Be 1
        (Get-NanoBananaBatch paid).Total | Should -Be 2
        Remove-NanoBananaTask -Batch paid -Force
        Get-NanoBananaTask -Batch paid | Should -BeNullOrEmpty
    }

    It 'refuses to remove all tasks of a service by its address alone' {
        { Remove-NanoBananaTask -Endpoint https://cloud.vtrix.ai -Force -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidRequest,*'
    }

    It 'does not forget what is not saved where nobody can be asked' {
        'unsaved' | New-NanoBananaImage -Name unsaved | Out-Null
        $run = Invoke-Unattended 'Get-NanoBananaTask -Name unsaved | Remove-NanoBananaTask'
        $run.Errors.Count + [int]($null -ne $run.Failure) | Should -BeGreaterThan 0
        Get-NanoBananaTask -Name unsaved | Should -HaveCount 1
    }

    It 'forgets what is not saved with -Force' {
        'forced' | New-NanoBananaImage -Name forced | Out-Null
        Get-NanoBananaTask -Name forced | Remove-NanoBananaTask -Force
        Get-NanoBananaTask -Name forced | Should -BeNullOrEmpty
    }

    It 'takes ids' {
        $id = ('by id' | New-NanoBananaImage -Name ided).Id
        Remove-NanoBananaTask $id -Force
        Get-NanoBananaTask -Name ided | Should -BeNullOrEmpty
    }

    It 'does nothing with -WhatIf' {
        'kept' | New-NanoBananaImage -Name whatif | Out-Null
        Get-NanoBananaTask -Name whatif | Remove-NanoBananaTask -Force -WhatIf
        Get-NanoBananaTask -Name whatif | Should -HaveCount 1
    }

    It 'makes no journal for a preview' {
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

    It 'says so when the journal has no such task' {
        Remove-NanoBananaTask 'nosuchtask' -ErrorVariable failure -ErrorAction SilentlyContinue
        $failure[0].FullyQualifiedErrorId | Should -Be 'TaskNotFound,NanoBanana.Commands.RemoveNanoBananaTaskCommand'
        $failure[0].TargetObject | Should -Be 'nosuchtask'
    }
}
