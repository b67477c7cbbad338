namespace NanoBanana.Module.Tests.Rehearsal;

/// <summary>Rehearsals of faults with Start-NanoBananaEmulator -FaultRate.</summary>
public sealed class FaultRateTests() : ModuleTest(connect: false)
{
    private const string Script = """
        $emulator = Start-NanoBananaEmulator -TimeScale 0 -FaultRate 0.5 -FaultKind BadGateway -Seed 7
        $emulator | Connect-NanoBanana
        1..20 | ForEach-Object { "fox $_" } | New-NanoBananaImage -ThrottleLimit 1 | ForEach-Object Prompt
        """;

    [Fact]
    public void Faults_are_the_same_for_the_same_seed()
    {
        ShellResult first = Run(Script);
        ShellResult second = Run(Script);

        Assert.InRange(first.Output.Count, 1, 19);
        Assert.Equal(20, first.Output.Count + first.Errors.Count);
        Assert.All(
            first.Errors,
            e => Assert.Equal("SubmissionUnknown,NanoBanana.Commands.NewNanoBananaImageCommand", e.FullyQualifiedErrorId));
        Assert.Equal(first.Output.Select(o => $"{o}").Order(), second.Output.Select(o => $"{o}").Order());
    }

    [Fact]
    public void Faults_are_counted_by_kind()
    {
        PSObject counted = Assert.Single(Run(Script + " | Out-Null; $emulator.Counters").Output);

        Assert.Equal("BadGateway", $"{Shell.Run("$emulator.Counters.FaultsByKind.Keys").Output.Single()}");
        Assert.Equal(
            (long)counted.Properties["Faults"].Value,
            Shell.Run("$emulator.Counters.FaultsByKind['BadGateway']").Output.Single().BaseObject);
    }

    [Fact]
    public void Faults_can_be_queued_from_a_script()
    {
        IReadOnlyList<PSObject> tasks = Run("""
            $emulator = Start-NanoBananaEmulator -TimeScale 0
            $emulator | Connect-NanoBanana
            $emulator.Enqueue('Create', [NanoBanana.Emulator.EmulatorFault]::Status(429, 1))
            New-NanoBananaImage 'a fox'
            """).Ok();

        Assert.Single(tasks);
        Assert.Equal(2L, Run("$emulator.Counters.CreatesReceived").Output.Single().BaseObject);
    }

    [Fact]
    public void FaultKind_without_FaultRate_is_refused() =>
        Assert.Contains(
            "-FaultRate",
            Run("Start-NanoBananaEmulator -FaultKind Reset")
                .OnlyError("InvalidRequest,NanoBanana.Commands.StartNanoBananaEmulatorCommand", ErrorCategory.InvalidArgument)
                .Exception.Message,
            StringComparison.Ordinal);

    [Fact]
    public void Fault_kinds_are_completed()
    {
        const string Line = "Start-NanoBananaEmulator -FaultKind Rate";
        string complete = $"[System.Management.Automation.CommandCompletion]::CompleteInput('{Line}', {Line.Length}, $null)";
        IReadOnlyList<PSObject> found = Run($"{complete}.CompletionMatches.CompletionText").Output;
        Assert.Equal("RateLimited", $"{Assert.Single(found)}");
    }
}
