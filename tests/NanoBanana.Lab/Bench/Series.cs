namespace NanoBanana.Lab.Bench;

/// <summary>The runs of one rival. Each number is the median of the runs.</summary>
/// <param name="runs">The measured runs.</param>
/// <param name="first">The first run, which can be a warm-up.</param>
internal sealed class Series(IReadOnlyList<Measured> runs, Measured first)
{
    public double PerSecond => Median(run => run.Items / run.Sample.Seconds);

    /// <summary>Milliseconds per item.</summary>
    public double Cpu => Median(run => 1000 * run.Sample.CpuSeconds / run.Items);

    /// <summary>Milliseconds of the emulator per item.</summary>
    public double EmulatorCpu => Median(run => 1000 * (run.After.CpuSeconds - run.Before.CpuSeconds) / run.Items);

    /// <summary>Kilobytes per item.</summary>
    public double Allocated => Median(run => run.Sample.AllocatedBytes / 1000.0 / run.Items);

    /// <summary>Commits per item, if they are counted.</summary>
    public double Commits => Median(run => (double)run.Sample.Commits / run.Items);

    /// <summary>Statements per item, if they are counted.</summary>
    public double Statements => Median(run => (double)run.Sample.Statements / run.Items);

    /// <summary>Polls per item.</summary>
    public double Polls => Median(run => (double)(run.After.Counters.Polls - run.Before.Counters.Polls) / run.Items);

    /// <summary>New connections per item in the run with the most.</summary>
    public double WorstConnections =>
        runs.Max(run => (double)(run.After.Counters.ConnectionsAccepted - run.Before.Counters.ConnectionsAccepted) / run.Items);

    /// <summary>New connections per item in the first run of a process.</summary>
    public double FirstConnections =>
        (double)(first.After.Counters.ConnectionsAccepted - first.Before.Counters.ConnectionsAccepted) / first.Items;

    /// <summary>TLS handshakes per item in the first run of a process.</summary>
    public double FirstHandshakes => (double)(first.After.Handshakes - first.Before.Handshakes) / first.Items;

    public static double Median(IEnumerable<double> numbers)
    {
        double[] sorted = [.. numbers.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private double Median(Func<Measured, double> number) => Median(runs.Select(number));
}
