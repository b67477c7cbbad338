namespace NanoBanana.Lab.Machines;

/// <summary>What happens to a machine, or to the database.</summary>
internal enum FaultKind
{
    /// <summary>SIGKILL to the process of a machine.</summary>
    Kill,

    /// <summary>SIGSTOP for longer than the lease, then SIGCONT.</summary>
    Pause,

    /// <summary>The clock of a machine changes by seconds, hours or a day, also while its process runs.</summary>
    Clock,

    /// <summary>A machine can't reach the database for some seconds, but reaches the provider.</summary>
    ShortPartition,

    /// <summary>The same for longer than its lease.</summary>
    LongPartition,

    /// <summary>A machine reaches neither the database nor the provider, for longer than its lease.</summary>
    Isolation,

    /// <summary>The database crashes and recovers.</summary>
    Restart,

    /// <summary>The database crashes and its standby takes over.</summary>
    FailOver,
}

/// <summary>A fault of a plan.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="After">The number of requests that the provider receives between the previous fault and this one.</param>
/// <param name="AtPurchase">
/// Whether only accepted submissions count. The fault then happens while the answer to the last one is in flight.
/// </param>
/// <param name="Machine">The number of the machine, from 0.</param>
/// <param name="Length">The duration.</param>
/// <param name="Skew">The offset of the clock, in seconds.</param>
internal sealed record Fault(FaultKind Kind, int After, bool AtPurchase, int Machine, TimeSpan Length, int Skew)
{
    private static readonly int[] Skews = [-93_600, -7_200, -90, -20, 0, 20, 90, 7_200, 93_600];

    /// <summary>The faults of a batch. The same seed repeats them.</summary>
    public static IEnumerable<Fault> Draw(MachinesOptions options, int batch)
    {
        var random = new Random(unchecked((options.Seed * 7919) + batch));
        var lease = TimeSpan.FromSeconds(options.LeaseSeconds);
        while (true)
        {
            FaultKind kind = options.With[random.Next(options.With.Count)];
            bool atPurchase = random.Next(2) == 0;
            int after = random.Next(1, atPurchase ? 5 : 16);
            double length = kind == FaultKind.ShortPartition ? 0.1 + (0.3 * random.NextDouble()) : 1.1 + (0.4 * random.NextDouble());
            int machine = random.Next(options.Machines);
            yield return new Fault(kind, after, atPurchase, machine, lease * length, Skews[random.Next(Skews.Length)]);
        }
    }
}
