namespace NanoBanana.Module.Tests.Rehearsal;

/// <summary>What a person rehearses with Start-NanoBananaEmulator -FaultRate.</summary>
public sealed class BadDayTests() : ModuleTest(connect: false)
{
    private const string BadDay = """
        $emulator = Start-NanoBananaEmulator -TimeScale 0 -FaultRate 0.5 -FaultKind BadGateway -Seed 7
        $emulator | Connect-NanoBanana
        1..20 | ForEach-Object { "fox $_" } | New-NanoBananaImage | ForEach-Object Prompt
        """;

    [Fact]
    public void A_bad_day_comes_again_from_its_seed()
    {
        ShellResult first = Run(BadDay);
        ShellResult second = Run(BadDay);

        Assert.InRange(first.Output.Count, 1, 19);
        Assert.Equal(20, first.Output.Count + first.Errors.Count);
        Assert.All(first.Errors, e => Assert.Equal("SubmissionUnknown,NanoBanana.Commands.NewNanoBananaImageCommand", e.FullyQualifiedErrorId));
        Assert.Equal(first.Output.Select(o => $"{o}").Order(), second.Output.Select(o => $"{o}").Order());
    }

    [Fact]
    public void What_was_met_is_counted_by_kind()
    {
        PSObject counted = Assert.Single(Run(BadDay + " | Out-Null; $emulator.Counters").Output);

        Assert.Equal("BadGateway", $"{Shell.Run("$emulator.Counters.FaultsByKind.Keys").Output.Single()}");
        Assert.Equal((long)counted.Properties["Faults"].Value, Shell.Run("$emulator.Counters.FaultsByKind['BadGateway']").Output.Single().BaseObject);
    }

    [Fact]
    public void Faults_are_queued_from_a_script()
    {
        IReadOnlyList<PSObject> tasks = Run("""
            $emulator = Start-NanoBananaEmulator -TimeScale 0
            $emulator | Connect-NanoBanana
            $emulator.Enqueue('Create', [NanoBanana.Emulator.EmulatorFault]::Status(429, 1))
            New-NanoBananaImage 'a fox'
            """).Good();

        Assert.Single(tasks);
        Assert.Equal(2L, Run("$emulator.Counters.CreatesReceived").Output.Single().BaseObject);
    }

    [Fact]
    public void A_kind_without_a_rate_is_refused() =>
        Assert.Contains("-FaultRate", Run("Start-NanoBananaEmulator -FaultKind Reset")
            .OnlyError("InvalidRequest,NanoBanana.Commands.StartNanoBananaEmulatorCommand", ErrorCategory.InvalidArgument).Exception.Message, StringComparison.Ordinal);

    [Fact]
    public void Kinds_are_completed()
    {
        const string Line = "Start-NanoBananaEmulator -FaultKind Rate";
        IReadOnlyList<PSObject> found = Run($"[System.Management.Automation.CommandCompletion]::CompleteInput('{Line}', {Line.Length}, $null).CompletionMatches.CompletionText").Output;
        Assert.Equal("RateLimited", $"{Assert.Single(found)}");
    }
}
