namespace NanoBanana.Module.Tests.Connections;

/// <summary>A session that used an emulator warns before it submits to the service. Each test has a separate process.</summary>
public sealed class EmulatorWarningTests
{
    /// <summary>A request would go to a closed port. Without a journal, a batch is refused and nothing is sent.</summary>
    private const string Setup = """
        $env:HTTPS_PROXY = 'http://127.0.0.1:9/'
        $env:NANOBANANA_JOURNAL = 'off'
        $env:NANOBANANA_API_KEY = 'a-key-of-someone-who-pays-1234'
        $ErrorActionPreference = 'SilentlyContinue'
        Import-Module $module -ErrorAction Stop
        function Submit {
            $warnings = $null
            $null = 'fox', 'owl' | New-NanoBananaImage -Batch b -WarningVariable warnings -WarningAction SilentlyContinue @args
            "$(@($warnings) -match 'emulator')"
        }
        """;

    private const string Expected = @"emulator at http://127\.0\.0\.1:\d+/.*https://cloud\.vtrix\.ai/.*"
        + @"Start-NanoBananaEmulator \| Connect-NanoBanana.*Connect-NanoBanana -Endpoint https://cloud\.vtrix\.ai/";

    [Theory]
    [InlineData("Start-NanoBananaEmulator | Connect-NanoBanana; Import-Module $module -Force")]
    [InlineData("Start-NanoBananaEmulator | Connect-NanoBanana; Stop-NanoBananaEmulator; Remove-Module NanoBanana; Import-Module $module")]
    [InlineData("Start-NanoBananaEmulator | Connect-NanoBanana; Disconnect-NanoBanana")]
    [InlineData("$null = Start-NanoBananaEmulator")]
    [InlineData("Connect-NanoBanana; $null = Start-NanoBananaEmulator")]
    public async Task First_submission_to_the_service_warns_once_and_WhatIf_each_time(string script)
    {
        string[] lines = await FreshProcess.RunAsync($"{Setup}\n{script}\nSubmit -WhatIf; Submit -WhatIf; Submit; 'after: ' + (Submit)");

        Assert.Equal(4, lines.Length);
        Assert.All(lines[..3], line => Assert.Matches(Expected, line));
        Assert.Equal("after:", lines[3]);
    }

    [Fact]
    public async Task Nothing_is_sent_if_the_warning_stops_the_command()
    {
        string[] lines = await FreshProcess.RunAsync($$"""
            {{Setup}}
            $emulator = Start-NanoBananaEmulator
            $env:HTTPS_PROXY = $emulator.Endpoint
            try { New-NanoBananaImage fox -WarningAction Stop } catch { "$_" }
            $emulator.Counters.ConnectionsAccepted
            """);

        Assert.Matches(Expected, lines[0]);
        Assert.Equal("0", lines[1]);
    }

    [Fact]
    public async Task Another_runspace_warns_too()
    {
        string[] lines = await FreshProcess.RunAsync($$"""
            {{Setup}}
            Start-NanoBananaEmulator | Connect-NanoBanana
            1 | ForEach-Object -Parallel {
                Import-Module $using:module
                New-NanoBananaImage fox -WhatIf -WarningVariable warnings -WarningAction SilentlyContinue
                "$warnings"
            }
            """);

        Assert.Matches(Expected, Assert.Single(lines));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Connect-NanoBanana")]
    [InlineData("Start-NanoBananaEmulator | Connect-NanoBanana; Connect-NanoBanana")]
    [InlineData("Start-NanoBananaEmulator | Connect-NanoBanana; Connect-NanoBanana; Import-Module $module -Force")]
    [InlineData("$null = Start-NanoBananaEmulator; $PSDefaultParameterValues['*Image:Connection'] = Connect-NanoBanana -PassThru")]
    [InlineData("$null = Start-NanoBananaEmulator; $env:NANOBANANA_API_KEY = $null")]
    [InlineData("Start-NanoBananaEmulator | Connect-NanoBanana")]
    public async Task Session_without_an_emulator_or_with_an_explicit_endpoint_gets_no_warning(string script)
    {
        string[] lines = await FreshProcess.RunAsync($"{Setup}\n{script}\n'none: ' + (Submit -WhatIf) + (Submit)");

        Assert.Equal(["none:"], lines);
    }
}
