namespace NanoBanana.Module.Tests.Connections;

/// <summary>Emulators can be listed, and stopped by object, endpoint or port. Stopping one removes its connection.</summary>
public sealed class EmulatorCommandTests() : ModuleTest(connect: false)
{
    [Fact]
    public void Running_emulators_are_listed_oldest_first()
    {
        Run("$one, $two, $three = 1..3 | ForEach-Object { Start-NanoBananaEmulator }; $two | Stop-NanoBananaEmulator").Ok();

        Assert.Equal(["True", "True", "2"], Run("""
            $all = Get-NanoBananaEmulator | Where-Object { $_ -in $one, $two, $three }
            $all[0] -eq $one
            $all[1] -eq $three
            @($all).Count
            """).Ok().Select(o => $"{o}"));
    }

    [Fact]
    public void Disposed_emulator_is_not_listed()
    {
        Run("$gone = Start-NanoBananaEmulator; $gone.Dispose()").Ok();

        Assert.Empty(Run("Get-NanoBananaEmulator | Where-Object { $_ -eq $gone }").Ok());
    }

    [Fact]
    public void A_listed_emulator_binds_to_Connect_and_Stop() =>
        Assert.Equal(["True", "fox", "False"], Run("""
            $own = Start-NanoBananaEmulator -TimeScale 0
            Get-NanoBananaEmulator | Where-Object { $_ -eq $own } | Connect-NanoBanana
            (Get-NanoBananaConnection).Endpoint -eq $own.Endpoint
            (New-NanoBananaImage fox).Prompt
            Get-NanoBananaEmulator | Where-Object { $_ -eq $own } | Stop-NanoBananaEmulator
            $own.IsRunning
            """).Ok().Select(o => $"{o}"));

    [Fact]
    public void Runspace_lists_all_emulators_of_the_process_and_stops_only_its_own()
    {
        using ShellSession other = new ShellSession(Folder.Path).Import();
        var emulator = Run("$own = Start-NanoBananaEmulator; $own").Ok().Single();

        IReadOnlyList<PSObject> listed = other.Run("Stop-NanoBananaEmulator; Get-NanoBananaEmulator").Ok();
        Assert.Contains(listed, one => ReferenceEquals(one.BaseObject, emulator.BaseObject));
    }

    [Theory]
    [InlineData("$own | Stop-NanoBananaEmulator")]
    [InlineData("Stop-NanoBananaEmulator")]
    [InlineData("Stop-NanoBananaEmulator $own.Endpoint")]
    [InlineData("Stop-NanoBananaEmulator \"$($own.Endpoint)\"")]
    [InlineData("Stop-NanoBananaEmulator $own.Endpoint.Authority")]
    [InlineData("Stop-NanoBananaEmulator $own.Endpoint.Port")]
    [InlineData("Get-NanoBananaConnection | Stop-NanoBananaEmulator")]
    [InlineData("$own.Dispose(); $own | Stop-NanoBananaEmulator")]
    public void Stop_accepts_object_endpoint_or_port_and_removes_the_connection(string stop)
    {
        Run($"$own = Start-NanoBananaEmulator; $own | Connect-NanoBanana; {stop}").Ok();

        Assert.Equal("False", $"{Run("$own.IsRunning").Ok().Single()}");
        Assert.Empty(Run("Get-NanoBananaConnection").Ok());
        ErrorRecord error = Run("New-NanoBananaImage fox")
            .OnlyError("ApiKeyMissing,NanoBanana.Commands.NewNanoBananaImageCommand", ErrorCategory.AuthenticationError);
        Assert.Contains("There is no connection", error.ToString(), StringComparison.Ordinal);
        Assert.Contains(Run("$own.Endpoint").Ok().Single().ToString(), error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Connection_to_another_endpoint_is_kept()
    {
        Run("""
            $own = Start-NanoBananaEmulator
            Start-NanoBananaEmulator -TimeScale 0 | Connect-NanoBanana
            $own | Stop-NanoBananaEmulator
            """).Ok();

        Assert.Single(Run("New-NanoBananaImage fox").Ok());
    }

    [Fact]
    public void Connection_to_a_new_emulator_on_the_same_port_is_kept()
    {
        Run("""
            $old = Start-NanoBananaEmulator; $old | Stop-NanoBananaEmulator
            $new = Start-NanoBananaEmulator -TimeScale 0 -Port $old.Endpoint.Port; $new | Connect-NanoBanana
            $old | Stop-NanoBananaEmulator
            """).Ok();

        Assert.Single(Run("New-NanoBananaImage fox").Ok());
    }

    [Fact]
    public void WhatIf_keeps_the_connection()
    {
        Run("$own = Start-NanoBananaEmulator -TimeScale 0; $own | Connect-NanoBanana; $own | Stop-NanoBananaEmulator -WhatIf").Ok();

        Assert.Single(Run("New-NanoBananaImage fox").Ok());
    }

    [Fact]
    public void Endpoint_without_a_running_emulator_is_an_error_with_advice()
    {
        ErrorRecord error = Run("Stop-NanoBananaEmulator http://127.0.0.1:9/")
            .OnlyError("InvalidRequest,NanoBanana.Commands.StopNanoBananaEmulatorCommand", ErrorCategory.InvalidArgument);

        Assert.Contains("Get-NanoBananaEmulator", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Tab_offers_the_endpoints_of_running_emulators()
    {
        string endpoint = Run("$own = Start-NanoBananaEmulator; $own.Endpoint").Ok().Single().ToString();

        Assert.Contains(Shell.Complete("Stop-NanoBananaEmulator "), offered => offered.ListItemText == endpoint);
    }

    [Fact]
    public async Task Environment_key_is_not_used_after_the_emulator_was_stopped()
    {
        string[] lines = await FreshProcess.RunAsync("""
            $env:NANOBANANA_JOURNAL = 'off'
            $env:NANOBANANA_API_KEY = 'a-key-of-someone-who-pays-1234'
            Import-Module $module
            $spy = Start-NanoBananaEmulator
            $env:HTTPS_PROXY = $spy.Endpoint
            $own = Start-NanoBananaEmulator
            $own | Connect-NanoBanana
            $own | Stop-NanoBananaEmulator
            try { New-NanoBananaImage fox -ErrorAction Stop } catch { $_.FullyQualifiedErrorId }
            try { 'fox' | New-NanoBananaImage -ErrorAction Stop } catch { $_.FullyQualifiedErrorId }
            $spy.Counters.ConnectionsAccepted
            Disconnect-NanoBanana
            "$((Get-NanoBananaConnection).KeySource)"
            """);

        const string Refused = "ApiKeyMissing,NanoBanana.Commands.NewNanoBananaImageCommand";
        Assert.Equal([Refused, Refused, "0", "Environment"], lines);
    }

    [Fact]
    public void Journal_of_a_stopped_emulator_is_listed_until_another_connection_is_made() =>
        Assert.Equal("fox of a stopped emulator", Run("""
            $own = Start-NanoBananaEmulator -TimeScale 0; $own | Connect-NanoBanana
            $id = (New-NanoBananaImage 'fox of a stopped emulator').Id
            Stop-NanoBananaEmulator
            Get-NanoBananaTask | Where-Object Id -eq $id
            """).Ok().Single().Text("Prompt"));
}
