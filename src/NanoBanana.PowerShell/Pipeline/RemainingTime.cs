namespace NanoBanana.Pipeline;

/// <summary>
/// Guesses when work will be done from how fast it went of late. The pace since the start would be nonsense where much
/// was done at once, as when a batch runs again, or when the service has slowed down.
/// </summary>
internal sealed class RemainingTime
{
    private const int FewestDone = 3;
    private static readonly TimeSpan ShortestSpan = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestSpan = TimeSpan.FromSeconds(60);

    private readonly Queue<(TimeSpan At, int Done)> _seen = new();

    /// <summary>Takes how much is done now and guesses.</summary>
    /// <param name="now">Since the work began.</param>
    /// <param name="done">How much of it is done.</param>
    /// <param name="left">How much is not.</param>
    /// <returns>Whole seconds; null while too little was seen, and when nothing was done of late.</returns>
    public int? Guess(TimeSpan now, int done, int left)
    {
        _seen.Enqueue((now, done));
        while (now - _seen.Peek().At > LongestSpan)
            _seen.Dequeue();
        (TimeSpan since, int before) = _seen.Peek();
        int finished = done - before;
        if (left == 0 || finished < FewestDone || now - since < ShortestSpan)
            return null;
        return (int)Math.Ceiling(Math.Min((now - since).TotalSeconds / finished * left, int.MaxValue));
    }
}
