Describe 'Get-NanoBananaEmulator' {
    BeforeAll {
        . $PSScriptRoot/Shared.ps1
    }
    AfterEach {
        Stop-NanoBananaEmulator
    }

    It 'lists the running emulators, oldest first' {
        $one, $two, $three = 1..3 | ForEach-Object { Start-NanoBananaEmulator }
        $two | Stop-NanoBananaEmulator
        Get-NanoBananaEmulator | Where-Object { $_ -in $one, $two, $three } | Should -Be $one, $three
    }

    It 'shows the counters of each emulator' {
        $emulator = Connect-TestEmulator
        'a fox', 'an owl' | New-NanoBananaImage -Wait | Should -HaveCount 2
        (Get-NanoBananaEmulator | Where-Object Endpoint -EQ $emulator.Endpoint).Counters.CreatesAccepted | Should -Be 2
        Get-NanoBananaEmulator | Out-String -Width 120 | Should -Match "$([regex]::Escape($emulator.Endpoint))\s+2\s"
    }

    It 'pipes into Connect-NanoBanana and Stop-NanoBananaEmulator' {
        $emulator = Start-NanoBananaEmulator -TimeScale 0
        Get-NanoBananaEmulator | Select-Object -Last 1 | Connect-NanoBanana
        'a fox' | New-NanoBananaImage | Should -HaveCount 1
        Get-NanoBananaEmulator | Where-Object Endpoint -EQ $emulator.Endpoint | Stop-NanoBananaEmulator
        Get-NanoBananaEmulator | Should -Not -Contain $emulator
    }

    It 'lists the emulators of other runspaces of the process' {
        $emulator = Start-NanoBananaEmulator
        (Invoke-Unattended 'Get-NanoBananaEmulator').Output | Should -Contain $emulator
    }
}
