namespace NanoBanana.Client.Polling;

/// <summary>One task that is polled, and whoever waits for it. Changed by the poller only; its times are on the poller's clock.</summary>
internal sealed class PollWait(ImageTask task, Deadline deadline, IClientObserver observer, TimeSpan now, TimeSpan age, long sequence, CancellationToken stop)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(10_000);

    /// <summary>The newest snapshot.</summary>
    public ImageTask Task { get; set; } = task;

    public Deadline Deadline { get; } = deadline;

    public IClientObserver Observer { get; } = observer;

    public CancellationToken Stop { get; } = stop;

    /// <summary>Ends the wait at the first good answer, and at this many failures in a row; null waits for the end.</summary>
    public int? FailuresAllowed { get; init; }

    /// <summary>When the task was accepted, as far as is known.</summary>
    public TimeSpan Born { get; } = now - age;

    /// <summary>When the wait is over.</summary>
    public TimeSpan Over { get; } = now + (deadline.Remaining < LongestWait ? deadline.Remaining : LongestWait);

    /// <summary>The age at which the task was last seen to run.</summary>
    public TimeSpan Alive { get; set; }

    /// <summary>Whether it was accepted in sight of this process and not asked about since.</summary>
    public bool IsFresh => Alive == TimeSpan.Zero && FailuresInARow == 0 && FailuresAllowed is null && Task.AcceptedTimestamp is not null;

    /// <summary>What the server said of its progress then.</summary>
    public double? Progress { get; set; }

    /// <summary>When it was last asked about, or came in.</summary>
    public TimeSpan Asked { get; set; } = now;

    /// <summary>When to ask next.</summary>
    public TimeSpan Due { get; set; } = now;

    /// <summary>When to ask at the latest, whatever the crowd; once that is done, when the wait is over.</summary>
    public TimeSpan Must { get; set; }

    /// <summary>Orders waits of the same tick.</summary>
    public long Sequence { get; } = sequence;

    public int FailuresInARow { get; set; }

    /// <summary>What the last failed poll met, for the message of a time-out.</summary>
    public string? LastFailure { get; set; }

    /// <summary>The error of that poll, which becomes the cause of a time-out.</summary>
    public NanoBananaException? LastError { get; set; }

    public CancellationTokenRegistration StopRegistration { get; set; }

    public TaskCompletionSource<ImageTask> Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>How long ago it was asked about, counted in gaps of its schedule, of a second at the least: where one is late, all are.</summary>
    public double Lateness(TimeSpan now) => (now - Asked).TotalSeconds / Math.Max((Due - Asked).TotalSeconds, 1);
}
