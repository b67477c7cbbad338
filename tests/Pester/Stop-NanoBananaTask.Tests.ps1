Describe 'Stop-NanoBananaTask' {
    BeforeAll {
        . $PSScriptRoot/Shared.ps1
        $script:Emulator = Start-NanoBananaEmulator -TimeScale 0
        $Emulator | Connect-NanoBanana -Protocol Queue
    }
    AfterAll {
        $Emulator | Stop-NanoBananaEmulator
        Disconnect-NanoBanana
    }

    It 'cancels a task and emits it with its new status' {
        $task = 'canceled [hold]' | New-NanoBananaImage -Name withdrawn
        $stopped = $task | Stop-NanoBananaTask -WarningVariable warnings -ErrorVariable failures
        $stopped.Id | Should -Be $task.Id
        $stopped.Status | Should -Be 'Canceled'
        $stopped.Name | Should -Be 'withdrawn'
        $warnings | Should -BeNullOrEmpty
        $failures | Should -BeNullOrEmpty
        ($Emulator.Tasks | Where-Object -Property Id -EQ $task.Id).IsCanceled | Should -BeTrue
    }

    It 'accepts ids, as arguments, from the pipeline and by property name' {
        $ids = ('by id 1 [hold]', 'by id 2 [hold]', 'by id 3 [hold]' | New-NanoBananaImage).Id
        (Stop-NanoBananaTask $ids[0]).Status | Should -Be 'Canceled'
        ($ids[1] | Stop-NanoBananaTask).Status | Should -Be 'Canceled'
        ([pscustomobject]@{ Id = $ids[2] } | Stop-NanoBananaTask).Status | Should -Be 'Canceled'
    }

    It 'can be repeated' {
        $task = 'twice [hold]' | New-NanoBananaImage
        (1..2 | ForEach-Object { $task | Stop-NanoBananaTask }).Status | Should -Be 'Canceled', 'Canceled'
    }

    It 'warns if the task has already completed, and the image can be saved' {
        $task = 'too late' | New-NanoBananaImage | Stop-NanoBananaTask -WarningVariable warnings -WarningAction SilentlyContinue
        $task.Status | Should -Be 'Completed'
        $warnings | Should -HaveCount 1
        $warnings[0].Message | Should -BeLike '*had completed before it could be canceled. It is paid for*'
        $task | Save-NanoBananaImage -Destination TestDrive: | Should -Exist
    }

    It 'causes no error in later commands for canceled tasks' {
        $tasks = @(New-NanoBananaImage 'follows [hold]') + (New-NanoBananaImage 'follows too')
        $files = $tasks | Stop-NanoBananaTask -WarningAction SilentlyContinue |
            Save-NanoBananaImage -Destination TestDrive: -ErrorVariable failures
        $files | Should -HaveCount 1
        $failures | Should -BeNullOrEmpty
    }

    It 'cancels nothing with -WhatIf and shows the task' {
        $task = 'what if [hold]' | New-NanoBananaImage
        $text = Get-HostText { $task | Stop-NanoBananaTask -WhatIf }
        $text | Should -BeLike "*Cancel the task*$($task.Id)*"
        ($task | Get-NanoBananaTask).Status | Should -Be 'Running'
    }

    It 'reports a missing task' {
        Stop-NanoBananaTask -Id 'mmsu_01hx7z9k3m5n8p2q4r6s8t0v1w' -ErrorVariable failures -ErrorAction SilentlyContinue
        $failures.FullyQualifiedErrorId | Should -Be 'TaskNotFound,NanoBanana.Commands.StopNanoBananaTaskCommand'
    }

    It 'refuses what is not an id: <Value>' -ForEach @(
        @{ Value = 5 }
        @{ Value = @{ Id = 'x' } }
    ) {
        { Stop-NanoBananaTask -Id $Value } |
            Should -Throw -ErrorId 'ParameterArgumentTransformationError,NanoBanana.Commands.StopNanoBananaTaskCommand'
    }

    It 'accepts a connection' {
        $task = 'elsewhere [hold]' | New-NanoBananaImage
        $run = Invoke-Unattended '$task | Stop-NanoBananaTask -Connection $c' -With @{ task = $task; c = Get-NanoBananaConnection }
        $run.Errors | Should -BeNullOrEmpty
        $run.Output.Status | Should -Be 'Canceled'
    }

    Context 'with a protocol without cancellation' {
        BeforeAll {
            $script:Generation = $Emulator | Connect-NanoBanana -Protocol Generation -PassThru
            $Emulator | Connect-NanoBanana -Protocol Queue
        }

        It 'is refused before anything is sent' {
            $received = $Emulator.Counters.CreatesReceived
            { 'not bought' | New-NanoBananaImage -Connection $Generation | Stop-NanoBananaTask -Connection $Generation } |
                Should -Throw -ErrorId 'NotSupported,NanoBanana.Commands.StopNanoBananaTaskCommand'
            $Emulator.Counters.CreatesReceived | Should -Be $received
        }

        It 'is refused for a task of the other protocol' {
            $task = 'the other [hold]' | New-NanoBananaImage -Connection $Generation
            $task | Stop-NanoBananaTask -ErrorVariable failures -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
            $failures.FullyQualifiedErrorId | Should -Be 'InvalidRequest,NanoBanana.Commands.StopNanoBananaTaskCommand'
            $failures.TargetObject.Id | Should -Be $task.Id
        }
    }
}
