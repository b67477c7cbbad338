using NanoBanana.Client.Http;

namespace NanoBanana.Client.Polling;

/// <summary>Whose turn it is to be asked about, and when the next turn comes. Not thread-safe: the poller calls it under its lock.</summary>
internal sealed class PollTurns(PollQueue queue, ApiOptions options)
{
    internal const int MaximumConcurrentPolls = 32;

    private readonly PollBudget _budget = new();
    private int _polling;

    private bool HasRoom => _polling < MaximumConcurrentPolls;

    /// <summary>The wait to ask about now, if any: what must be asked at any price, else what is due and within the budget.</summary>
    public PollWait? Choose(TimeSpan now)
    {
        for (PollWait? first = queue.FirstThatMust; first?.Must <= now; first = queue.FirstThatMust)
        {
            if (first!.SleptThroughDeadline(now))
            {
                queue.Remove(first);
                first.AllowLastPoll(options.Time, now, options.PollTimeout);
                queue.Add(first);
                continue;
            }
            // Expired waits need no free poll: they are completed with a time-out.
            if (HasRoom || first.Over <= now)
                return first;
            // All polls are taken: the wait stays in the queue and ends at its deadline.
            queue.Remove(first);
            first.Must = first.Over;
            queue.Add(first);
        }
        return HasRoom && queue.MostLate(now) is { } due && (due.IsLastPoll || _budget.Until(now) == TimeSpan.Zero) ? due : null;
    }

    /// <summary>When there may be a turn again; null while nothing waits.</summary>
    public TimeSpan? NextTurn(TimeSpan now)
    {
        TimeSpan? next = queue.FirstThatMust?.Must;
        if (HasRoom && queue.NextDue is { } due)
        {
            TimeSpan allowed = now + _budget.Until(now);
            TimeSpan turn = due > allowed ? due : allowed;
            next = turn < next ? turn : next;
        }
        return next;
    }

    public void Begin(PollWait wait, TimeSpan now)
    {
        _polling++;
        if (wait.Must > now && !wait.IsLastPoll)
            _budget.Spend();
    }

    /// <param name="isOver">The poll was the last of its wait.</param>
    /// <param name="hasEnded">The task has ended.</param>
    public void End(bool isOver, bool hasEnded)
    {
        _polling--;
        if (isOver)
            _budget.Earn(hasEnded);
    }
}
