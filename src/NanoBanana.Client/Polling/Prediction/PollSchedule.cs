namespace NanoBanana.Client.Polling.Prediction;

/// <summary>
/// Predicts the poll times with the lowest total cost of polls, at <see cref="PriceOfPoll"/> each, and of the delay until an end is
/// observed. It learns the completion times of each resolution, and uses the server's progress reports after they have proved correct. Not
/// thread-safe: the poller calls it under its lock.
/// </summary>
internal sealed class PollSchedule(Func<double> random) : IPollPredictor
{
    /// <summary>The price of a poll in seconds of delay. See docs/decisions/0008-polling.md.</summary>
    internal const double PriceOfPoll = 0.15;

    /// <summary>The longest gap between polls: this number of seconds, or this share of the age.</summary>
    private const double LongestGap = 30;
    private const double LongestGapOfAge = 0.05;

    private const double ShortestGap = 0.1;

    /// <summary>A wait of at most this number of seconds is zero, because timers of Windows are not more exact.</summary>
    private const double Negligible = 0.016;

    /// <summary>Progress can extend a gap to at most this multiple of the gap without progress, because a report may be wrong.</summary>
    private const double LongestStretch = 5;

    private readonly Dictionary<string, ResolutionModel> _models = new(StringComparer.Ordinal);
    private readonly ProgressModel _progress = new(PriceOfPoll);

    public TimeSpan UntilNext(string? resolution, TimeSpan runningAge, double? progress, TimeSpan age)
    {
        double seen = runningAge.TotalSeconds;
        ResolutionModel model = ModelOf(resolution);
        if (seen == 0 && model.TakeFirstPoll())
            return TimeSpan.Zero;
        double gap = GapAfter(model.Plan, seen);
        if (_progress.IsTrusted && ProgressModel.Remaining(seen, progress) is { } remaining)
            gap = Math.Min(GapAfter(_progress.PlanFor(remaining), 0), gap * LongestStretch);
        double shortest = seen > 0 ? ShortestGap : 0;
        double wait = seen + Math.Min(Math.Max(gap, shortest), Math.Max(LongestGap, LongestGapOfAge * seen)) - age.TotalSeconds;
        return wait <= Negligible ? TimeSpan.Zero : TimeSpan.FromSeconds(wait);
    }

    public void Learn(string? resolution, TimeSpan runningAge, double? progress, TimeSpan seen, bool ended)
    {
        (double from, double to) = (runningAge.TotalSeconds, seen.TotalSeconds);
        CompletionEstimate estimate = ModelOf(resolution).Estimate;
        if (ProgressModel.Remaining(from, progress) is { } remaining)
            _progress.Learn(remaining, to - from, ended, estimate.SurvivalAt(to) / Math.Max(estimate.SurvivalAt(from), 1e-12));
        estimate.Learn(from, to, ended);
    }

    /// <remarks>A recorded duration is mostly the age when the end was observed, and polls are about a tenth of the age apart.</remarks>
    public void LearnDuration(string? resolution, TimeSpan elapsed)
    {
        TimeSpan runningAge = TimeSpan.FromTicks(elapsed.Ticks / 10 * 9);
        Learn(resolution, TimeSpan.Zero, null, runningAge, ended: false);
        Learn(resolution, runningAge, null, elapsed, ended: true);
    }

    public bool HasMovedForward(string? resolution) => ModelOf(resolution).HasMovedForward();

    private ResolutionModel ModelOf(string? resolution)
    {
        if (!_models.TryGetValue(resolution ?? "", out ResolutionModel? model))
            _models.Add(resolution ?? "", model = new ResolutionModel());
        return model;
    }

    /// <summary>
    /// The gap to the next poll of a plan, with a jitter of a fifth of the neighboring gaps, so tasks that were accepted at the same time
    /// are not polled at the same time.
    /// </summary>
    private double GapAfter(PollPlan plan, double age)
    {
        double next = plan.NextAfter(age);
        double narrower = Math.Min(next - age, plan.NextAfter(next) - next);
        return next - age + 0.4 * narrower * (random() - 0.5);
    }

    /// <summary>The completion times of one resolution, and the plan for them.</summary>
    private sealed class ResolutionModel
    {
        private const double TailStart = 100;

        private readonly PollPlan _plan = new();
        private int _planned = -1;
        private bool _hasFirstPoll;
        private double _first;

        public ResolutionModel() => _first = Plan.NextAfter(0);

        public CompletionEstimate Estimate { get; } = new(Prior);

        /// <summary>The plan by age. It is computed again if the estimate has changed.</summary>
        public PollPlan Plan
        {
            get
            {
                double[] survival = Estimate.Survival;
                if (_planned != Estimate.Version)
                    _plan.Compute(survival, PriceOfPoll);
                _planned = Estimate.Version;
                return _plan;
            }
        }

        /// <summary>
        /// True once, while nothing is known: the first task is polled immediately, so a service that completes tasks immediately is
        /// detected before many tasks wait unnecessarily.
        /// </summary>
        public bool TakeFirstPoll()
        {
            bool isFirst = !_hasFirstPoll && Estimate.IsBlank;
            _hasFirstPoll = true;
            return isFirst;
        }

        /// <inheritdoc cref="IPollPredictor.HasMovedForward"/>
        public bool HasMovedForward()
        {
            double first = Plan.NextAfter(0);
            bool isMuchSooner = first <= _first / 2;
            if (isMuchSooner || first > _first)
                _first = first;
            return isMuchSooner;
        }

        /// <summary>
        /// The share of tasks that run longer than a number of seconds, before anything was observed. One percent complete immediately, as
        /// those of an emulator do. The public model facts have 5 to 40 s, longer for higher resolutions, with a long tail: a Weibull body
        /// with a scale of 17 s, so the first polls are about two seconds apart, and a tail with a hazard of 5 / age.
        /// </summary>
        private static double Prior(double seconds) => 0.01 * Math.Exp(-seconds / 0.003) + 0.99 * (seconds <= TailStart
            ? Weibull(seconds)
            : Weibull(TailStart) * Math.Pow(TailStart / seconds, 5));

        private static double Weibull(double seconds) => Math.Exp(-Math.Pow(seconds / 17, 1.1));
    }
}

/// <summary>Predicts the best time of the next poll of a task, and learns from every poll. Not thread-safe.</summary>
internal interface IPollPredictor
{
    /// <summary>The time from now to the next poll of a task; zero if it is overdue.</summary>
    /// <param name="resolution">The task's resolution.</param>
    /// <param name="runningAge">The age when the task was last known to run; zero before the first poll.</param>
    /// <param name="progress">The progress that the server reported at that time, 0 to 1; null without a report.</param>
    /// <param name="age">The current age of the task.</param>
    TimeSpan UntilNext(string? resolution, TimeSpan runningAge, double? progress, TimeSpan age);

    /// <summary>Learns from the answer to a poll.</summary>
    /// <param name="resolution">The task's resolution.</param>
    /// <param name="runningAge">The age when the task was last known to run; zero before the first poll.</param>
    /// <param name="progress">The progress that the server reported at that time.</param>
    /// <param name="seen">The age at this poll.</param>
    /// <param name="ended">Whether the task had ended.</param>
    void Learn(string? resolution, TimeSpan runningAge, double? progress, TimeSpan seen, bool ended);

    /// <summary>Learns from the recorded duration of a task that ended in an earlier session.</summary>
    void LearnDuration(string? resolution, TimeSpan elapsed);

    /// <summary>Whether the first poll of a task is now due in at most half of the earlier time. True once for each such change.</summary>
    bool HasMovedForward(string? resolution);
}
