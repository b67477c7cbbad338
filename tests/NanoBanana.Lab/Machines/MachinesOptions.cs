namespace NanoBanana.Lab.Machines;

/// <summary>The number of machines, and their faults.</summary>
internal sealed record MachinesOptions
{
    /// <summary>Minimum number of faults in all batches.</summary>
    public required int Faults { get; init; }

    /// <summary>Repeats the same choice of faults.</summary>
    public required int Seed { get; init; }

    /// <summary>Number of machines that work on each batch.</summary>
    public required int Machines { get; init; }

    /// <summary>Images of a batch, at least 5. One prompt occurs twice.</summary>
    public required int Prompts { get; init; }

    /// <summary>The duration of a lease, in seconds.</summary>
    public required int LeaseSeconds { get; init; }

    /// <summary>The kinds of faults.</summary>
    public required IReadOnlyList<FaultKind> With { get; init; }

    /// <summary>Whether the journal is a SQLite file on a shared disk instead of PostgreSQL.</summary>
    public bool UsesSqlite { get; init; }

    /// <summary>Whether the logs, images and tables are always kept. If a promise is broken, they are kept anyway.</summary>
    public bool Keeps { get; init; }
}
