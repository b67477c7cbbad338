namespace NanoBanana.Client.Polling;

/// <summary>
/// When to ask next: where the polls of a task, at <see cref="PriceOfPoll"/> each, and the delay of seeing its end cost the
/// least together, by what was seen so far of tasks of the same resolution, and of the server's reports of progress
/// once they have proved right. Not thread-safe: the poller calls it under its lock.
/// </summary>
internal sealed class PollSchedule(Func<double> random)
{
    /// <summary>
    /// What a poll is worth, in seconds of delay: at the optimum the mean delay is about this, times the polls of a task.
    /// See docs/decisions/0008-polling.md.
    /// </summary>
    internal const double PriceOfPoll = 0.15;

    /// <summary>The slowest pace at an age far beyond all that was seen: so many seconds, or a twentieth of the age.</summary>
    private const double LongestGap = 30;
    private const double LongestGapOfAge = 0.05;

    private const double ShortestGap = 0.1;

    /// <summary>Less than this, in seconds, is no wait: the timers of Windows are not more exact.</summary>
    private const double Negligible = 0.016;

    /// <summary>Progress may stretch a wait to so many times the one without it, and no further: it may be wrong this time.</summary>
    private const double LongestStretch = 5;

    private readonly Dictionary<string, AgeAim> _byResolution = new(StringComparer.Ordinal);
    private readonly ProgressAim _progress = new(PriceOfPoll);

    /// <summary>How long from now to the next poll of a task; zero when it is overdue.</summary>
    /// <param name="resolution">The task's resolution.</param>
    /// <param name="alive">The age at which it was last seen to run; zero when it was not asked about yet.</param>
    /// <param name="progress">0 to 1, as the server said then; null when it said nothing.</param>
    /// <param name="age">Its age now.</param>
    public TimeSpan UntilNext(string? resolution, TimeSpan alive, double? progress, TimeSpan age)
    {
        double seen = alive.TotalSeconds;
        AgeAim aim = AimAt(resolution);
        if (seen == 0 && aim.TakeScout())
            return TimeSpan.Zero;
        PollPlan plan = aim.Plan;
        double gap = Spread(plan, seen, plan.NextAfter(seen));
        if (_progress.IsTrusted && ProgressAim.Promise(seen, progress) is { } promise)
        {
            PollPlan promised = _progress.PlanFor(promise);
            gap = Math.Min(Spread(promised, 0, promised.NextAfter(0)), gap * LongestStretch);
        }
        double shortest = seen > 0 ? ShortestGap : 0;
        double wait = seen + Math.Min(Math.Max(gap, shortest), Math.Max(LongestGap, LongestGapOfAge * seen)) - age.TotalSeconds;
        return wait <= Negligible ? TimeSpan.Zero : TimeSpan.FromSeconds(wait);
    }

    /// <summary>Takes in what a poll said.</summary>
    /// <param name="resolution">The task's resolution.</param>
    /// <param name="alive">The age at which the task was last seen to run; zero when it was not asked for yet.</param>
    /// <param name="progress">What the server said of its progress then.</param>
    /// <param name="seen">The age at this poll.</param>
    /// <param name="ended">Whether it had ended.</param>
    public void Learn(string? resolution, TimeSpan alive, double? progress, TimeSpan seen, bool ended)
    {
        (double from, double to) = (alive.TotalSeconds, seen.TotalSeconds);
        CompletionEstimate estimate = AimAt(resolution).Estimate;
        if (ProgressAim.Promise(from, progress) is { } promise)
            _progress.Learn(promise, to - from, ended, estimate.SurvivalAt(to) / Math.Max(estimate.SurvivalAt(from), 1e-12));
        estimate.Learn(from, to, ended);
    }

    /// <summary>
    /// Takes in how long a task took, as it was written down: mostly the age at which its end was seen, and polls are about a
    /// tenth of the age apart.
    /// </summary>
    public void Recall(string? resolution, TimeSpan elapsed)
    {
        TimeSpan alive = TimeSpan.FromTicks(elapsed.Ticks / 10 * 9);
        Learn(resolution, TimeSpan.Zero, null, alive, ended: false);
        Learn(resolution, alive, null, elapsed, ended: true);
    }

    /// <summary>Whether waits that were not asked about yet were aimed far too late, by what is known now; told once.</summary>
    public bool HasMovedForward(string? resolution) => AimAt(resolution).HasMovedForward();

    private AgeAim AimAt(string? resolution)
    {
        if (!_byResolution.TryGetValue(resolution ?? "", out AgeAim? aim))
            _byResolution.Add(resolution ?? "", aim = new AgeAim(PriceOfPoll));
        return aim;
    }

    /// <summary>
    /// The wait from one age to another, a little longer or shorter, so that tasks that were accepted together are not asked
    /// about together; measured by the polls around it, so that it costs no aim.
    /// </summary>
    private double Spread(PollPlan plan, double from, double to)
    {
        double narrower = Math.Min(to - from, plan.NextAfter(to) - to);
        return to - from + 0.4 * narrower * (random() - 0.5);
    }
}
