namespace NanoBanana.Client.Journal;

/// <summary>Which tasks of the journal are wanted. What is null does not narrow.</summary>
public sealed record JournalFilter
{
    /// <summary>Any of these statuses.</summary>
    public IReadOnlyCollection<ImageTaskStatus>? Status { get; init; }

    /// <summary>Whether a batch is wanted, by its name; a task in none is not.</summary>
    public Func<string, bool>? Batch { get; init; }

    /// <summary>Whether a name is wanted; a task without one is not.</summary>
    public Func<string, bool>? Name { get; init; }

    /// <summary>Begun at this time or later.</summary>
    public DateTimeOffset? After { get; init; }

    /// <summary>Begun before this time.</summary>
    public DateTimeOffset? Before { get; init; }

    /// <summary>Only tasks whose pictures are still to be had: not ended, or completed and not saved, and not in a living process's hands.</summary>
    public bool Unsaved { get; init; }

    /// <summary>How many to pass over.</summary>
    public long Skip { get; init; }

    /// <summary>How many at the most.</summary>
    public long First { get; init; } = long.MaxValue;
}
