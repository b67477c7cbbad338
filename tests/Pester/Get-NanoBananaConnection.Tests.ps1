Describe 'Get-NanoBananaConnection' {
    BeforeAll {
        . $PSScriptRoot/Shared.ps1
    }
    AfterEach {
        Stop-NanoBananaEmulator
        Disconnect-NanoBanana
        $env:NANOBANANA_API_KEY = $null
    }

    It 'shows the endpoint and the masked key' {
        $emulator = Connect-TestEmulator -ApiKey 'sk-0123456789-abcdefghij'
        $connection = Get-NanoBananaConnection
        $connection.Endpoint | Should -Be $emulator.Endpoint
        $connection.KeySource | Should -Be 'Parameter'
        $connection.MaskedKey | Should -Be '…ghij'
    }

    It 'masks a short key completely' {
        Connect-NanoBanana -ApiKey 'short'
        (Get-NanoBananaConnection).MaskedKey | Should -Be '…'
    }

    It 'emits nothing and no error without a connection' {
        Get-NanoBananaConnection -ErrorVariable failures | Should -BeNullOrEmpty
        $failures | Should -BeNullOrEmpty
    }

    It 'explains with -Verbose how to connect' {
        Get-NanoBananaConnection -Verbose 4>&1 | Should -BeLike '*Connect-NanoBanana*'
    }

    It 'emits the connection of the environment variable without Connect-NanoBanana' {
        $env:NANOBANANA_API_KEY = 'sk-0123456789-environment'
        (Get-NanoBananaConnection).KeySource | Should -Be 'Environment'
    }

    It 'changes with the environment variable' {
        $env:NANOBANANA_API_KEY = 'sk-0123456789-one1'
        (Get-NanoBananaConnection).MaskedKey | Should -Be '…one1'
        $env:NANOBANANA_API_KEY = 'sk-0123456789-two2'
        (Get-NanoBananaConnection).MaskedKey | Should -Be '…two2'
        $env:NANOBANANA_API_KEY = $null
        Get-NanoBananaConnection | Should -BeNullOrEmpty
    }

    It 'is separate for each runspace' {
        $null = Connect-TestEmulator
        (Invoke-Unattended 'Get-NanoBananaConnection').Output | Should -BeNullOrEmpty
    }
}
