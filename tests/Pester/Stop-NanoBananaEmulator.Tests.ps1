Describe 'Stop-NanoBananaEmulator' {
    BeforeAll {
        . $PSScriptRoot/Shared.ps1

        function Test-Emulator([NanoBanana.Emulator.EmulatorServer] $Emulator) {
            $socket = [System.Net.Sockets.TcpClient]::new()
            try {
                $socket.Connect($Emulator.Endpoint.Host, $Emulator.Endpoint.Port)
                $true
            }
            catch [System.Net.Sockets.SocketException] {
                $false
            }
            finally {
                $socket.Dispose()
            }
        }
    }
    AfterEach {
        Stop-NanoBananaEmulator
        Disconnect-NanoBanana
    }

    It 'stops only the emulator from the pipeline' {
        $one = Start-NanoBananaEmulator
        $two = Start-NanoBananaEmulator
        $one | Stop-NanoBananaEmulator
        Test-Emulator $one | Should -BeFalse
        Test-Emulator $two | Should -BeTrue
    }

    It 'stops all emulators of this runspace without an argument' {
        $emulators = 1..3 | ForEach-Object { Start-NanoBananaEmulator }
        Stop-NanoBananaEmulator
        $emulators | ForEach-Object { Test-Emulator $_ } | Should -Be $false, $false, $false
    }

    It 'does not stop emulators of other runspaces' {
        $emulator = Start-NanoBananaEmulator
        $null = Invoke-Unattended 'Stop-NanoBananaEmulator'
        Test-Emulator $emulator | Should -BeTrue
    }

    It 'accepts a stopped emulator and writes nothing' {
        $emulator = Start-NanoBananaEmulator
        $emulator | Stop-NanoBananaEmulator | Should -BeNullOrEmpty
        $emulator | Stop-NanoBananaEmulator -ErrorVariable failures
        $failures | Should -BeNullOrEmpty
    }

    It 'removes the connection to it, and the next command reports this' {
        $emulator = Connect-TestEmulator
        $emulator | Stop-NanoBananaEmulator
        Get-NanoBananaConnection | Should -BeNullOrEmpty
        { 'a fox' | New-NanoBananaImage -ErrorAction Stop } |
            Should -Throw -ErrorId 'ApiKeyMissing,NanoBanana.Commands.NewNanoBananaImageCommand' -ExpectedMessage '*no connection*'
    }

    It 'keeps a connection to another endpoint' {
        $other = Start-NanoBananaEmulator
        $emulator = Connect-TestEmulator
        $other | Stop-NanoBananaEmulator
        (Get-NanoBananaConnection).Endpoint | Should -Be $emulator.Endpoint
    }

    It 'accepts <Name>' -ForEach @(
        @{ Name = 'an endpoint'; Given = { $args[0].Endpoint } }
        @{ Name = 'a port'; Given = { $args[0].Endpoint.Port } }
        @{ Name = 'a connection'; Given = { $args[0] | Connect-NanoBanana -PassThru } }
    ) {
        $emulator = Start-NanoBananaEmulator
        & $Given $emulator | Stop-NanoBananaEmulator
        Test-Emulator $emulator | Should -BeFalse
    }

    It 'stops nothing with -WhatIf' {
        $emulator = Start-NanoBananaEmulator
        $emulator | Stop-NanoBananaEmulator -WhatIf
        Test-Emulator $emulator | Should -BeTrue
    }

    It 'refuses what is not an emulator' {
        5 | Stop-NanoBananaEmulator -ErrorVariable failures -ErrorAction SilentlyContinue
        $failures.FullyQualifiedErrorId | Should -Be 'InvalidRequest,NanoBanana.Commands.StopNanoBananaEmulatorCommand'
        $failures.TargetObject | Should -Be 5
    }

    It 'leaves other connections to it, which fail with ConnectionFailed and advice' {
        $emulator = Start-NanoBananaEmulator
        $connection = $emulator | Connect-NanoBanana -MaximumRetryCount 0 -PassThru
        $emulator | Stop-NanoBananaEmulator
        'a fox' | New-NanoBananaImage -Connection $connection -ErrorVariable failures -ErrorAction SilentlyContinue
        $failures.FullyQualifiedErrorId | Should -Be 'ConnectionFailed,NanoBanana.Commands.NewNanoBananaImageCommand'
        $failures.CategoryInfo.Category | Should -Be 'ConnectionError'
        $failures.TargetObject | Should -Be 'a fox'
        $failures.ErrorDetails.RecommendedAction | Should -BeLike '*Get-NanoBananaConnection*'
    }
}
