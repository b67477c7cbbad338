Describe 'Disconnect-NanoBanana' {
    BeforeAll {
        . $PSScriptRoot/Shared.ps1
    }
    AfterEach {
        Stop-NanoBananaEmulator
        Disconnect-NanoBanana
    }

    It 'removes the connection of this runspace' {
        $emulator = Connect-TestEmulator
        Disconnect-NanoBanana
        Get-NanoBananaConnection | Should -BeNullOrEmpty
        { 'a fox' | New-NanoBananaImage } | Should -Throw -ErrorId 'ApiKeyMissing,NanoBanana.Commands.NewNanoBananaImageCommand'
        $emulator.Counters.CreatesReceived | Should -Be 0
    }

    It 'writes nothing, also without a connection' {
        Disconnect-NanoBanana -ErrorVariable failures | Should -BeNullOrEmpty
        $failures | Should -BeNullOrEmpty
    }

    It 'does not affect a connection in a variable' {
        $null = Connect-TestEmulator
        $connection = Get-NanoBananaConnection
        Disconnect-NanoBanana
        'a fox' | New-NanoBananaImage -Connection $connection | Should -HaveCount 1
    }

    It 'does not affect the connections of other runspaces' {
        $null = Connect-TestEmulator
        $null = Invoke-Unattended 'Disconnect-NanoBanana'
        'a fox' | New-NanoBananaImage | Should -HaveCount 1
    }
}
