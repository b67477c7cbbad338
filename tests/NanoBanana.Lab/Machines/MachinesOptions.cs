namespace NanoBanana.Lab.Machines;

/// <summary>How many machines work, and what happens to them.</summary>
internal sealed record MachinesOptions
{
    /// <summary>How many faults happen at least, over all batches.</summary>
    public required int Faults { get; init; }

    /// <summary>Repeats the same choice of faults.</summary>
    public required int Seed { get; init; }

    /// <summary>How many machines work on each batch.</summary>
    public required int Machines { get; init; }

    /// <summary>Images of a batch, at least 5: one prompt stands there twice.</summary>
    public required int Prompts { get; init; }

    /// <summary>How long a lease is valid.</summary>
    public required int LeaseSeconds { get; init; }

    /// <summary>The faults to draw from.</summary>
    public required IReadOnlyList<FaultKind> With { get; init; }

    /// <summary>A file on a disk that all machines share, with SQLite, instead of PostgreSQL: no network is between.</summary>
    public bool UsesSqlite { get; init; }

    /// <summary>Whether the logs, the images and the tables are left also when every promise holds.</summary>
    public bool Keeps { get; init; }
}
