using NanoBanana.Client.Http;
using NanoBanana.Client.Wire;

namespace NanoBanana.Client.Polling;

/// <summary>
/// Polls any number of tasks on one schedule: one queue, one timer, a bounded number of polls at once and of polls in
/// vain. Nothing runs while nothing is due.
/// </summary>
internal sealed class TaskPoller : IDisposable
{
    internal const int MaximumConcurrentPolls = 32;

    /// <summary>How long before its end a wait asks for the last time: an answer must have time to come.</summary>
    internal static readonly TimeSpan LastLook = TimeSpan.FromSeconds(1);

    /// <summary>So many last looks may come each second when a crowd's time is over at once.</summary>
    private const double LastLooksPerSecond = 500;

    private static readonly TimeSpan LongestSleep = TimeSpan.FromDays(1);

    private readonly TaskPoll _poll;
    private readonly RateGate _gate;
    private readonly NanoBananaClientOptions _options;
    private readonly PollSchedule _schedule;
    private readonly Func<double> _random;
    private readonly long _origin;
    private readonly ITimer _timer;
    private readonly object _lock = new();
    private readonly PollQueue _queue = new();
    private readonly PollBudget _budget = new();
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

    /// <summary>Polls until the task has ended or the time is over: at least once, and once more shortly before its end.</summary>
    public Task<ImageTask> WaitAsync(ImageTask task, TimeSpan timeout, IClientObserver observer, CancellationToken stop)
    {
        if (task.HasEnded)
            return Task.FromResult(task);
        lock (_lock)
        {
            TimeSpan now = Now;
            TimeSpan age = _poll.AgeOf(task);
            var wait = new PollWait(task, new Deadline(_options.Time, timeout), observer, now, age, _sequence++, stop);
            // Of a task that was accepted elsewhere nobody knows when it was last seen: now is the time to look.
            if (task.AcceptedTimestamp is not null)
            {
                wait.Alive = task.Elapsed is { } seen && seen < age ? seen : TimeSpan.Zero;
                wait.Due = now + _schedule.UntilNext(task.Resolution, wait.Alive, task.Progress, age);
            }
            TimeSpan margin = LastLook + TimeSpan.FromSeconds(_random() * _queue.Count / LastLooksPerSecond);
            wait.Must = wait.Over - (margin.Ticks < timeout.Ticks / 2 ? margin : TimeSpan.FromTicks(timeout.Ticks / 2));
            return Enter(wait);
        }
    }

    /// <summary>Polls now and returns at the first good answer.</summary>
    public Task<ImageTask> PollNowAsync(ImageTask task, IClientObserver observer, CancellationToken stop)
    {
        lock (_lock)
        {
            TimeSpan now = Now;
            var deadline = new Deadline(_options.Time, _options.OperationTimeout);
            return Enter(new PollWait(task, deadline, observer, now, _poll.AgeOf(task), _sequence++, stop)
            {
                FailuresAllowed = _options.MaximumRetryCount,
                Must = now,
            });
        }
    }

