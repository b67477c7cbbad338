namespace NanoBanana.Client.Polling;

/// <summary>
/// The waits without a poll in flight, in two orders: by the time when each is due, and by its latest time. If more waits are due than may
/// be polled, the waits that lose most by a delay are first. Not thread-safe: the poller calls it under its lock.
/// </summary>
/// <remarks>
/// The loss of a wait is proportional to the square of the time since its last poll, measured in gaps of its schedule. A gap is short if an
/// end is likely. So tasks that will probably not end now can't delay other tasks, and every task is polled. The order of the losses
/// changes over time, so no sorted set can keep it. Among waits with similar gaps, the order of the due times is almost the same. Therefore
/// each doubling of the gap has its own sorted set, a lane, and only the first waits of the lanes are compared.
/// </remarks>
internal sealed class PollQueue
{
    private const double NarrowestLane = 1;

    private static readonly IComparer<PollWait> ByDue = Order(wait => wait.DueAt);
    private static readonly IComparer<PollWait> ByLatest = Order(wait => wait.LatestAt);

    private readonly SortedSet<PollWait>[] _lanes = [.. Enumerable.Range(0, 7).Select(_ => new SortedSet<PollWait>(ByDue))];
    private readonly SortedSet<PollWait> _byLatest = new(ByLatest);

    public int Count => _byLatest.Count;

    /// <summary>The wait with the earliest latest time.</summary>
    public PollWait? FirstByLatest => _byLatest.Min;

    /// <summary>The time when the next wait is due; null if there is no wait.</summary>
    public TimeSpan? NextDue
    {
        get
        {
            TimeSpan? next = null;
            foreach (SortedSet<PollWait> lane in _lanes)
            {
                if (lane.Min is { } first && !(first.DueAt >= next))
                    next = first.DueAt;
            }
            return next;
        }
    }

    /// <summary>The due wait that loses most by another delay; null if no wait is due.</summary>
    public PollWait? MostOverdue(TimeSpan now)
    {
        PollWait? latest = null;
        foreach (SortedSet<PollWait> lane in _lanes)
        {
            if (lane.Min is { } first && first.DueAt <= now && !(latest?.Overdue(now) >= first.Overdue(now)))
                latest = first;
        }
        return latest;
    }

    /// <summary>Adds a wait. Its times must not change until it is removed.</summary>
    public void Add(PollWait wait)
    {
        _lanes[LaneOf(wait)].Add(wait);
        _byLatest.Add(wait);
    }

    public void Remove(PollWait wait)
    {
        _lanes[LaneOf(wait)].Remove(wait);
        _byLatest.Remove(wait);
    }

    /// <summary>Removes all waits that match, and returns them without order.</summary>
    public IReadOnlyList<PollWait> RemoveWhere(Func<PollWait, bool> matches)
    {
        PollWait[] matching = [.. _byLatest.Where(matches)];
        foreach (PollWait wait in matching)
            Remove(wait);
        return matching;
    }

    private int LaneOf(PollWait wait)
    {
        int lane = 0;
        for (double gap = (wait.DueAt - wait.LastPollAt).TotalSeconds; gap > NarrowestLane && lane < _lanes.Length - 1; gap /= 2)
            lane++;
        return lane;
    }

    private static Comparer<PollWait> Order(Func<PollWait, TimeSpan> time) => Comparer<PollWait>.Create((a, b) =>
    {
        int order = time(a).CompareTo(time(b));
        return order != 0 ? order : a.Sequence.CompareTo(b.Sequence);
    });
}
