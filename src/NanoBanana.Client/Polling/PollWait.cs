namespace NanoBanana.Client.Polling;

/// <summary>One task that is polled, and whoever waits for it. Changed by the poller only; its times are on the poller's clock.</summary>
internal sealed class PollWait(ImageTask task, Deadline deadline, IClientObserver observer, TimeSpan now, TimeSpan age, long sequence, CancellationToken stop)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(10_000);

    /// <summary>A poller that notices a deadline this late was suspended in between.</summary>
    private static readonly TimeSpan SuspendedFor = TimeSpan.FromSeconds(1);

    /// <summary>The newest snapshot.</summary>
    public ImageTask Task { get; set; } = task;

    public Deadline Deadline { get; private set; } = deadline;

    /// <summary>The time-out of the wait as its caller gave it.</summary>
    public TimeSpan Timeout { get; } = deadline.Length;

    public IClientObserver Observer { get; } = observer;

    public CancellationToken Stop { get; } = stop;

    /// <summary>Ends the wait at the first good answer, and at this many failures in a row; null waits for the end.</summary>
    public int? FailuresAllowed { get; init; }

    /// <summary>When the task was accepted, as far as is known.</summary>
    public TimeSpan Born { get; } = now - age;

    /// <summary>When the wait is over.</summary>
    public TimeSpan Over { get; private set; } = now + (deadline.Remaining < LongestWait ? deadline.Remaining : LongestWait);

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

    /// <summary>The process was suspended past the deadline: the next poll is the last one, whatever its answer.</summary>
    public bool IsLastPoll { get; private set; }

    /// <summary>Orders waits of the same tick.</summary>
    public long Sequence { get; } = sequence;

    public int FailuresInARow { get; set; }

    /// <summary>How often in a row the result of the completed task was refused.</summary>
    public int ResultsRefused { get; set; }

    /// <summary>How often in a row an answer held an output that was not understood.</summary>
    public int NotUnderstood { get; set; }

    /// <summary>What the last failed poll met, for the message of a time-out.</summary>
    public string? LastFailure { get; set; }

    /// <summary>The error of that poll, which becomes the cause of a time-out.</summary>
    public NanoBananaException? LastError { get; set; }

    public CancellationTokenRegistration StopRegistration { get; set; }

    public TaskCompletionSource<ImageTask> Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>
    /// Whether the deadline passed while the process was suspended: the poll shortly before it was not made, or the poller
    /// noticed the deadline too late.
    /// </summary>
    public bool SleptThroughDeadline(TimeSpan now) => !IsLastPoll && now >= Over && (Must < Over || now - Over > SuspendedFor);

    /// <summary>Allows one last poll from now on.</summary>
    public void AllowLastPoll(TimeProvider time, TimeSpan now, TimeSpan length)
    {
        Deadline = new Deadline(time, length);
        Over = Must = now + length;
        Due = now;
        IsLastPoll = true;
    }

    /// <summary>How long ago it was asked about, counted in gaps of its schedule, of a second at the least: where one is late, all are.</summary>
    public double Lateness(TimeSpan now) => (now - Asked).TotalSeconds / Math.Max((Due - Asked).TotalSeconds, 1);
}
