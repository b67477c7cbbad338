namespace NanoBanana.Client.Journal;

/// <summary>Selects tasks of the journal. A property that is null excludes nothing.</summary>
public sealed record JournalFilter
{
    /// <summary>Only tasks with one of these statuses.</summary>
    public IReadOnlyCollection<ImageTaskStatus>? Status { get; init; }

    /// <summary>Selects batches by name. Tasks without a batch are excluded.</summary>
    public Func<string, bool>? Batch { get; init; }

    /// <summary>Selects names. Tasks without a name are excluded.</summary>
    public Func<string, bool>? Name { get; init; }

    /// <summary>The name, if <see cref="Name"/> matches only one. The index finds it regardless of case.</summary>
    public string? ExactName { get; init; }

    /// <summary>The start of all names that <see cref="Name"/> matches. The index finds them regardless of case.</summary>
    public string? NamePrefix { get; init; }

    /// <summary>Selects prompts. Tasks without a known prompt are excluded.</summary>
    public Func<string, bool>? Prompt { get; init; }

    /// <summary>Only tasks of this service, under any of its names.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>Only tasks that were created at this time or later.</summary>
    public DateTimeOffset? After { get; init; }

    /// <summary>Only tasks that were created before this time.</summary>
    public DateTimeOffset? Before { get; init; }

    /// <summary>Only tasks whose images can still be saved: not ended, or completed and not saved. Leased tasks are excluded.</summary>
    public bool Unsaved { get; init; }

    /// <summary>Only tasks without a valid lease.</summary>
    public bool NotLeased { get; init; }

    /// <summary>Only tasks that are not superseded.</summary>
    public bool Current { get; init; }

    /// <summary>The number of tasks to skip.</summary>
    public long Skip { get; init; }

    /// <summary>The maximum number of tasks.</summary>
    public long First { get; init; } = long.MaxValue;
}
