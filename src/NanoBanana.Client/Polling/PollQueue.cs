namespace NanoBanana.Client.Polling;

/// <summary>
/// The waits that are not being asked for, in two orders: when each may be asked, and when each must be. Where more are due
/// than may be asked, those come first that lose the most by waiting. Not thread-safe: the poller calls it under its lock.
/// </summary>
/// <remarks>
/// The loss of a wait grows with the square of how long ago its task was seen, in gaps as the schedule wanted them: that
/// gap is short where an end is likely. So tasks that will hardly end now can't hold up those that will, and yet none starves.
/// The order changes as time goes on, but little among waits of like gaps: one lane for each doubling, whose first counts.
/// </remarks>
internal sealed class PollQueue
{
    private const double NarrowestLane = 1;

    private static readonly IComparer<PollWait> ByDue = Order(wait => wait.Due);
    private static readonly IComparer<PollWait> ByMust = Order(wait => wait.Must);

    private readonly SortedSet<PollWait>[] _lanes = [.. Enumerable.Range(0, 7).Select(_ => new SortedSet<PollWait>(ByDue))];
    private readonly SortedSet<PollWait> _byMust = new(ByMust);

    public int Count => _byMust.Count;

    /// <summary>The wait that must be asked before all others, or be told that its time is over.</summary>
    public PollWait? FirstThatMust => _byMust.Min;

    /// <summary>When the next wait is due; null when there is none.</summary>
    public TimeSpan? NextDue
    {
        get
        {
            TimeSpan? next = null;
            foreach (SortedSet<PollWait> lane in _lanes)
            {
                if (lane.Min is { } first && !(first.Due >= next))
                    next = first.Due;
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
            if (lane.Min is { } first && first.Due <= now && !(latest?.Lateness(now) >= first.Lateness(now)))
                latest = first;
        }
        return latest;
    }

    /// <summary>Takes in a wait, whose times stay as they are until it is removed.</summary>
    public void Add(PollWait wait)
    {
        _lanes[LaneOf(wait)].Add(wait);
        _byMust.Add(wait);
    }

    public void Remove(PollWait wait)
    {
        _lanes[LaneOf(wait)].Remove(wait);
        _byMust.Remove(wait);
    }

    /// <summary>Removes the waits of a kind, in no order.</summary>
    public IReadOnlyList<PollWait> RemoveWhere(Func<PollWait, bool> isWanted)
    {
        PollWait[] wanted = [.. _byMust.Where(isWanted)];
        foreach (PollWait wait in wanted)
            Remove(wait);
        return wanted;
    }

    private int LaneOf(PollWait wait)
    {
        int lane = 0;
        for (double gap = (wait.Due - wait.Asked).TotalSeconds; gap > NarrowestLane && lane < _lanes.Length - 1; gap /= 2)
            lane++;
        return lane;
    }

    private static Comparer<PollWait> Order(Func<PollWait, TimeSpan> time) => Comparer<PollWait>.Create((a, b) =>
    {
        int order = time(a).CompareTo(time(b));
        return order != 0 ? order : a.Sequence.CompareTo(b.Sequence);
    });
}
