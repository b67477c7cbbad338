Describe 'Start-NanoBananaEmulator' {
    BeforeAll {
        . $PSScriptRoot/Shared.ps1
    }
    AfterEach {
        Stop-NanoBananaEmulator
        Disconnect-NanoBanana
    }

    It 'listens only on this machine, on a free port' {
        $emulator = Start-NanoBananaEmulator
        $emulator | Should -BeOfType ([NanoBanana.Emulator.EmulatorServer])
        $emulator.Endpoint.Host | Should -Be '127.0.0.1'
        $emulator.Endpoint.Port | Should -BeGreaterThan 0
    }

    It 'emits an object that Connect-NanoBanana accepts by property name' {
        $connection = Start-NanoBananaEmulator -ApiKey 'a-key-of-its-own' | Connect-NanoBanana -PassThru
        $connection.MaskedKey | Should -Be '…-own'
        'a fox' | New-NanoBananaImage | Should -HaveCount 1
    }

    It 'can run several times' {
        $one = Start-NanoBananaEmulator
        $two = Start-NanoBananaEmulator
        $one.Endpoint | Should -Not -Be $two.Endpoint
    }

    It 'repeats a run with the same -Seed' {
        $ids = foreach ($run in 1, 2) {
            $emulator = Start-NanoBananaEmulator -Seed 7
            $emulator | Connect-NanoBanana
            ('a fox' | New-NanoBananaImage).Id
            $emulator | Stop-NanoBananaEmulator
        }
        $ids[0] | Should -Be $ids[1]
    }

    It 'completes tasks at the first poll with -TimeScale 0' {
        Start-NanoBananaEmulator -TimeScale 0 | Connect-NanoBanana
        ('a fox' | New-NanoBananaImage | Get-NanoBananaTask).Status | Should -Be 'Completed'
    }

    It 'fails every task with -FailureRate 1' {
        Start-NanoBananaEmulator -TimeScale 0 -FailureRate 1 | Connect-NanoBanana
        ('a fox' | New-NanoBananaImage | Get-NanoBananaTask).Status | Should -Be 'Failed'
    }

    It 'injects faults with -FaultRate, the same ones with the same -Seed' {
        $runs = foreach ($run in 1, 2) {
            $emulator = Start-NanoBananaEmulator -TimeScale 0 -FaultRate 0.5 -FaultKind BadGateway -Seed 7
            $emulator | Connect-NanoBanana
            $tasks = 1..20 | ForEach-Object { "fox $_" } | New-NanoBananaImage -ThrottleLimit 1 -ErrorAction SilentlyContinue
            $emulator.Counters.FaultsByKind.Keys | Should -Be 'BadGateway'
            ($tasks.Prompt | Sort-Object) -join ', '
            $emulator | Stop-NanoBananaEmulator
        }
        $runs[0] | Should -Be $runs[1]
    }

    It 'requires -FaultRate for -FaultKind' {
        { Start-NanoBananaEmulator -FaultKind Reset } |
            Should -Throw -ErrorId 'InvalidRequest,NanoBanana.Commands.StartNanoBananaEmulatorCommand' -ExpectedMessage '*-FaultRate*'
    }

    It 'completes -FaultKind' {
        $line = 'Start-NanoBananaEmulator -FaultKind Rate'
        [System.Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null).CompletionMatches.CompletionText |
            Should -Be 'RateLimited'
    }

    It 'is reached without a proxy if HTTP_PROXY is set' {
        $job = Start-Job -ArgumentList $ModulePath, "$TestDrive/direct.png" -ScriptBlock {
            param($Module, $File)
            # No server uses this port.
            $env:HTTP_PROXY = 'http://127.0.0.1:9/'
            Import-Module -Name $Module
            Start-NanoBananaEmulator -TimeScale 0 | Connect-NanoBanana -MaximumRetryCount 0
            New-NanoBananaImage -Prompt 'a fox' -OutFile $File
        }
        ($job | Receive-Job -Wait -AutoRemoveJob).Name | Should -Be 'direct.png'
    }

    It 'starts nothing with -WhatIf' {
        Start-NanoBananaEmulator -WhatIf | Should -BeNullOrEmpty
    }

    It 'reports a port that is in use' {
        $taken = (Start-NanoBananaEmulator).Endpoint.Port
        { Start-NanoBananaEmulator -Port $taken } |
            Should -Throw -ErrorId 'InvalidRequest,NanoBanana.Commands.StartNanoBananaEmulatorCommand' -ExpectedMessage '*-Port 0*'
    }

    It 'reports an invalid key and does not mention the port' {
        $failure = { Start-NanoBananaEmulator -ApiKey 'two words' } |
            Should -Throw -ErrorId 'InvalidRequest,NanoBanana.Commands.StartNanoBananaEmulatorCommand' -ExpectedMessage '*ApiKey*' -PassThru
        $failure.Exception.Message | Should -Not -BeLike '*-Port*'
    }

    It 'refuses <Name> <Value>' -ForEach @(
        @{ Name = 'TimeScale'; Value = -1 }
        @{ Name = 'FailureRate'; Value = 1.1 }
        @{ Name = 'FaultRate'; Value = 1.1 }
        @{ Name = 'Port'; Value = 65536 }
        @{ Name = 'ApiKey'; Value = '' }
    ) {
        $arguments = @{ $Name = $Value }
        { Start-NanoBananaEmulator @arguments } |
            Should -Throw -ErrorId 'ParameterArgumentValidationError,NanoBanana.Commands.StartNanoBananaEmulatorCommand'
    }
}
