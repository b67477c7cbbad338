namespace NanoBanana.Module.Tests.Connections;

/// <summary>A session that used an emulator does not buy at the service without a word, each in a process of its own.</summary>
public sealed class EmulatorWarningTests
{
    /// <summary>Whatever leaves would go to a closed port. Without a journal a batch is refused, so that nothing leaves.</summary>
    private const string Begin = """
        $env:HTTPS_PROXY = 'http://127.0.0.1:9/'
        $env:NANOBANANA_JOURNAL = 'off'
        $env:NANOBANANA_API_KEY = 'a-key-of-someone-who-pays-1234'
        $ErrorActionPreference = 'SilentlyContinue'
        Import-Module $module -ErrorAction Stop
        function Buy {
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
    public async Task First_purchase_at_the_service_warns_once_and_a_preview_each_time(string script)
    {
        string[] lines = await FreshProcess.RunAsync($"{Begin}\n{script}\nBuy -WhatIf; Buy -WhatIf; Buy; 'after: ' + (Buy)");

        Assert.Equal(4, lines.Length);
        Assert.All(lines[..3], line => Assert.Matches(Expected, line));
        Assert.Equal("after:", lines[3]);
    }

    [Fact]
    public async Task Warning_that_stops_the_command_leaves_nothing_sent()
    {
        string[] lines = await FreshProcess.RunAsync($$"""
            {{Begin}}
            $emulator = Start-NanoBananaEmulator
            $env:HTTPS_PROXY = $emulator.Endpoint
            try { New-NanoBananaImage fox -WarningAction Stop } catch { "$_" }
            $emulator.Counters.ConnectionsAccepted
            """);

        Assert.Matches(Expected, lines[0]);
        Assert.Equal("0", lines[1]);
    }

    [Fact]
    public async Task Runspace_of_its_own_warns_too()
    {
        string[] lines = await FreshProcess.RunAsync($$"""
            {{Begin}}
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
    public async Task Session_without_an_emulator_or_with_a_chosen_endpoint_is_not_warned(string script)
    {
        string[] lines = await FreshProcess.RunAsync($"{Begin}\n{script}\n'none: ' + (Buy -WhatIf) + (Buy)");

        Assert.Equal(["none:"], lines);
    }
}
