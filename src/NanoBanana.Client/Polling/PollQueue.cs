namespace NanoBanana.Client.Polling;

/// <summary>
/// The waits that have no poll on its way, in two orders: by the time from which each is due, and by its latest time. Where more are
/// due than may be polled, those come first that lose the most by waiting. Not thread-safe: the poller calls it under its lock.
/// </summary>
/// <remarks>
/// The loss of a wait grows with the square of the time since its last poll, in gaps of its schedule: a gap is short where an end is
/// likely. So tasks that will hardly end now can't delay those that will, and none starves. The order changes with time, but
/// little among waits of similar gaps: there is one lane for each doubling, and the first wait of each lane is compared.
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

    /// <summary>When the next wait is due; null when there is none.</summary>
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

    /// <summary>Of the waits that are due, the one that loses the most; null when none is due.</summary>
    public PollWait? MostLate(TimeSpan now)
    {
        PollWait? latest = null;
        foreach (SortedSet<PollWait> lane in _lanes)
        {
            if (lane.Min is { } first && first.DueAt <= now && !(latest?.Lateness(now) >= first.Lateness(now)))
                latest = first;
        }
        return latest;
    }

    /// <summary>Takes in a wait, whose times stay as they are until it is removed.</summary>
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

    /// <summary>Removes the waits of a kind, in no order.</summary>
    public IReadOnlyList<PollWait> RemoveWhere(Func<PollWait, bool> isWanted)
    {
        PollWait[] wanted = [.. _byLatest.Where(isWanted)];
        foreach (PollWait wait in wanted)
            Remove(wait);
        return wanted;
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
