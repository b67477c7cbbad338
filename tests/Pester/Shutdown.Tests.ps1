# Signals exist only on Unix. The Windows equivalents use the same handler.
BeforeDiscovery {
    $ending = @(
        @{ Signal = 'TERM'; Number = 15; ExitCode = 143 }
        @{ Signal = 'HUP'; Number = 1; ExitCode = 129 }
        @{ Signal = 'INT'; Number = 2; ExitCode = 130 }
    )
    # A process that was started with nohup, or in the background of a script, ignores some signals, and so do its children.
    if (Test-Path -LiteralPath /proc/self/status) {
        $ignored = [System.Convert]::ToInt64(((grep SigIgn /proc/self/status) -split '\s+')[1], 16)
        $ending = @($ending | Where-Object { -not ($ignored -band (1L -shl ($_.Number - 1))) })
    }
}

Describe 'A process that ends while submissions are in flight' -Skip:($IsWindows) {
    BeforeAll {
        . $PSScriptRoot/Shared.ps1
        $script:Emulator = Connect-TestEmulator
        $script:Journal = Use-TestJournal
        $script:Child = Join-Path -Path ([System.IO.Path]::GetTempPath()) -ChildPath "$([guid]::NewGuid()).ps1"
        Set-Content -LiteralPath $Child -Value @'
            param($Module, $Endpoint, $Key, $Batch)
            Import-Module -Name $Module
            Connect-NanoBanana -ApiKey $Key -Endpoint $Endpoint
            1..20 | ForEach-Object { "$Batch $_" } | New-NanoBananaImage -Batch $Batch -ThrottleLimit 8 -RunVariable run |
                Wait-NanoBananaTask
            exit $run.ExitCode
'@
    }
    AfterAll {
        $Emulator | Stop-NanoBananaEmulator
        Disconnect-NanoBanana
        Clear-TestJournal -Path $Journal
        Remove-Item -LiteralPath $Child
    }

    It 'after <Signal> stores and reports the id of every accepted task and sends nothing else' -ForEach $ending {
        # The requests are accepted immediately, but answered so late that the signal comes first.
        1..8 | ForEach-Object { $Emulator.Enqueue('Create', [NanoBanana.Emulator.EmulatorFault]::SlowStart([timespan]::FromSeconds(3))) }
        $before = $Emulator.Counters
        $start = [System.Diagnostics.ProcessStartInfo]::new([System.Environment]::ProcessPath)
        '-NoProfile', '-File', $Child, $ModulePath, "$($Emulator.Endpoint)", $Emulator.GetApiKey(), "batch-$Signal" |
            ForEach-Object { $start.ArgumentList.Add($_) }
        $start.RedirectStandardOutput = $true
        $process = [System.Diagnostics.Process]::Start($start)
        $text = $process.StandardOutput.ReadToEndAsync()
        Wait-EmulatorCounter -Emulator $Emulator -Counter CreatesAccepted -AtLeast ($before.CreatesAccepted + 8)

        & (Get-Command -Name kill -CommandType Application)[0] -s $Signal $process.Id
        $process.WaitForExit(60000) | Should -BeTrue
        $process.ExitCode | Should -Be $ExitCode
        $run = (Get-NanoBananaBatch -Batch "batch-$Signal").Run
        $run.ExitCode | Should -Be $ExitCode
        $run.Bought | Should -Be 8

        $Emulator.Counters.CreatesReceived - $before.CreatesReceived | Should -Be 8
        $bought = @($Emulator.Tasks | Where-Object Prompt -Like "batch-$Signal *")
        $known = @(Get-NanoBananaTask -Batch "batch-$Signal")
        $known.Id | Sort-Object | Should -Be ($bought.Id | Sort-Object)
        $known.Status | Where-Object { $_ -in 'Submitting', 'Unknown' } | Should -BeNullOrEmpty
        $bought | ForEach-Object { $text.Result.Contains($_.Id) | Should -BeTrue -Because "$($_.Id) is named" }
    }
}
