namespace NanoBanana.Lab.Bench.Workers;

/// <summary>What a worker measured of itself: one line of JSON on its standard output.</summary>
internal sealed record Sample
{
    /// <summary>Wall time, in seconds.</summary>
    public double Seconds { get; init; }

    /// <summary>User and system time of the whole process, in seconds.</summary>
    public double CpuSeconds { get; init; }

    /// <summary>Bytes that were allocated on the managed heap.</summary>
    public long AllocatedBytes { get; init; }

    /// <summary>Bytes on the managed heap; after a full collection where one was asked for.</summary>
    public long ManagedBytes { get; init; }

    /// <summary>The most physical memory that the process ever had, in bytes.</summary>
    public long PeakBytes { get; init; }

    /// <summary>Text that the script emitted, where text is what is asked for.</summary>
    public IReadOnlyList<string> Lines { get; init; } = [];

    /// <summary>Transactions that SQLite committed, where they are counted.</summary>
    public int Commits { get; init; }

    /// <summary>Statements that SQLite ran, where they are counted; the beginning and the end of a transaction are statements.</summary>
    public int Statements { get; init; }

    /// <summary>How many objects came out.</summary>
    public int Items { get; init; }

    /// <summary>Errors and warnings. A run that has any is not a measurement.</summary>
    public IReadOnlyList<string> Troubles { get; init; } = [];
}