    /// <summary>Takes in what is remembered of tasks that ended earlier, the oldest first.</summary>
    public void Recall(IEnumerable<ImageTask> ended)
    {
        lock (_lock)
        {
            foreach (IGrouping<string?, ImageTask> tasks in ended.GroupBy(task => task.Resolution))
            {
                foreach (ImageTask task in tasks)
                    _schedule.Recall(tasks.Key, task.Elapsed!.Value);
                AimAgain(tasks.Key, Now);
            }
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

    private Task<ImageTask> Enter(PollWait wait)
    {
        if (_disposed || wait.Stop.IsCancellationRequested)
            return Task.FromCanceled<ImageTask>(wait.Stop.IsCancellationRequested ? wait.Stop : new CancellationToken(true));
        _queue.Add(wait);
        wait.StopRegistration = wait.Stop.Register(() => Leave(wait));
        if (_queue.FirstThatMust == wait || _queue.NextDue == wait.Due)
            SetTimer();
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
        while (TakeNext() is { } wait)
            _ = PollAsync(wait);
    }

    private PollWait? TakeNext()
    {
        lock (_lock)
        {
            TimeSpan now = Now;
            while (!_disposed && Choose(now) is { } next)
            {
                _queue.Remove(next);
                TimeSpan pause = _gate.Remaining;
                if (pause == TimeSpan.Zero || next.Over <= now)
                {
                    if (next.Must > now)
                        _budget.Spend();
                    _polling++;
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

    /// <summary>What is to be asked now, if anything: what must be at any price, else what is due and within the budget.</summary>
    private PollWait? Choose(TimeSpan now)
    {
        bool hasRoom = _polling < MaximumConcurrentPolls;
        for (PollWait? first = _queue.FirstThatMust; first?.Must <= now; first = _queue.FirstThatMust)
        {
            if (hasRoom || first!.Over <= now)
                return first;
            // No room for its last look: it goes on as one of the crowd, and ends in time.
            _queue.Remove(first);
            first.Must = first.Over;
            _queue.Add(first);
        }
        return hasRoom && _queue.MostLate(now) is { } due && _budget.Until(now) == TimeSpan.Zero ? due : null;
    }

    private async Task PollAsync(PollWait wait)
    {
        TimeSpan asked = Now;
        PollStep step = await _poll.StepAsync(wait).ConfigureAwait(false);
        lock (_lock)
        {
            _polling--;
            TimeSpan now = Now;
            wait.Asked = asked;
            if (step.Pause is { } pause)
                Requeue(wait, now, pause);
            else if (step.Goes)
                GoOn(wait, asked, now, step.RetryAfter);
            else
                Learn(wait, step.Ended, now);
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

    private void GoOn(PollWait wait, TimeSpan asked, TimeSpan now, TimeSpan? floor)
    {
        TimeSpan alive = asked - wait.Born;
        if (wait.Task.AcceptedTimestamp is not null)
            _schedule.Learn(wait.Task.Resolution, wait.Alive, wait.Progress, alive, ended: false);
        (wait.Alive, wait.Progress) = (alive, wait.Task.Progress);
        Requeue(wait, now, Longer(_schedule.UntilNext(wait.Task.Resolution, alive, wait.Progress, now - wait.Born), floor));
    }

    private void Learn(PollWait wait, ImageTask? answer, TimeSpan now)
    {
        bool ended = answer is { HasEnded: true };
        _budget.Earn(ended);
        if (!ended || answer!.AcceptedTimestamp is null)
            return;
        _schedule.Learn(answer.Resolution, wait.Alive, wait.Progress, now - wait.Born, ended: true);
        AimAgain(answer.Resolution, now);
    }

    /// <summary>When tasks turn out to be far quicker than was thought, those that were not asked about yet need not wait.</summary>
    private void AimAgain(string? resolution, TimeSpan now)
    {
        if (!_schedule.HasMovedForward(resolution))
            return;
        foreach (PollWait wait in _queue.RemoveWhere(w => w.IsFresh && w.Task.Resolution == resolution))
        {
            wait.Due = now + _schedule.UntilNext(resolution, TimeSpan.Zero, null, now - wait.Born);
            _queue.Add(wait);
        }
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

    /// <summary>Waking early does no harm; a timer takes no more than some weeks.</summary>
    private void SetTimer()
    {
        TimeSpan now = Now;
        TimeSpan? wake = _queue.FirstThatMust?.Must;
        if (_polling < MaximumConcurrentPolls && _queue.NextDue is { } due)
        {
            TimeSpan allowed = Longer(due, now + _budget.Until(now));
            wake = allowed < wake ? allowed : wake;
        }
        if (wake is { } at)
            _timer.Change(Longer(TimeSpan.Zero, at - now < LongestSleep ? at - now : LongestSleep), Timeout.InfiniteTimeSpan);
    }

    private static TimeSpan Longer(TimeSpan wish, TimeSpan? floor) => floor > wish ? floor.Value : wish;
}
