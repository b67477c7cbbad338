using NanoBanana.Client.Http;

namespace NanoBanana.Client.Polling;

/// <summary>One task that is polled, and its waiter. Changed by the poller only; its times are on the poller's clock.</summary>
internal sealed class PollWait(ImageTask task, Deadline deadline, IClientObserver observer, TimeSpan now, TimeSpan age, long sequence, CancellationToken stop)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(10_000);

    /// <summary>A poller that notices a deadline this late was suspended in between.</summary>
    private static readonly TimeSpan SuspendedFor = TimeSpan.FromSeconds(1);

    /// <summary>The newest snapshot.</summary>
    public ImageTask Task { get; private set; } = task;

    public Deadline Deadline { get; private set; } = deadline;

    public IClientObserver Observer { get; } = observer;

    public CancellationToken Stop { get; } = stop;

    /// <summary>For a single poll, the number of failures in a row that are followed by another attempt; null waits for the end
    /// of the task.</summary>
    public int? FailuresAllowed { get; init; }

    /// <summary>When the task was accepted, as far as is known.</summary>
    public TimeSpan AcceptedAt { get; } = now - age;

    /// <summary>The deadline of the wait.</summary>
    public TimeSpan EndsAt { get; private set; } = now + (deadline.Remaining < LongestWait ? deadline.Remaining : LongestWait);

    /// <summary>The age at which the task was last seen to run.</summary>
    public TimeSpan RunningAge { get; set; }

    /// <summary>The progress that the server reported then.</summary>
    public double? Progress { get; set; }

    /// <summary>Whether this process saw the task's acceptance and has not polled it since.</summary>
    public bool IsUnpolled => RunningAge == TimeSpan.Zero && FailuresInARow == 0 && FailuresAllowed is null && Task.AcceptedTimestamp is not null;

    /// <summary>When it was last polled, or entered.</summary>
    public TimeSpan LastPollAt { get; set; } = now;

    /// <summary>When the next poll is due.</summary>
    public TimeSpan DueAt { get; set; } = now;

    /// <summary>The latest time of the next poll, however many others are due; after that poll the deadline.</summary>
    public TimeSpan LatestAt { get; set; }

    /// <summary>The process was suspended past the deadline: the next poll is the last one, whatever its answer.</summary>
    public bool IsLastPoll { get; private set; }

    /// <summary>Orders waits of the same tick.</summary>
    public long Sequence { get; } = sequence;

    public int FailuresInARow { get; set; }

    /// <summary>How often in a row the result of the completed task was refused.</summary>
    public int ResultsRefused { get; set; }

    /// <summary>How often in a row an answer held an output that was not understood.</summary>
    public int NotUnderstood { get; set; }

    /// <summary>The error of the last poll if it failed, which becomes the cause of a time-out.</summary>
    public NanoBananaException? LastError { get; private set; }

    public CancellationTokenRegistration StopRegistration { get; set; }

    public TaskCompletionSource<ImageTask> Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private TimeSpan Timeout { get; } = deadline.Length;

    private string? LastFailure { get; set; }

    /// <summary>Sets the next poll of a wait that is not in the queue.</summary>
    public void Schedule(TimeSpan due, TimeSpan now)
    {
        DueAt = due;
        if (FailuresAllowed is not null)
            LatestAt = DueAt < EndsAt ? DueAt : EndsAt;
        else if (LatestAt <= now)
            LatestAt = EndsAt;
    }

    /// <summary>A poll brought a new snapshot.</summary>
    public void Succeeded(ImageTask snapshot)
    {
        Task = snapshot;
        FailuresInARow = 0;
        NotUnderstood = 0;
        LastFailure = null;
        LastError = null;
    }

    /// <summary>A poll failed.</summary>
    public void Failed(string failure, NanoBananaException error) => (LastFailure, LastError) = (failure, error);

    /// <summary>Ends the wait if the poll ended it.</summary>
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
    /// Whether the deadline passed while the process was suspended: the poll shortly before it was not made, or the poller
    /// noticed the deadline too late.
    /// </summary>
    public bool SleptThroughDeadline(TimeSpan now) => !IsLastPoll && now >= EndsAt && (LatestAt < EndsAt || now - EndsAt > SuspendedFor);

    /// <summary>Allows one last poll from now on.</summary>
    public void AllowLastPoll(TimeProvider time, TimeSpan now, TimeSpan length)
    {
        Deadline = new Deadline(time, length);
        EndsAt = LatestAt = now + length;
        DueAt = now;
        IsLastPoll = true;
    }

    /// <summary>The time since the last poll in gaps of its schedule of at least a second: where one is late, all are.</summary>
    public double Lateness(TimeSpan now) => (now - LastPollAt).TotalSeconds / Math.Max((DueAt - LastPollAt).TotalSeconds, 1);

    /// <summary>The error of a wait whose deadline passed before the task ended.</summary>
    public NanoBananaException TimedOut()
    {
        string last = LastFailure is null ? $"It was last seen {TextSafety.Excerpt(Task.RawStatus ?? "accepted", 40)}" : $"The last poll failed: {LastFailure}";
        string message = FormattableString.Invariant($"Task {Task.Id} did not end within {Timeout.TotalSeconds:0.#} seconds. {last}. ")
            + $"It goes on at the service and is paid for: wait again with Wait-NanoBananaTask -Id {Task.Id}, or give it longer with -TimeoutSec.";
        return new NanoBananaException(NanoBananaErrorKind.TaskTimeout, message, LastError) { TaskId = Task.Id, Task = Task };
    }
}
