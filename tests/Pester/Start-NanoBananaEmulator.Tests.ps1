Describe 'Start-NanoBananaEmulator' {
    BeforeAll {
        . $PSScriptRoot/Shared.ps1
    }
    AfterEach {
        Stop-NanoBananaEmulator
        Disconnect-NanoBanana
    }

    It 'listens on this machine alone, on a free port' {
        $emulator = Start-NanoBananaEmulator
        $emulator | Should -BeOfType ([NanoBanana.Emulator.EmulatorServer])
        $emulator.Endpoint.Host | Should -Be '127.0.0.1'
        $emulator.Endpoint.Port | Should -BeGreaterThan 0
    }

    It 'emits what Connect-NanoBanana takes by property name' {
        $connection = Start-NanoBananaEmulator -ApiKey 'a-key-of-its-own' | Connect-NanoBanana -PassThru
        $connection.MaskedKey | Should -Be '…-own'
        'a fox' | New-NanoBananaImage | Should -HaveCount 1
    }

    It 'runs beside others' {
        $one = Start-NanoBananaEmulator
        $two = Start-NanoBananaEmulator
        $one.Endpoint | Should -Not -Be $two.Endpoint
    }

    It 'repeats a run from the same -Seed' {
        $ids = foreach ($run in 1, 2) {
            $emulator = Start-NanoBananaEmulator -Seed 7
            $emulator | Connect-NanoBanana
            ('a fox' | New-NanoBananaImage).Id
            $emulator | Stop-NanoBananaEmulator
        }
        $ids[0] | Should -Be $ids[1]
    }

    It 'has tasks done at the first look with -TimeScale 0' {
        Start-NanoBananaEmulator -TimeScale 0 | Connect-NanoBanana
        ('a fox' | New-NanoBananaImage | Get-NanoBananaTask).Status | Should -Be 'Completed'
    }

    It 'has every task fail with -FailureRate 1' {
        Start-NanoBananaEmulator -TimeScale 0 -FailureRate 1 | Connect-NanoBanana
        ('a fox' | New-NanoBananaImage | Get-NanoBananaTask).Status | Should -Be 'Failed'
    }

    It 'has requests go wrong with -FaultRate, the same ones from the same -Seed' {
        $runs = foreach ($run in 1, 2) {
            $emulator = Start-NanoBananaEmulator -TimeScale 0 -FaultRate 0.5 -FaultKind BadGateway -Seed 7
            $emulator | Connect-NanoBanana
            $tasks = 1..20 | ForEach-Object { "fox $_" } | New-NanoBananaImage -ErrorAction SilentlyContinue
            $emulator.Counters.FaultsByKind.Keys | Should -Be 'BadGateway'
            ($tasks.Prompt | Sort-Object) -join ', '
            $emulator | Stop-NanoBananaEmulator
        }
        $runs[0] | Should -Be $runs[1]
    }

    It 'says that -FaultKind needs -FaultRate' {
        { Start-NanoBananaEmulator -FaultKind Reset } |
            Should -Throw -ErrorId 'InvalidRequest,NanoBanana.Commands.StartNanoBananaEmulatorCommand' -ExpectedMessage '*-FaultRate*'
    }

    It 'completes -FaultKind' {
        $line = 'Start-NanoBananaEmulator -FaultKind Rate'
        [System.Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null).CompletionMatches.CompletionText |
            Should -Be 'RateLimited'
    }

    It 'is reached directly where HTTP_PROXY names a proxy' {
        $job = Start-Job -ArgumentList $ModulePath, "$TestDrive/direct.png" -ScriptBlock {
            param($Module, $File)
            # Nobody listens there.
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

    It 'says that a port is taken' {
        $taken = (Start-NanoBananaEmulator).Endpoint.Port
        { Start-NanoBananaEmulator -Port $taken } |
            Should -Throw -ErrorId 'InvalidRequest,NanoBanana.Commands.StartNanoBananaEmulatorCommand' -ExpectedMessage '*-Port 0*'
    }

    It 'says that a key can not be one, and speaks of no port' {
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
