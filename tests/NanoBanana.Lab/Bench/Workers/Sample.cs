namespace NanoBanana.Lab.Bench.Workers;

/// <summary>The measurements of a worker: one line of JSON on its standard output.</summary>
internal sealed record Sample
{
    /// <summary>Wall time, in seconds.</summary>
    public double Seconds { get; init; }

    /// <summary>User and system time of the whole process, in seconds.</summary>
    public double CpuSeconds { get; init; }

    /// <summary>Bytes allocated on the managed heap.</summary>
    public long AllocatedBytes { get; init; }

    /// <summary>Bytes on the managed heap, after a full collection if it was requested.</summary>
    public long ManagedBytes { get; init; }

    /// <summary>Peak physical memory of the process, in bytes.</summary>
    public long PeakBytes { get; init; }

    /// <summary>Strings that the script emitted.</summary>
    public IReadOnlyList<string> Lines { get; init; } = [];

    /// <summary>Transactions that SQLite committed, if they are counted.</summary>
    public int Commits { get; init; }

    /// <summary>Statements that SQLite ran, if they are counted, including those that start and end a transaction.</summary>
    public int Statements { get; init; }

    /// <summary>The number of output objects.</summary>
    public int Items { get; init; }

    /// <summary>Errors and warnings. A run that has any is not a measurement.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];
}
