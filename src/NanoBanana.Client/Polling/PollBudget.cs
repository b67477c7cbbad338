namespace NanoBanana.Client.Polling;

/// <summary>
/// How many polls in vain a connection may make, however many tasks wait: so many a second, and some more for each task
/// that ends. While tasks end polling is as fast as they do; while none does, a crowd costs no more than a few.
/// Not thread-safe: the poller calls it under its lock.
/// </summary>
internal sealed class PollBudget
{
    /// <summary>Polls in vain each second while nothing ends. What one costs was measured: docs/decisions/0008-polling.md.</summary>
    internal const double PerSecond = 20;

    /// <summary>What the end of a task allows for: more than its own polls usually are.</summary>
    internal const double PerEnd = 10;

    /// <summary>What may be saved up.</summary>
    internal const double Most = 100;

    /// <summary>
    /// Once all is spent, so many polls are waited for and made together: waking up for each costs more than the polls do.
    /// </summary>
    internal const double Together = 4;

    private double _left = Most;
    private TimeSpan _asOf;
    private bool _isSpent;

    /// <summary>How long until a poll may be made; zero for now.</summary>
    /// <param name="now">The time on the poller's clock.</param>
    public TimeSpan Until(TimeSpan now)
    {
        _left = Math.Min(_left + (now - _asOf).TotalSeconds * PerSecond, Most);
        _asOf = now;
        // A clock of whole ticks may wake a hair early.
        double enough = (_isSpent ? Together : 1) - 1e-6;
        _isSpent = _left < enough;
        return _isSpent ? TimeSpan.FromSeconds((Together - _left) / PerSecond) : TimeSpan.Zero;
    }

    /// <summary>A poll is made.</summary>
    public void Spend() => _left--;

    /// <summary>The poll was not in vain: the wait is over.</summary>
    /// <param name="ended">Whether the task is, too.</param>
    public void Earn(bool ended) => _left = Math.Min(_left + 1 + (ended ? PerEnd : 0), Most);
}
