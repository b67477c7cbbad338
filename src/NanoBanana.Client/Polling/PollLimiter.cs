using NanoBanana.Client.Http;

namespace NanoBanana.Client.Polling;

/// <summary>
/// Limits the polls of a connection and chooses the next one: at most 32 polls at the same time, and a token bucket for polls of tasks that
/// have not ended. The end of a task adds tokens, so polling keeps up with tasks that end. If no task ends, any number of tasks costs only
/// as many polls as the bucket receives tokens. Not thread-safe: the poller calls it under its lock.
/// </summary>
internal sealed class PollLimiter(PollQueue queue, ApiOptions options)
{
    internal const int MaximumConcurrentPolls = 32;

    /// <summary>
    /// The number of tokens that the bucket receives per second. The cost of a poll was measured: docs/decisions/0008-polling.md.
    /// </summary>
    internal const double TokensPerSecond = 20;

    /// <summary>The maximum number of tokens in the bucket.</summary>
    internal const double Capacity = 100;

    /// <summary>
    /// An empty bucket is used again when it has this number of tokens, because a timer for each poll would cost more than the polls.
    /// </summary>
    internal const double BatchSize = 4;

    /// <summary>The number of tokens for the end of a task: more than its polls usually cost.</summary>
    private const double TokensPerEnd = 10;

    private static readonly TimeSpan LongestSleep = TimeSpan.FromDays(1);

    private double _tokens = Capacity;
    private TimeSpan _refilled;
    private bool _isEmpty;
    private int _polling;

    private bool HasFreeSlot => _polling < MaximumConcurrentPolls;

    /// <summary>
    /// Chooses the wait to poll now: first waits at their latest time, regardless of the bucket, then waits that are due. Null if there is
    /// no such wait.
    /// </summary>
    public PollWait? Choose(TimeSpan now)
    {
        for (PollWait? first = queue.FirstByLatest; first?.LatestAt <= now; first = queue.FirstByLatest)
        {
            if (first!.WasSuspendedAtDeadline(now))
            {
                queue.Remove(first);
                first.AllowLastPoll(options.Time, now, options.PollTimeout);
                queue.Add(first);
                continue;
            }
            // Expired waits need no free slot, because they are completed with a time-out.
            if (HasFreeSlot || first.EndsAt <= now)
                return first;
            // No slot is free: the wait stays in the queue and ends at its deadline.
            queue.Remove(first);
            first.LatestAt = first.EndsAt;
            queue.Add(first);
        }
        return HasFreeSlot && queue.MostOverdue(now) is { } due && (due.IsLastPoll || UntilToken(now) == TimeSpan.Zero) ? due : null;
    }

    /// <summary>
    /// The time until <see cref="Choose"/> may return a wait again; null if nothing waits. In whole milliseconds, rounded up, because a
    /// timer ignores fractions and would fire too early.
    /// </summary>
    public TimeSpan? UntilNext(TimeSpan now)
    {
        TimeSpan? next = queue.FirstByLatest?.LatestAt;
        if (HasFreeSlot && queue.NextDue is { } due)
        {
            TimeSpan allowed = now + UntilToken(now);
            TimeSpan poll = due > allowed ? due : allowed;
            next = poll < next ? poll : next;
        }
        if (next is not { } at)
            return null;
        return TimeSpan.FromMilliseconds(Math.Ceiling(Math.Min(Math.Max((at - now).TotalMilliseconds, 0), LongestSleep.TotalMilliseconds)));
    }

    /// <summary>Records the start of a poll.</summary>
    public void Begin(PollWait wait, TimeSpan now)
    {
        _polling++;
        if (wait.LatestAt > now && !wait.IsLastPoll)
            _tokens--;
    }

    /// <summary>Records the end of a poll.</summary>
    /// <param name="endsWait">Whether the poll ended its wait. Then its token is returned.</param>
    /// <param name="hasEnded">Whether the task has ended.</param>
    public void End(bool endsWait, bool hasEnded)
    {
        _polling--;
        if (endsWait)
            _tokens = Math.Min(_tokens + 1 + (hasEnded ? TokensPerEnd : 0), Capacity);
    }

    /// <summary>The time until the bucket allows a poll.</summary>
    private TimeSpan UntilToken(TimeSpan now)
    {
        _tokens = Math.Min(_tokens + (now - _refilled).TotalSeconds * TokensPerSecond, Capacity);
        _refilled = now;
        // A clock with whole ticks may fire slightly early.
        _isEmpty = _tokens < (_isEmpty ? BatchSize : 1) - 1e-6;
        return _isEmpty ? TimeSpan.FromSeconds((BatchSize - _tokens) / TokensPerSecond) : TimeSpan.Zero;
    }
}
