Describe 'Wait-NanoBananaTask' {
    BeforeAll {
        . $PSScriptRoot/Shared.ps1
        $script:Emulator = Connect-TestEmulator
    }
    AfterAll {
        $Emulator | Stop-NanoBananaEmulator
        Disconnect-NanoBanana
    }

    It 'emits tasks when they have ended' {
        $tasks = 1..5 | ForEach-Object { "waited $_" } | New-NanoBananaImage | Wait-NanoBananaTask
        $tasks | Should -HaveCount 5
        $tasks.Status | Sort-Object -Unique | Should -Be 'Completed'
    }

    It 'emits each task when it ends' {
        $slow = 'slow [hold]' | New-NanoBananaImage
        $quick = 'quick' | New-NanoBananaImage
        $order = $slow, $quick | Wait-NanoBananaTask | ForEach-Object {
            $_.Prompt
            # The slow task ends only after the quick one was emitted.
            $Emulator.Release()
        }
        $order | Should -Be 'quick', 'slow [hold]'
    }

    It 'returns with -Any when the first task ends, and the others continue' {
        $slow = 'slow any [hold]' | New-NanoBananaImage
        $quick = 'quick any' | New-NanoBananaImage
        $slow, $quick | Wait-NanoBananaTask -Any | ForEach-Object Prompt | Should -Be 'quick any'
        $Emulator.Release()
        $slow | Wait-NanoBananaTask -Any | ForEach-Object Prompt | Should -Be 'slow any [hold]'
    }

    It 'emits ended tasks without polling' {
        $ended = 'ended' | New-NanoBananaImage | Wait-NanoBananaTask
        $before = $Emulator.Counters.Polls
        ($ended | Wait-NanoBananaTask).Status | Should -Be 'Completed'
        $Emulator.Counters.Polls | Should -Be $before
    }

    It 'accepts ids, as arguments and by property name' {
        $ids = ('by id 1', 'by id 2' | New-NanoBananaImage).Id
        Wait-NanoBananaTask $ids | Should -HaveCount 2
        $ids | ForEach-Object { [pscustomobject]@{ Id = $_ } } | Wait-NanoBananaTask | Should -HaveCount 2
    }

    Context 'failed task' {
        It 'is emitted, together with an error with the meaning of its code' -ForEach @(
            @{ Code = '005001095'; Meaning = 'Internal generation error' }
            @{ Code = '005001096'; Meaning = 'Result parsing error' }
            @{ Code = '005001097'; Meaning = 'HTTP error response' }
            @{ Code = '005001098'; Meaning = 'Synchronous generation error' }
        ) {
            $task = "fails [fail:$([int]$Code)]" | New-NanoBananaImage |
                Wait-NanoBananaTask -ErrorVariable failures -ErrorAction SilentlyContinue
            $task.Status | Should -Be 'Failed'
            $failures | Should -HaveCount 1
            $failures[0].FullyQualifiedErrorId | Should -Be 'TaskFailed,NanoBanana.Commands.WaitNanoBananaTaskCommand'
            $failures[0].CategoryInfo.Category | Should -Be 'OperationStopped'
            $failures[0].Exception.Message | Should -BeLike "*$Code*$Meaning*"
            $failures[0].Exception.ProviderCode | Should -Be $Code
            $failures[0].TargetObject | Should -BeOfType ([NanoBanana.ImageTask])
            $failures[0].TargetObject.Id | Should -Be $task.Id
        }

        It 'does not stop the wait for other tasks' {
            $tasks = 'well 1', 'ill [fail:5001095]', 'well 2' | New-NanoBananaImage |
                Wait-NanoBananaTask -ErrorVariable failures -ErrorAction SilentlyContinue
            $tasks | Should -HaveCount 3
            $failures | Should -HaveCount 1
        }

        It 'is reported only once' {
            $task = 'once [fail:5001095]' | New-NanoBananaImage | Wait-NanoBananaTask -ErrorAction SilentlyContinue
            $task | Wait-NanoBananaTask -ErrorVariable failures | Should -HaveCount 1
            $failures | Should -BeNullOrEmpty
        }
    }

    Context 'canceled task' {
        It 'is emitted with its own error' {
            $task = 'withdrawn [status:cancelled]' | New-NanoBananaImage |
                Wait-NanoBananaTask -ErrorVariable failures -ErrorAction SilentlyContinue
            $task.Status | Should -Be 'Canceled'
            $failures.FullyQualifiedErrorId | Should -Be 'Canceled,NanoBanana.Commands.WaitNanoBananaTaskCommand'
        }
    }

    Context '-TimeoutSec' {
        It 'is an error with the task as target, which is not emitted' {
            $task = 'endless [hold]' | New-NanoBananaImage
            $task | Wait-NanoBananaTask -TimeoutSec 1 -ErrorVariable failures -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
            $failures.FullyQualifiedErrorId | Should -Be 'TaskTimeout,NanoBanana.Commands.WaitNanoBananaTaskCommand'
            $failures.CategoryInfo.Category | Should -Be 'OperationTimeout'
            $failures.TargetObject.Id | Should -Be $task.Id

            $Emulator.Release()
            ($failures.TargetObject | Wait-NanoBananaTask).Status | Should -Be 'Completed'
        }

        It 'is at least one second' {
            { Wait-NanoBananaTask -Id 'x' -TimeoutSec 0 } |
                Should -Throw -ErrorId 'ParameterArgumentValidationError,NanoBanana.Commands.WaitNanoBananaTaskCommand'
        }
    }

    Context '-StopOnTimeout' {
        It 'cancels timed-out tasks, which remain a TaskTimeout' {
            $c = $Emulator | Connect-NanoBanana -Protocol Queue -PassThru
            $Emulator | Connect-NanoBanana
            $task = 'given up [hold]' | New-NanoBananaImage -Connection $c
            $task | Wait-NanoBananaTask -Connection $c -TimeoutSec 1 -StopOnTimeout -ErrorVariable failures -ErrorAction SilentlyContinue |
                Should -BeNullOrEmpty
            $failures.FullyQualifiedErrorId | Should -Be 'TaskTimeout,NanoBanana.Commands.WaitNanoBananaTaskCommand'
            $failures.Exception.Message | Should -BeLike '* and was canceled.'
            $failures.TargetObject.Status | Should -Be 'Canceled'
        }

        It 'requires a protocol with cancellation and is refused before anything is sent' {
            $polls = $Emulator.Counters.Polls
            { Wait-NanoBananaTask -Id 'x' -StopOnTimeout } |
                Should -Throw -ErrorId 'NotSupported,NanoBanana.Commands.WaitNanoBananaTaskCommand'
            $Emulator.Counters.Polls | Should -Be $polls
        }
    }

    It 'reports a missing task' {
        Wait-NanoBananaTask -Id 'nosuchtask0000000000' -ErrorVariable failures -ErrorAction SilentlyContinue
        $failures.FullyQualifiedErrorId | Should -Be 'TaskNotFound,NanoBanana.Commands.WaitNanoBananaTaskCommand'
    }

    It 'retries a poll after a bad answer: <Case>' -ForEach @(
        @{ Case = '500'; Fault = { [NanoBanana.Emulator.EmulatorFault]::Status(500) } }
        @{ Case = '429'; Fault = { [NanoBanana.Emulator.EmulatorFault]::Status(429, 0) } }
        @{ Case = 'garbage'; Fault = { [NanoBanana.Emulator.EmulatorFault]::Garbage() } }
        @{ Case = 'a reset'; Fault = { [NanoBanana.Emulator.EmulatorFault]::Reset() } }
    ) {
        $task = "bad answer $Case" | New-NanoBananaImage
        $Emulator.Enqueue('Poll', (& $Fault))
        ($task | Wait-NanoBananaTask -ErrorVariable failures).Status | Should -Be 'Completed'
        $failures | Should -BeNullOrEmpty
    }

    Context 'stopped by the user' {
        It 'returns immediately, and the task continues' {
            $task = 'interrupted [hold]' | New-NanoBananaImage
            $shell = [powershell]::Create()
            try {
                $null = $shell.AddScript(
                    'param($Module, $Task, $Connection) Import-Module $Module; $Task | Wait-NanoBananaTask -Connection $Connection').
                    AddArgument($ModulePath).AddArgument($task).AddArgument((Get-NanoBananaConnection))
                $polls = $Emulator.Counters.Polls
                $running = $shell.BeginInvoke()
                Wait-EmulatorCounter -Emulator $Emulator -Counter Polls -AtLeast ($polls + 1)
                $clock = [System.Diagnostics.Stopwatch]::StartNew()
                $shell.Stop()
                # Stop takes at most a second. A busy machine may need more.
                $clock.Elapsed.TotalSeconds | Should -BeLessThan 5
                $running.IsCompleted | Should -BeTrue
                $shell.InvocationStateInfo.State | Should -Be 'Stopped'
            }
            finally {
                $shell.Dispose()
            }
            $Emulator.Release()
            ($task | Wait-NanoBananaTask).Status | Should -Be 'Completed'
        }
    }
}
