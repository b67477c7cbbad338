namespace NanoBanana.Client.Polling;

/// <summary>
/// When to ask next. The first poll of a task is aimed by what earlier tasks of the same resolution took; later ones
/// widen with its age, because a task that has run long is likely to run on; the server's progress aims better still.
/// Not thread-safe: the poller calls it under its lock.
/// </summary>
internal sealed class PollSchedule(Func<double> random)
{
    private static readonly TimeSpan FirstGuess = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LatestFirst = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Negligible = TimeSpan.FromMilliseconds(2);

    private readonly Dictionary<string, TimeSpan> _firstByResolution = new(StringComparer.Ordinal);

    /// <summary>How long from now to the first poll of a task of that age.</summary>
    public TimeSpan UntilFirst(string? resolution, TimeSpan age)
    {
        TimeSpan first = First(resolution);
        return age < first ? Spread(first - age) : TimeSpan.Zero;
    }

    /// <summary>How long to the next poll of a task that goes on.</summary>
    /// <param name="age">Since its acceptance.</param>
    /// <param name="progress">0 to 1, as the server says; null when it says nothing.</param>
    public TimeSpan UntilNext(TimeSpan age, double? progress)
    {
        double seconds = age.TotalSeconds * 0.2;
        if (progress is > 0.05 and < 1)
            seconds = age.TotalSeconds * (1 - progress.Value) / progress.Value;
        return Spread(TimeSpan.FromSeconds(Math.Min(Math.Max(seconds, Shortest.TotalSeconds), Longest.TotalSeconds)));
    }

    /// <summary>Takes in that a task was seen to have ended.</summary>
    /// <param name="resolution">The task's resolution.</param>
    /// <param name="age">Its age when that was seen.</param>
    /// <param name="polls">How many polls it took, from 1.</param>
    public void Learn(string? resolution, TimeSpan age, int polls)
    {
        TimeSpan first = First(resolution);
        if (polls == 1)
        {
            // It had ended before the first look: look sooner. (A look that came late on its own says nothing.)
            first = TimeSpan.FromTicks(Math.Min(first.Ticks, age.Ticks / 2));
            if (first < Negligible)
                first = TimeSpan.Zero;
        }
        else
        {
            // The first look was in vain: look later, but never past half of what it took.
            long later = Math.Min(first.Ticks + first.Ticks / 10 + Negligible.Ticks * 5, age.Ticks / 2);
            first = TimeSpan.FromTicks(Math.Min(Math.Max(later, 0), LatestFirst.Ticks));
        }
        _firstByResolution[resolution ?? ""] = first;
    }

    private TimeSpan First(string? resolution) =>
        _firstByResolution.TryGetValue(resolution ?? "", out TimeSpan first) ? first : FirstGuess;

    /// <summary>Tasks that were accepted together are not asked about together.</summary>
    private TimeSpan Spread(TimeSpan wait) => TimeSpan.FromTicks((long)(wait.Ticks * (0.85 + 0.3 * random())));
}
