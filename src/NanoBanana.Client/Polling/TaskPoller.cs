using NanoBanana.Client.Http;
using NanoBanana.Client.Polling.Prediction;
using NanoBanana.Client.Retries;
using NanoBanana.Client.Text;
using NanoBanana.Client.Wire;

namespace NanoBanana.Client.Polling;

/// <summary>
/// Polls any number of tasks on one schedule: one queue, one timer, and a limited number of polls at the same time and per second. Nothing
/// runs while nothing is due.
/// </summary>
internal sealed class TaskPoller : IDisposable
{
    private readonly TaskPoll _poll;
    private readonly RateGate _gate;
    private readonly ApiOptions _options;
    private readonly Func<double> _random;
    private readonly long _origin;
    private readonly ITimer _timer;
    private readonly object _lock = new();
    private readonly PollQueue _queue = new();
    private readonly PollLimiter _limiter;
    private readonly WaitScheduler _scheduler;
    private long _sequence;
    private bool _disposed;

    public TaskPoller(IWireDialect dialect, HttpTransport transport, RateGate gate, ApiOptions options, Func<double> random)
    {
        _poll = new TaskPoll(dialect, transport, gate, options, random);
        _gate = gate;
        _options = options;
        _random = random;
        _scheduler = new WaitScheduler(new PollSchedule(random), _queue, random);
        _limiter = new PollLimiter(_queue, options);
        _origin = options.Time.GetTimestamp();
        _timer = options.Time.CreateTimer(_ => Dispatch(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private TimeSpan Now => _options.Time.GetElapsedTime(_origin);

    /// <summary>Polls until the task has ended or the time is over: at least once, and again shortly before the deadline.</summary>
    /// <param name="task">The last known snapshot.</param>
    /// <param name="timeout">The length of the wait.</param>
    /// <param name="observer">Receives a trace of every request.</param>
    /// <param name="stop">Ends the wait.</param>
    /// <param name="startNow">Whether to poll immediately instead of at the predicted time, because the task is about to end.</param>
    public Task<ImageTask> WaitAsync(
        ImageTask task, TimeSpan timeout, IClientObserver observer, CancellationToken stop, bool startNow = false)
    {
        if (task.HasEnded)
            return Task.FromResult(task);
        return Enter(now =>
        {
            var wait = new PollWait(task, new Deadline(_options.Time, timeout), observer, now, _poll.AgeOf(task), _sequence++, stop);
            _scheduler.SetFirstPoll(wait, now, startNow);
            return wait;
        });
    }

    /// <summary>
    /// Polls now and returns the first successful answer. A lasting failure is the error of that failure, because the connection or the
    /// service caused it and not the task.
    /// </summary>
    public Task<ImageTask> PollNowAsync(ImageTask task, IClientObserver observer, CancellationToken stop) => Enter(now =>
        new PollWait(task, new Deadline(_options.Time, _options.OperationTimeout), observer, now, _poll.AgeOf(task), _sequence++, stop)
        {
            FailuresAllowed = _options.MaximumRetryCount,
            LatestAt = now,
        });

    /// <summary>Learns from recorded tasks that ended earlier, the oldest first.</summary>
    public void LearnFromHistory(IEnumerable<ImageTask> ended)
    {
        lock (_lock)
        {
            _scheduler.LearnFromHistory(ended, Now);
            SetTimer();
        }
    }

    public void Dispose()
    {
        lock (_lock)
            _disposed = true;
        _timer.Dispose();
        EndAll(wait => wait.TrySetCanceled());
    }

    private void EndAll(Action<TaskCompletionSource<ImageTask>> end)
    {
        IReadOnlyList<PollWait> left;
        lock (_lock)
            left = _queue.RemoveWhere(_ => true);
        foreach (PollWait wait in left)
            end(wait.Completion);
    }

    private Task<ImageTask> Enter(Func<TimeSpan, PollWait> make)
    {
        PollWait wait;
        bool isDue;
        lock (_lock)
        {
            TimeSpan now = Now;
            wait = make(now);
            if (_disposed || wait.Stop.IsCancellationRequested)
                return Task.FromCanceled<ImageTask>(wait.Stop.IsCancellationRequested ? wait.Stop : new CancellationToken(true));
            _queue.Add(wait);
            wait.StopRegistration = wait.Stop.Register(() => Leave(wait));
            isDue = wait.DueAt <= now;
            if (!isDue && (_queue.FirstByLatest == wait || _queue.NextDue == wait.DueAt))
                SetTimer();
        }
        // On this thread, because a timer would add a thread switch.
        if (isDue)
            Dispatch();
        return wait.Completion.Task;
    }

    private void Leave(PollWait wait)
    {
        // Under one lock: between the two steps, the end of a poll would add the wait to the queue again.
        lock (_lock)
        {
            _queue.Remove(wait);
            wait.Completion.TrySetCanceled(wait.Stop);
        }
    }

    /// <summary>Starts every poll that is due, and sets the timer for the next one. No caller could handle an exception.</summary>
    private void Dispatch()
    {
        try
        {
            while (TakeNext() is { } wait)
                _ = PollAsync(wait);
        }
        catch (Exception e)
        {
            // This is a defect. Without the poller no wait would end, so each wait receives the exception.
            EndAll(wait => wait.TrySetException(e));
        }
    }

    private PollWait? TakeNext()
    {
        lock (_lock)
        {
            TimeSpan now = Now;
            while (!_disposed && _limiter.Choose(now) is { } next)
            {
                TimeSpan pause = _gate.Remaining;
                // After a pause, the due polls are distributed over a second instead of being sent at the same time.
                TimeSpan spread = TimeSpan.FromSeconds(pause == TimeSpan.Zero ? 0 : _random());
                _queue.Remove(next);
                if (pause == TimeSpan.Zero || next.EndsAt <= now || _poll.IsPausedPastEnd(next))
                {
                    _limiter.Begin(next, now);
                    return next;
                }
                Requeue(next, now, pause + spread);
            }
            if (!_disposed)
                SetTimer();
            return null; // The end of a poll calls Dispatch again.
        }
    }

    /// <summary>Polls once. Every exception ends the wait, because no other code receives it.</summary>
    private async Task PollAsync(PollWait wait)
    {
        TimeSpan sent = Now;
        PollOutcome outcome;
        try
        {
            outcome = await _poll.PollAsync(wait).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            outcome = new PollOutcome { Error = e };
        }
        try
        {
            lock (_lock)
                Apply(outcome, wait, sent);
        }
        catch (Exception e)
        {
            // This is a defect of the schedule. An existing outcome is more important.
            if (outcome.EndsWait)
                wait.Observer.OnWarning(Messages.Unexpected(TextSafety.Excerpt(e.Message)));
            else
                outcome = new PollOutcome { Error = e };
        }
        wait.Complete(outcome);
        Dispatch();
    }

    private void Apply(PollOutcome outcome, PollWait wait, TimeSpan sent)
    {
        TimeSpan now = Now;
        _limiter.End(outcome.EndsWait, hasEnded: outcome.Ended is { HasEnded: true });
        wait.LastPollAt = sent;
        if (outcome.Ended is { HasEnded: true } ended)
            _scheduler.RecordEnd(wait, ended, now);
        if (outcome.EndsWait)
            return;
        TimeSpan pause = outcome.Pause ?? _scheduler.RecordRunning(wait, sent, now);
        Requeue(wait, now, outcome.RetryAfter > pause ? outcome.RetryAfter.Value : pause);
    }

    private void Requeue(PollWait wait, TimeSpan now, TimeSpan pause)
    {
        if (_disposed)
            wait.Completion.TrySetCanceled();
        if (wait.Completion.Task.IsCompleted)
            return;
        wait.Schedule(now + pause, now);
        _queue.Add(wait);
    }

    private void SetTimer()
    {
        if (_limiter.UntilNext(Now) is { } wait)
            _timer.Change(wait, Timeout.InfiniteTimeSpan);
    }
}
