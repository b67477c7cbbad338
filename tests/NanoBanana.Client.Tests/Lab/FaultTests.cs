using NanoBanana.Lab.Machines;

namespace NanoBanana.Client.Tests.Lab;

/// <summary>The faults that <c>machines</c> generates.</summary>
public sealed class FaultTests
{
    private static readonly MachinesOptions Options = new()
    {
        Faults = 1, Seed = 7, Machines = 3, Prompts = 10, LeaseSeconds = 10,
        With = [FaultKind.Kill, FaultKind.Pause, FaultKind.ShortPartition],
    };

    [Fact]
    public void The_same_seed_generates_the_same_faults()
    {
        Assert.Equal(Draw(Options, batch: 1), Draw(Options, batch: 1));
        Assert.NotEqual(Draw(Options, batch: 1), Draw(Options, batch: 2));
        Assert.NotEqual(Draw(Options, batch: 1), Draw(Options with { Seed = 8 }, batch: 1));
    }

    [Fact]
    public void All_kinds_of_faults_affect_all_machines_and_all_except_short_ones_outlast_the_lease()
    {
        Fault[] faults = Draw(Options, batch: 0);

        Assert.Equal(Options.With.Order(), faults.Select(fault => fault.Kind).Distinct().Order());
        Assert.Equal([0, 1, 2], faults.Select(fault => fault.Machine).Distinct().Order());
        Assert.All(
            faults,
            fault => Assert.Equal(fault.Kind != FaultKind.ShortPartition, fault.Length > TimeSpan.FromSeconds(Options.LeaseSeconds)));
    }

    private static Fault[] Draw(MachinesOptions options, int batch) => [.. Fault.Draw(options, batch).Take(200)];
}
