namespace NanoBanana.Client.Polling;

/// <summary>One task that is polled, and whoever waits for it. Changed by the poller only.</summary>
internal sealed class PollWait(ImageTask task, Deadline deadline, IClientObserver observer, TimeSpan due, long sequence, CancellationToken stop)
{
    /// <summary>The newest snapshot.</summary>
    public ImageTask Task { get; set; } = task;

    public Deadline Deadline { get; } = deadline;

    public IClientObserver Observer { get; } = observer;

    public CancellationToken Stop { get; } = stop;

    /// <summary>Ends the wait at the first good answer, and at this many failures in a row; null waits for the end.</summary>
    public int? FailuresAllowed { get; init; }

    /// <summary>When to poll next, on the poller's clock.</summary>
    public TimeSpan Due { get; set; } = due;

    /// <summary>Orders waits that are due at the same tick.</summary>
    public long Sequence { get; } = sequence;

    public int Polls { get; set; }

    public int FailuresInARow { get; set; }

    /// <summary>What the last failed poll met, for the message of a time-out.</summary>
    public string? LastFailure { get; set; }

    /// <summary>The error of that poll, which becomes the cause of a time-out.</summary>
    public NanoBananaException? LastError { get; set; }

    public CancellationTokenRegistration StopRegistration { get; set; }

    public TaskCompletionSource<ImageTask> Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static readonly IComparer<PollWait> ByDue = Comparer<PollWait>.Create((a, b) =>
        a.Due != b.Due ? a.Due.CompareTo(b.Due) : a.Sequence.CompareTo(b.Sequence));
}
