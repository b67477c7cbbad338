using NanoBanana.Client.Http;
using NanoBanana.Client.Wire;

namespace NanoBanana.Client.Polling;

/// <summary>
/// Polls any number of tasks on one schedule: one ordered set, one timer, a bounded number of polls at once. Nothing
/// runs while nothing is due.
/// </summary>
internal sealed class TaskPoller : IDisposable
{
    internal const int MaximumConcurrentPolls = 32;

    private static readonly TimeSpan LongestSleep = TimeSpan.FromDays(1);

    private readonly TaskPoll _poll;
    private readonly RateGate _gate;
    private readonly NanoBananaClientOptions _options;
    private readonly PollSchedule _schedule;
    private readonly Func<double> _random;
    private readonly long _origin;
    private readonly ITimer _timer;
    private readonly object _lock = new();
    private readonly SortedSet<PollWait> _queue = new(PollWait.ByDue);
    private long _sequence;
    private int _polling;
    private bool _disposed;

    public TaskPoller(IWireDialect dialect, HttpTransport transport, RateGate gate, NanoBananaClientOptions options, Func<double> random)
    {
        _poll = new TaskPoll(dialect, transport, gate, options, random);
        _gate = gate;
        _options = options;
        _random = random;
        _schedule = new PollSchedule(random);
        _origin = options.Time.GetTimestamp();
        _timer = options.Time.CreateTimer(_ => Dispatch(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private TimeSpan Now => _options.Time.GetElapsedTime(_origin);

    /// <summary>Polls until the task has ended or the time is over.</summary>
    /// <param name="task">What is known of it.</param>
    /// <param name="timeout">How long to wait.</param>
    /// <param name="observer">Hears of every request.</param>
    /// <param name="stop">Ends the wait.</param>
    /// <param name="startNow">Polls at once, and not first when such tasks use to end: this one is about to.</param>
    public Task<ImageTask> WaitAsync(ImageTask task, TimeSpan timeout, IClientObserver observer, CancellationToken stop, bool startNow = false)
    {
        if (task.HasEnded)
            return Task.FromResult(task);
        lock (_lock)
        {
            var deadline = new Deadline(_options.Time, timeout);
            TimeSpan due = startNow ? Now : Now + deadline.Bound(_schedule.UntilFirst(task.Resolution, _poll.AgeOf(task)));
            return Enter(new PollWait(task, deadline, observer, due, _sequence++, stop));
        }
    }

    /// <summary>Polls now and returns at the first good answer.</summary>
    public Task<ImageTask> PollNowAsync(ImageTask task, IClientObserver observer, CancellationToken stop)
    {
        lock (_lock)
        {
            var deadline = new Deadline(_options.Time, _options.OperationTimeout);
            return Enter(new PollWait(task, deadline, observer, Now, _sequence++, stop) { FailuresAllowed = _options.MaximumRetryCount });
        }
    }

    public void Dispose()
    {
        List<PollWait> left;
        lock (_lock)
        {
            _disposed = true;
            left = [.. _queue];
            _queue.Clear();
        }
        _timer.Dispose();
        foreach (PollWait wait in left)
            wait.Completion.TrySetCanceled();
    }

    private Task<ImageTask> Enter(PollWait wait)
    {
        if (_disposed || wait.Stop.IsCancellationRequested)
            return Task.FromCanceled<ImageTask>(wait.Stop.IsCancellationRequested ? wait.Stop : new CancellationToken(true));
        _queue.Add(wait);
        wait.StopRegistration = wait.Stop.Register(() => Leave(wait));
        if (_queue.Min == wait)
            WakeIn(wait.Due - Now);
        return wait.Completion.Task;
    }

    private void Leave(PollWait wait)
    {
        lock (_lock)
            _queue.Remove(wait);
        wait.Completion.TrySetCanceled(wait.Stop);
    }

    /// <summary>Starts every poll that is due and sets the timer for the next.</summary>
    private void Dispatch()
    {
        while (TakeDue() is { } wait)
            _ = PollAsync(wait);
    }

    private PollWait? TakeDue()
    {
        lock (_lock)
        {
            while (!_disposed && _queue.Min is { } next && _polling < MaximumConcurrentPolls)
            {
                TimeSpan now = Now;
                if (next.Due > now)
                {
                    WakeIn(next.Due - now);
                    return null;
                }
                _queue.Remove(next);
                TimeSpan pause = _gate.Remaining;
                if (pause == TimeSpan.Zero || next.Deadline.Remaining == TimeSpan.Zero)
                {
                    _polling++;
                    return next;
                }
                // After a pause the polls that piled up are spread over a second, not fired together.
                Requeue(next, now, pause + TimeSpan.FromSeconds(_random()));
            }
            return null; // A poll that ends dispatches again.
        }
    }

    private async Task PollAsync(PollWait wait)
    {
        PollStep step = await _poll.StepAsync(wait).ConfigureAwait(false);
        lock (_lock)
        {
            _polling--;
            if (step.Pause is { } pause)
                Requeue(wait, Now, pause);
            else if (step.Goes)
                Requeue(wait, Now, Longer(_schedule.UntilNext(_poll.AgeOf(wait.Task), wait.Task.Progress), step.RetryAfter));
            // When a task would have completed that was canceled, nobody knows.
            else if (step.Ended is { HasEnded: true, Status: not ImageTaskStatus.Canceled, AcceptedTimestamp: not null } ended)
                _schedule.Learn(ended.Resolution, _poll.AgeOf(ended), wait.Polls);
        }
        if (step.Ended is not null)
            wait.Completion.TrySetResult(step.Ended);
        else if (step.Error is OperationCanceledException)
            wait.Completion.TrySetCanceled(wait.Stop);
        else if (step.Error is not null)
            wait.Completion.TrySetException(step.Error);
        if (wait.Completion.Task.IsCompleted)
            wait.StopRegistration.Dispose();
        Dispatch();
    }

    private void Requeue(PollWait wait, TimeSpan now, TimeSpan pause)
    {
        if (_disposed)
            wait.Completion.TrySetCanceled();
        if (wait.Completion.Task.IsCompleted)
            return;
        wait.Due = now + wait.Deadline.Bound(pause);
        _queue.Add(wait);
    }

    private static TimeSpan Longer(TimeSpan wish, TimeSpan? floor) => floor > wish ? floor.Value : wish;

    /// <summary>Waking early does no harm; a timer takes no more than some weeks.</summary>
    private void WakeIn(TimeSpan wait) =>
        _timer.Change(wait > LongestSleep ? LongestSleep : Longer(TimeSpan.Zero, wait), Timeout.InfiniteTimeSpan);
}
