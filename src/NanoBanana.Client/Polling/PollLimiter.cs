using NanoBanana.Client.Http;

namespace NanoBanana.Client.Polling;

/// <summary>
/// Limits the polls of a connection and chooses the next one: 32 at once, and a token bucket for polls of tasks that have not ended. While
/// tasks end, polling is as fast as they do; while none does, a crowd costs no more than a few. Not thread-safe: the poller
/// calls it under its lock.
/// </summary>
internal sealed class PollLimiter(PollQueue queue, ApiOptions options)
{
    internal const int MaximumConcurrentPolls = 32;

    /// <summary>Tokens that the bucket receives each second. What a poll costs was measured: docs/decisions/0008-polling.md.</summary>
    internal const double TokensPerSecond = 20;

    /// <summary>The tokens that the bucket can hold.</summary>
    internal const double Capacity = 100;

    /// <summary>An empty bucket is used again once it holds so many: a timer for each poll costs more than the polls do.</summary>
    internal const double BatchSize = 4;

    /// <summary>Tokens for the end of a task: more than its own polls usually are.</summary>
    private const double TokensPerEnd = 10;

    private static readonly TimeSpan LongestSleep = TimeSpan.FromDays(1);

    private double _tokens = Capacity;
    private TimeSpan _refilled;
    private bool _isEmpty;
    private int _polling;

    private bool HasRoom => _polling < MaximumConcurrentPolls;

    /// <summary>The wait to poll now, if any: first those at their latest time, whatever the bucket holds, then those that are
    /// due.</summary>
    public PollWait? Choose(TimeSpan now)
    {
        for (PollWait? first = queue.FirstByLatest; first?.LatestAt <= now; first = queue.FirstByLatest)
        {
            if (first!.SleptThroughDeadline(now))
            {
                queue.Remove(first);
                first.AllowLastPoll(options.Time, now, options.PollTimeout);
                queue.Add(first);
                continue;
            }
            // Expired waits need no free poll: they are completed with a time-out.
            if (HasRoom || first.EndsAt <= now)
                return first;
            // All polls are taken: the wait stays in the queue and ends at its deadline.
            queue.Remove(first);
            first.LatestAt = first.EndsAt;
            queue.Add(first);
        }
        return HasRoom && queue.MostLate(now) is { } due && (due.IsLastPoll || UntilToken(now) == TimeSpan.Zero) ? due : null;
    }

    /// <summary>
    /// How long until <see cref="Choose"/> may return a wait again; null while nothing waits. In whole milliseconds, rounded up: a
    /// timer cuts off the rest and would wake too early.
    /// </summary>
    public TimeSpan? UntilNext(TimeSpan now)
    {
        TimeSpan? next = queue.FirstByLatest?.LatestAt;
        if (HasRoom && queue.NextDue is { } due)
        {
            TimeSpan allowed = now + UntilToken(now);
            TimeSpan poll = due > allowed ? due : allowed;
            next = poll < next ? poll : next;
        }
        if (next is not { } at)
            return null;
        return TimeSpan.FromMilliseconds(Math.Ceiling(Math.Min(Math.Max((at - now).TotalMilliseconds, 0), LongestSleep.TotalMilliseconds)));
    }

    /// <summary>A poll begins.</summary>
    public void Begin(PollWait wait, TimeSpan now)
    {
        _polling++;
        if (wait.LatestAt > now && !wait.IsLastPoll)
            _tokens--;
    }

    /// <summary>A poll has ended.</summary>
    /// <param name="isOver">The poll was the last of its wait: its token comes back.</param>
    /// <param name="hasEnded">The task has ended.</param>
    public void End(bool isOver, bool hasEnded)
    {
        _polling--;
        if (isOver)
            _tokens = Math.Min(_tokens + 1 + (hasEnded ? TokensPerEnd : 0), Capacity);
    }

    /// <summary>How long until the bucket allows a poll.</summary>
    private TimeSpan UntilToken(TimeSpan now)
    {
        _tokens = Math.Min(_tokens + (now - _refilled).TotalSeconds * TokensPerSecond, Capacity);
        _refilled = now;
        // A clock of whole ticks may wake slightly early.
        _isEmpty = _tokens < (_isEmpty ? BatchSize : 1) - 1e-6;
        return _isEmpty ? TimeSpan.FromSeconds((BatchSize - _tokens) / TokensPerSecond) : TimeSpan.Zero;
    }
}
