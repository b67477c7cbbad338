namespace NanoBanana.Client.Journal;

/// <summary>Which tasks of the journal are wanted. A property that is null excludes nothing.</summary>
public sealed record JournalFilter
{
    /// <summary>Any of these statuses.</summary>
    public IReadOnlyCollection<ImageTaskStatus>? Status { get; init; }

    /// <summary>Whether a batch is wanted, by its name; a task in none is not.</summary>
    public Func<string, bool>? Batch { get; init; }

    /// <summary>Whether a name is wanted; a task without one is not.</summary>
    public Func<string, bool>? Name { get; init; }

    /// <summary>The name, where only one is wanted: it is found by the index, in upper and lower case alike.</summary>
    public string? ExactName { get; init; }

    /// <summary>What all names that are wanted begin with, in upper or lower case alike: the index leads to them.</summary>
    public string? NamePrefix { get; init; }

    /// <summary>Whether a prompt is wanted; a task whose prompt is not known is not.</summary>
    public Func<string, bool>? Prompt { get; init; }

    /// <summary>Only tasks of this service, under any of its names.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>Begun at this time or later.</summary>
    public DateTimeOffset? After { get; init; }

    /// <summary>Begun before this time.</summary>
    public DateTimeOffset? Before { get; init; }

    /// <summary>Only tasks whose images can still be saved: not ended, or completed and not saved, and not leased by a living process.</summary>
    public bool Unsaved { get; init; }

    /// <summary>Only tasks that no living process works on.</summary>
    public bool NotLeased { get; init; }

    /// <summary>Only the current task of each request of a batch, not those that were superseded.</summary>
    public bool Current { get; init; }

    /// <summary>How many to skip.</summary>
    public long Skip { get; init; }

    /// <summary>How many at most.</summary>
    public long First { get; init; } = long.MaxValue;
}
