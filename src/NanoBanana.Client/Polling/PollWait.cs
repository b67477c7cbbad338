using NanoBanana.Client.Http;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Polling;

/// <summary>A wait for one task. Only the poller changes it. Its times are on the poller's clock.</summary>
internal sealed class PollWait(
    ImageTask task, Deadline deadline, IClientObserver observer, TimeSpan now, TimeSpan age, long sequence, CancellationToken stop)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(10_000);

    /// <summary>If the poller handles a deadline with this delay, the process was suspended in between.</summary>
    private static readonly TimeSpan SuspendedFor = TimeSpan.FromSeconds(1);

    /// <summary>The newest snapshot.</summary>
    public ImageTask Task { get; private set; } = task;

    public Deadline Deadline { get; private set; } = deadline;

    public IClientObserver Observer { get; } = observer;

    public CancellationToken Stop { get; } = stop;

    /// <summary>
    /// For a single poll, the number of failures in a row that are followed by another attempt; null to wait for the end of the task.
    /// </summary>
    public int? FailuresAllowed { get; init; }

    /// <summary>The time when the task was accepted, as far as it is known.</summary>
    public TimeSpan AcceptedAt { get; } = now - age;

    /// <summary>The deadline of the wait.</summary>
    public TimeSpan EndsAt { get; private set; } = now + (deadline.Remaining < LongestWait ? deadline.Remaining : LongestWait);

    /// <summary>The age of the task when it was last known to run.</summary>
    public TimeSpan RunningAge { get; set; }

    /// <summary>The progress that the server reported at that time.</summary>
    public double? Progress { get; set; }

    /// <summary>Whether this process received the acceptance of the task and has not polled it since then.</summary>
    public bool IsUnpolled =>
        RunningAge == TimeSpan.Zero && FailuresInARow == 0 && FailuresAllowed is null && Task.AcceptedTimestamp is not null;

    /// <summary>The time of the last poll, or of the start of the wait.</summary>
    public TimeSpan LastPollAt { get; set; } = now;

    /// <summary>The time when the next poll is due.</summary>
    public TimeSpan DueAt { get; set; } = now;

    /// <summary>The latest time of the next poll, regardless of other waits; after that poll, the deadline.</summary>
    public TimeSpan LatestAt { get; set; }

    /// <summary>
    /// Whether the process was suspended until after the deadline. Then the next poll is the last one, regardless of its answer.
    /// </summary>
    public bool IsLastPoll { get; private set; }

    /// <summary>Orders waits of the same tick.</summary>
    public long Sequence { get; } = sequence;

    public int FailuresInARow { get; set; }

    /// <summary>The number of times in a row that the service rejected the request for the result.</summary>
    public int ResultsRefused { get; set; }

    /// <summary>The number of times in a row that an answer had an unknown output.</summary>
    public int UnknownAnswers { get; set; }

    /// <summary>The error of the last poll; null if it succeeded. It is the cause of a time-out.</summary>
    public NanoBananaException? LastError { get; private set; }

    public CancellationTokenRegistration StopRegistration { get; set; }

    public TaskCompletionSource<ImageTask> Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private TimeSpan Timeout { get; } = deadline.Length;

    private string? LastFailure { get; set; }

    /// <summary>Sets the time of the next poll of a wait that is not in the queue.</summary>
    public void Schedule(TimeSpan due, TimeSpan now)
    {
        DueAt = due;
        if (FailuresAllowed is not null)
            LatestAt = DueAt < EndsAt ? DueAt : EndsAt;
        else if (LatestAt <= now)
            LatestAt = EndsAt;
    }

    /// <summary>Records the new snapshot of a successful poll.</summary>
    public void Succeeded(ImageTask snapshot)
    {
        Task = snapshot;
        FailuresInARow = 0;
        UnknownAnswers = 0;
        LastFailure = null;
        LastError = null;
    }

    /// <summary>Records a failed poll.</summary>
    public void Failed(string failure, NanoBananaException error) => (LastFailure, LastError) = (failure, error);

    /// <summary>Completes the wait if the poll ended it.</summary>
    public void Complete(PollOutcome outcome)
    {
        if (outcome.Ended is not null)
        {
            if (FailuresAllowed is null)
                Observer.OnEvent(new ClientEvent(ClientEventKind.Ended) { About = outcome.Ended });
            Completion.TrySetResult(outcome.Ended);
        }
        else if (outcome.Error is OperationCanceledException)
            Completion.TrySetCanceled(Stop);
        else if (outcome.Error is not null)
            Completion.TrySetException(outcome.Error);
        if (Completion.Task.IsCompleted)
            StopRegistration.Dispose();
    }

    /// <summary>
    /// Whether the deadline passed while the process was suspended: the poll shortly before it was not sent, or the poller handled the
    /// deadline too late.
    /// </summary>
    public bool WasSuspendedAtDeadline(TimeSpan now) =>
        !IsLastPoll && now >= EndsAt && (LatestAt < EndsAt || now - EndsAt > SuspendedFor);

    /// <summary>Allows one last poll after a suspension.</summary>
    public void AllowLastPoll(TimeProvider time, TimeSpan now, TimeSpan length)
    {
        Deadline = new Deadline(time, length);
        EndsAt = LatestAt = now + length;
        DueAt = now;
        IsLastPoll = true;
    }

    /// <summary>The time since the last poll, in gaps of its schedule of at least one second.</summary>
    public double Overdue(TimeSpan now) => (now - LastPollAt).TotalSeconds / Math.Max((DueAt - LastPollAt).TotalSeconds, 1);

    /// <summary>The error of a wait whose deadline passed before the task ended.</summary>
    public NanoBananaException TimedOut()
    {
        string message = Messages.TaskTimedOut(Task.Id, Timeout, TextSafety.Excerpt(Task.RawStatus ?? "accepted", 40), LastFailure);
        return new NanoBananaException(NanoBananaErrorKind.TaskTimeout, message, LastError) { TaskId = Task.Id, Task = Task };
    }
}
