Describe 'Disconnect-NanoBanana' {
    BeforeAll {
        . $PSScriptRoot/Shared.ps1
    }
    AfterEach {
        Stop-NanoBananaEmulator
        Disconnect-NanoBanana
    }

    It 'forgets the connection of this runspace' {
        $emulator = Connect-TestEmulator
        Disconnect-NanoBanana
        Get-NanoBananaConnection | Should -BeNullOrEmpty
        { 'a fox' | New-NanoBananaImage } | Should -Throw -ErrorId 'ApiKeyMissing,NanoBanana.Commands.NewNanoBananaImageCommand'
        $emulator.Counters.CreatesReceived | Should -Be 0
    }

    It 'writes nothing, and does not mind that there is no connection' {
        Disconnect-NanoBanana -ErrorVariable failures | Should -BeNullOrEmpty
        $failures | Should -BeNullOrEmpty
    }

    It 'leaves a connection that a script holds in its hand' {
        $null = Connect-TestEmulator
        $connection = Get-NanoBananaConnection
        Disconnect-NanoBanana
        'a fox' | New-NanoBananaImage -Connection $connection | Should -HaveCount 1
    }

    It 'leaves the connections of other runspaces' {
        $null = Connect-TestEmulator
        $null = Invoke-Unattended 'Disconnect-NanoBanana'
        'a fox' | New-NanoBananaImage | Should -HaveCount 1
    }
}
