namespace NanoBanana.Pipeline;

/// <summary>
/// Estimates the remaining time from the recent pace. The pace since the start would be wrong if many items were completed immediately, for
/// example when a batch runs again, or if the service became slower.
/// </summary>
internal sealed class RemainingTime
{
    private const int MinimumCompleted = 3;
    private static readonly TimeSpan ShortestSpan = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestSpan = TimeSpan.FromSeconds(60);

    private readonly Queue<(TimeSpan At, int Done)> _measurements = new();

    /// <summary>Adds a measurement and estimates the remaining time.</summary>
    /// <param name="now">The time since the start of the work.</param>
    /// <param name="done">The number of completed items.</param>
    /// <param name="remaining">The number of remaining items.</param>
    /// <returns>Whole seconds; null with too few measurements, or if no item was completed recently.</returns>
    public int? Estimate(TimeSpan now, int done, int remaining)
    {
        _measurements.Enqueue((now, done));
        while (now - _measurements.Peek().At > LongestSpan)
            _measurements.Dequeue();
        (TimeSpan since, int before) = _measurements.Peek();
        int finished = done - before;
        if (remaining == 0 || finished < MinimumCompleted || now - since < ShortestSpan)
            return null;
        return (int)Math.Ceiling(Math.Min((now - since).TotalSeconds / finished * remaining, int.MaxValue));
    }
}
