Describe 'Test-NanoBananaConnection' {
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

    It 'passes a valid connection without a submission' {
        $test = Test-NanoBananaConnection -Destination TestDrive:/new
        $test.Success | Should -BeTrue
        $test.Destination.Success | Should -BeTrue
        $test.Journal.Success | Should -BeTrue
        $Emulator.Counters.CreatesReceived | Should -Be 0
        Test-Path TestDrive:/new | Should -BeFalse
    }

    It 'explains what to do about a rejected key' {
        $wrong = Connect-NanoBanana -Endpoint $Emulator.Endpoint -ApiKey not-this-key -PassThru
        $test = Test-NanoBananaConnection -Connection $wrong
        $Emulator | Connect-NanoBanana
        $test.Success | Should -BeFalse
        $test.Service.Success | Should -BeTrue
        $test.ApiKey.Message | Should -BeLike '*Connect-NanoBanana*'
    }

    It 'shows one line for each check' {
        $text = Test-NanoBananaConnection | Out-String
        'Service', 'ApiKey', 'Proxy', 'Clock', 'Journal', 'Destination' |
            ForEach-Object { $text | Should -Match "(?m)^$_ +: (passed|not checked): " }
    }

    It 'reports a missing key without an error' {
        $run = Invoke-Unattended 'Test-NanoBananaConnection'
        $run.Errors | Should -BeNullOrEmpty
        $run.Output.Success | Should -BeFalse
    }
}
