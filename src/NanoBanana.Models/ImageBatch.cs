namespace NanoBanana;

/// <summary>The state of a batch at one endpoint. The counts are of the current task of each request.</summary>
public sealed record ImageBatch
{
    /// <summary>The name of the batch, from <c>-Batch</c>.</summary>
    public required string Batch { get; init; }

    /// <summary>The endpoint of the tasks. The same name at two endpoints means two batches.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>The number of requests.</summary>
    public required int Total { get; init; }

    /// <summary>The number of requests that a running process is submitting.</summary>
    public required int Submitting { get; init; }

    /// <summary>The number of requests that were sent and have an unknown outcome.</summary>
    public required int Unknown { get; init; }

    /// <summary>The number of tasks that wait in the queue of the service.</summary>
    public required int Pending { get; init; }

    /// <summary>The number of tasks that the service is working on.</summary>
    public required int Running { get; init; }

    /// <summary>The number of completed tasks, including those <see cref="WithoutImage"/>.</summary>
    public required int Completed { get; init; }

    /// <summary>The number of failed tasks.</summary>
    public required int Failed { get; init; }

    /// <summary>The number of canceled tasks.</summary>
    public required int Canceled { get; init; }

    /// <summary>
    /// The number of completed tasks without an image, such as tasks with text only. The next run of the batch submits them again.
    /// </summary>
    public required int WithoutImage { get; init; }

    /// <summary>
    /// The number of accepted tasks that a changed request under the same name replaced. The other counts do not include them.
    /// </summary>
    public required int Superseded { get; init; }

    /// <summary>The number of completed tasks that have images that are not saved.</summary>
    public required int Unsaved { get; init; }

    /// <summary>The tokens of all accepted tasks, including <see cref="SupersededTokens"/>.</summary>
    public required long TotalTokens { get; init; }

    /// <summary>The tokens of the tasks that were replaced.</summary>
    public required long SupersededTokens { get; init; }

    /// <summary>The cost of all accepted tasks, in the provider's unit; null if the provider does not report it.</summary>
    public decimal? Cost { get; init; }

    /// <summary>The time of the oldest request.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>The time from <see cref="StartedAt"/> to the end of the last task, or to now while a task runs.</summary>
    public TimeSpan? Elapsed { get; init; }

    /// <summary>The error of the first failed task.</summary>
    public ImageTaskError? FirstError { get; init; }

    /// <summary>
    /// The newest run of the batch; <see langword="null"/> if the journal has no run, for example for a batch of an earlier version.
    /// </summary>
    public ImageRun? Run { get; init; }

    /// <summary>
    /// The processes that work on the batch, such as <c>process 12 on 'host'</c>: those with a valid lease on an entry or a run of it.
    /// </summary>
    public IReadOnlyList<string> Holders { get; init; } = [];

    /// <summary>The exit code of the newest run; <see langword="null"/> without a run.</summary>
    public int? ExitCode => Run?.ExitCode;

    /// <summary>The name of the batch.</summary>
    public override string ToString() => Batch;
}
