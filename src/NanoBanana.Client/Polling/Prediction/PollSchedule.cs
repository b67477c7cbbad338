namespace NanoBanana.Client.Polling.Prediction;

/// <summary>
/// When to ask next: where the polls of a task, at <see cref="PriceOfPoll"/> each, and the delay of seeing its end cost the
/// least together, by what was seen so far of tasks of the same resolution, and of the server's reports of progress
/// once they have proved right. Not thread-safe: the poller calls it under its lock.
/// </summary>
internal sealed class PollSchedule(Func<double> random) : IPollPredictor
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

    private readonly Dictionary<string, AgeModel> _byResolution = new(StringComparer.Ordinal);
    private readonly ProgressModel _progress = new(PriceOfPoll);

    public TimeSpan UntilNext(string? resolution, TimeSpan alive, double? progress, TimeSpan age)
    {
        double seen = alive.TotalSeconds;
        AgeModel model = ModelOf(resolution);
        if (seen == 0 && model.TakeFirstPoll())
            return TimeSpan.Zero;
        PollPlan plan = model.Plan;
        double gap = Spread(plan, seen, plan.NextAfter(seen));
        if (_progress.IsTrusted && ProgressModel.Remaining(seen, progress) is { } remaining)
        {
            PollPlan promised = _progress.PlanFor(remaining);
            gap = Math.Min(Spread(promised, 0, promised.NextAfter(0)), gap * LongestStretch);
        }
        double shortest = seen > 0 ? ShortestGap : 0;
        double wait = seen + Math.Min(Math.Max(gap, shortest), Math.Max(LongestGap, LongestGapOfAge * seen)) - age.TotalSeconds;
        return wait <= Negligible ? TimeSpan.Zero : TimeSpan.FromSeconds(wait);
    }

    public void Learn(string? resolution, TimeSpan alive, double? progress, TimeSpan seen, bool ended)
    {
        (double from, double to) = (alive.TotalSeconds, seen.TotalSeconds);
        CompletionEstimate estimate = ModelOf(resolution).Estimate;
        if (ProgressModel.Remaining(from, progress) is { } remaining)
            _progress.Learn(remaining, to - from, ended, estimate.SurvivalAt(to) / Math.Max(estimate.SurvivalAt(from), 1e-12));
        estimate.Learn(from, to, ended);
    }

    /// <remarks>A recorded duration is mostly the age at which the end was seen, and polls are about a tenth of the age apart.</remarks>
    public void Recall(string? resolution, TimeSpan elapsed)
    {
        TimeSpan alive = TimeSpan.FromTicks(elapsed.Ticks / 10 * 9);
        Learn(resolution, TimeSpan.Zero, null, alive, ended: false);
        Learn(resolution, alive, null, elapsed, ended: true);
    }

    public bool HasMovedForward(string? resolution) => ModelOf(resolution).HasMovedForward();

    private AgeModel ModelOf(string? resolution)
    {
        if (!_byResolution.TryGetValue(resolution ?? "", out AgeModel? model))
            _byResolution.Add(resolution ?? "", model = new AgeModel(PriceOfPoll));
        return model;
    }

    /// <summary>
    /// The wait from one age to another, a little longer or shorter, so that tasks that were accepted together are not asked
    /// about together; measured by the polls around it, so that it costs no model.
    /// </summary>
    private double Spread(PollPlan plan, double from, double to)
    {
        double narrower = Math.Min(to - from, plan.NextAfter(to) - to);
        return to - from + 0.4 * narrower * (random() - 0.5);
    }
}
