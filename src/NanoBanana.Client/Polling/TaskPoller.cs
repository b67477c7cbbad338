using NanoBanana.Client.Http;
using NanoBanana.Client.Polling.Prediction;
using NanoBanana.Client.Retries;
using NanoBanana.Client.Wire;

namespace NanoBanana.Client.Polling;

/// <summary>
/// Polls any number of tasks on one schedule: one queue, one timer, a bounded number of polls at once and of polls in
/// vain. Nothing runs while nothing is due.
/// </summary>
internal sealed class TaskPoller : IDisposable
{
    /// <summary>How long before its end a wait asks for the last time: an answer must have time to come.</summary>
    internal static readonly TimeSpan LastLook = TimeSpan.FromSeconds(1);

    /// <summary>So many last looks may come each second when a crowd's time is over at once.</summary>
    private const double LastLooksPerSecond = 500;

    private static readonly TimeSpan LongestSleep = TimeSpan.FromDays(1);

    private readonly TaskPoll _poll;
    private readonly RateGate _gate;
    private readonly ApiOptions _options;
    private readonly Func<double> _random;
    private readonly long _origin;
    private readonly ITimer _timer;
    private readonly object _lock = new();
    private readonly PollQueue _queue = new();
    private readonly PollTurns _turns;
    private readonly WaitScheduler _scheduler;
    private long _sequence;
    private bool _disposed;

    public TaskPoller(IWireDialect dialect, HttpTransport transport, RateGate gate, ApiOptions options, Func<double> random)
    {
        _poll = new TaskPoll(dialect, transport, gate, options, random);
        _gate = gate;
        _options = options;
        _random = random;
        _scheduler = new WaitScheduler(new PollSchedule(random), _queue);
        _turns = new PollTurns(_queue, options);
        _origin = options.Time.GetTimestamp();
        _timer = options.Time.CreateTimer(_ => Dispatch(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private TimeSpan Now => _options.Time.GetElapsedTime(_origin);

    /// <summary>Polls until the task has ended or the time is over: at least once, and once more shortly before its end.</summary>
    /// <param name="task">What is known of it.</param>
    /// <param name="timeout">How long to wait.</param>
    /// <param name="observer">Hears of every request.</param>
    /// <param name="stop">Ends the wait.</param>
    /// <param name="startNow">Polls at once, and not first when such tasks use to end: this one is about to.</param>
    public Task<ImageTask> WaitAsync(ImageTask task, TimeSpan timeout, IClientObserver observer, CancellationToken stop, bool startNow = false)
    {
        if (task.HasEnded)
            return Task.FromResult(task);
        return Enter(now =>
        {
            var wait = new PollWait(task, new Deadline(_options.Time, timeout), observer, now, _poll.AgeOf(task), _sequence++, stop);
            if (!startNow)
                _scheduler.SetFirstPoll(wait, now);
            TimeSpan margin = LastLook + TimeSpan.FromSeconds(_random() * _queue.Count / LastLooksPerSecond);
            wait.Must = wait.Over - (margin.Ticks < timeout.Ticks / 2 ? margin : TimeSpan.FromTicks(timeout.Ticks / 2));
            return wait;
        });
    }

    /// <summary>
    /// Polls now and returns at the first good answer. A failure that lasts is the error of that failure: the connection or the
    /// service is at fault, and not the task.
    /// </summary>
    public Task<ImageTask> PollNowAsync(ImageTask task, IClientObserver observer, CancellationToken stop) => Enter(now =>
        new PollWait(task, new Deadline(_options.Time, _options.OperationTimeout), observer, now, _poll.AgeOf(task), _sequence++, stop)
        {
            FailuresAllowed = _options.MaximumRetryCount,
            Must = now,
        });

    /// <summary>Learns from recorded tasks that ended earlier, the oldest first.</summary>
    public void Recall(IEnumerable<ImageTask> ended)
    {
        lock (_lock)
        {
            _scheduler.Recall(ended, Now);
            SetTimer();
        }
    }

    public void Dispose()
    {
        IReadOnlyList<PollWait> left;
        lock (_lock)
        {
            _disposed = true;
            left = _queue.RemoveWhere(_ => true);
        }
        _timer.Dispose();
        foreach (PollWait wait in left)
            wait.Completion.TrySetCanceled();
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
            isDue = wait.Due <= now;
            if (!isDue && (_queue.FirstThatMust == wait || _queue.NextDue == wait.Due))
                SetTimer();
        }
        // From here: a timer would take it to other threads, twice.
        if (isDue)
            Dispatch();
        return wait.Completion.Task;
    }

    private void Leave(PollWait wait)
    {
        // Together: a poll of it that ends in between would put it back, for nobody.
        lock (_lock)
        {
            _queue.Remove(wait);
            wait.Completion.TrySetCanceled(wait.Stop);
        }
    }

    /// <summary>Starts every poll that is due and sets the timer for the next.</summary>
    private void Dispatch()
    {
        while (TakeNext() is { } wait)
            _ = PollAsync(wait);
    }

    private PollWait? TakeNext()
    {
        lock (_lock)
        {
            TimeSpan now = Now;
            while (!_disposed && _turns.Choose(now) is { } next)
            {
                _queue.Remove(next);
                TimeSpan pause = _gate.Remaining;
                if (pause == TimeSpan.Zero || next.Over <= now || _poll.IsPausedPastEnd(next))
                {
                    _turns.Begin(next, now);
                    return next;
                }
                // After a pause the polls that piled up are spread over a second, not fired together.
                Requeue(next, now, pause + TimeSpan.FromSeconds(_random()));
            }
            if (!_disposed)
                SetTimer();
            return null; // A poll that ends dispatches again.
        }
    }

    private async Task PollAsync(PollWait wait)
    {
        TimeSpan asked = Now;
        PollStep step = await _poll.StepAsync(wait).ConfigureAwait(false);
        lock (_lock)
        {
            TimeSpan now = Now;
            _turns.End(isOver: step.Ended is not null || step.Error is not null, hasEnded: step.Ended is { HasEnded: true });
            wait.Asked = asked;
            if (step.Pause is { } pause)
                Requeue(wait, now, pause);
            else if (step.Goes)
                Requeue(wait, now, Longer(_scheduler.StillRuns(wait, asked, now), step.RetryAfter));
            else if (step.Ended is { HasEnded: true } ended)
                _scheduler.Ended(wait, ended, now);
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
        wait.Due = now + pause;
        if (wait.FailuresAllowed is not null)
            wait.Must = wait.Due < wait.Over ? wait.Due : wait.Over;
        else if (wait.Must <= now)
            wait.Must = wait.Over;
        _queue.Add(wait);
    }

    /// <summary>In whole milliseconds, rounded up: a timer cuts off the rest and would wake again and again until it is over.</summary>
    private void SetTimer()
    {
        TimeSpan now = Now;
        if (_turns.NextTurn(now) is { } at)
            _timer.Change(TimeSpan.FromMilliseconds(Math.Ceiling(Math.Min(Math.Max((at - now).TotalMilliseconds, 0), LongestSleep.TotalMilliseconds))), Timeout.InfiniteTimeSpan);
    }

    private static TimeSpan Longer(TimeSpan wish, TimeSpan? floor) => floor > wish ? floor.Value : wish;
}
