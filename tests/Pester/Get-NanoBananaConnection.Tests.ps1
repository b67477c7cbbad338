Describe 'Get-NanoBananaConnection' {
    BeforeAll {
        . $PSScriptRoot/Shared.ps1
    }
    AfterEach {
        Stop-NanoBananaEmulator
        Disconnect-NanoBanana
        $env:NANOBANANA_API_KEY = $null
    }

    It 'shows where commands go, and the key masked' {
        $emulator = Connect-TestEmulator -ApiKey 'sk-0123456789-abcdefghij'
        $connection = Get-NanoBananaConnection
        $connection.Endpoint | Should -Be $emulator.Endpoint
        $connection.KeySource | Should -Be 'Parameter'
        $connection.MaskedKey | Should -Be '…ghij'
    }

    It 'hides a short key whole' {
        Connect-NanoBanana -ApiKey 'short'
        (Get-NanoBananaConnection).MaskedKey | Should -Be '…'
    }

    It 'is nothing, and no error, while there is none' {
        Get-NanoBananaConnection -ErrorVariable failures | Should -BeNullOrEmpty
        $failures | Should -BeNullOrEmpty
    }

    It 'says with -Verbose how to get one' {
        Get-NanoBananaConnection -Verbose 4>&1 | Should -BeLike '*Connect-NanoBanana*'
    }

    It 'is the one that the environment makes, without Connect-NanoBanana' {
        $env:NANOBANANA_API_KEY = 'sk-0123456789-environment'
        (Get-NanoBananaConnection).KeySource | Should -Be 'Environment'
    }

    It 'follows the environment' {
        $env:NANOBANANA_API_KEY = 'sk-0123456789-one1'
        (Get-NanoBananaConnection).MaskedKey | Should -Be '…one1'
        $env:NANOBANANA_API_KEY = 'sk-0123456789-two2'
        (Get-NanoBananaConnection).MaskedKey | Should -Be '…two2'
        $env:NANOBANANA_API_KEY = $null
        Get-NanoBananaConnection | Should -BeNullOrEmpty
    }

    It 'is one for each runspace' {
        $null = Connect-TestEmulator
        (Invoke-Unattended 'Get-NanoBananaConnection').Output | Should -BeNullOrEmpty
    }
}
