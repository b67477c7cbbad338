namespace NanoBanana;

/// <summary>The state of a batch at one endpoint: the current task of each of its requests, counted.</summary>
public sealed record ImageBatch
{
    /// <summary>The name that was given with <c>-Batch</c>.</summary>
    public required string Batch { get; init; }

    /// <summary>The endpoint of its tasks. Batches of one name at two endpoints are two batches.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>The number of its requests.</summary>
    public required int Total { get; init; }

    /// <summary>Requests that are being sent by a living process.</summary>
    public required int Submitting { get; init; }

    /// <summary>Requests that were sent and whose outcome is unknown.</summary>
    public required int Unknown { get; init; }

    /// <summary>Tasks that wait their turn.</summary>
    public required int Pending { get; init; }

    /// <summary>Tasks that are being worked on.</summary>
    public required int Running { get; init; }

    /// <summary>Tasks that ended well.</summary>
    public required int Completed { get; init; }

    /// <summary>Tasks that failed.</summary>
    public required int Failed { get; init; }

    /// <summary>Tasks that were canceled.</summary>
    public required int Canceled { get; init; }

    /// <summary>Completed tasks without an image, such as text only. They are among <see cref="Completed"/>; the next run buys them again.</summary>
    public required int WithoutImage { get; init; }

    /// <summary>Tasks that were bought and then replaced by a newer one under the same name. They are not among the other counts.</summary>
    public required int Superseded { get; init; }

    /// <summary>Completed tasks of which not every image is saved.</summary>
    public required int Unsaved { get; init; }

    /// <summary>Tokens of all tasks that were bought, those of <see cref="SupersededTokens"/> among them.</summary>
    public required long TotalTokens { get; init; }

    /// <summary>Tokens of the tasks that were replaced by a newer one.</summary>
    public required long SupersededTokens { get; init; }

    /// <summary>What the provider says all tasks that were bought cost, in the provider's unit; null where it does not say.</summary>
    public decimal? Cost { get; init; }

    /// <summary>When its oldest request was begun.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>From there to the end of its last task, or to now while one goes on.</summary>
    public TimeSpan? Elapsed { get; init; }

    /// <summary>The error of the first task that failed.</summary>
    public ImageTaskError? FirstError { get; init; }

    /// <summary>Its newest run; <see langword="null"/> where the journal has none, as for batches of earlier versions.</summary>
    public ImageRun? Run { get; init; }

    /// <summary>
    /// The processes that work on it, such as <c>process 12 on 'host'</c>: those with a valid lease that have an entry or a run of it.
    /// </summary>
    public IReadOnlyList<string> Holders { get; init; } = [];

    /// <summary>The exit code of its newest run.</summary>
    public int? ExitCode => Run?.ExitCode;

    /// <summary>The name.</summary>
    public override string ToString() => Batch;
}
