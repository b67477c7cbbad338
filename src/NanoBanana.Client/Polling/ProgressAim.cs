namespace NanoBanana.Client.Polling;

/// <summary>
/// What the server's reports of progress are worth. A report at an age promises a rest, age (1 - p) / p, and how long tasks
/// run on, in multiples of that rest, is learned like completion times. Whether that foretells the outcomes of polls
/// better than the age alone is kept as a running score: a bar that is stuck, noisy or made up never earns it.
/// </summary>
internal sealed class ProgressAim(double price)
{
    /// <summary>The lead, in nats, that reports must have to be gone by: odds of twenty to one.</summary>
    private const double TrustedFrom = 3;

    /// <summary>No lead is so great that a few wrong reports could not undo it.</summary>
    private const double MostLead = 8;

    private readonly CompletionEstimate _estimate = new(CompletionPriors.ByPromise);
    private readonly PollPlan _plan = new();
    private readonly double[] _survival = new double[AgeGrid.Cells + 1];
    private double _lead;

    public bool IsTrusted => _lead > TrustedFrom;

    /// <summary>The rest in seconds that a report promises; null for one that promises nothing.</summary>
    public static double? Promise(double age, double? progress) =>
        progress is > 0.02 and < 1 && age > 0 ? age * (1 - progress.Value) / progress.Value : null;

    /// <summary>The plan from a report on, by seconds since it.</summary>
    public PollPlan PlanFor(double promise)
    {
        double[] survival = _estimate.Survival;
        for (int point = 0; point <= AgeGrid.Cells; point++)
            _survival[point] = AgeGrid.Interpolate(survival, AgeGrid.PositionOf(AgeGrid.AgeAt(point) / promise));
        _plan.Compute(_survival, price);
        return _plan;
    }

    /// <summary>Takes in what became of a promise.</summary>
    /// <param name="promise">The rest in seconds that was promised.</param>
    /// <param name="passed">The seconds that passed since.</param>
    /// <param name="ended">Whether the task had ended by then.</param>
    /// <param name="survivalByAge">How likely it was to run on, by its age alone.</param>
    public void Learn(double promise, double passed, bool ended, double survivalByAge)
    {
        double survival = _estimate.SurvivalAt(passed / promise);
        double gain = ended ? LogRatio(1 - survival, 1 - survivalByAge) : LogRatio(survival, survivalByAge);
        _lead = Math.Min(Math.Max(_lead * 0.98 + gain, -MostLead), MostLead);
        _estimate.Learn(0, passed / promise, ended);
    }

    private static double LogRatio(double mine, double other) => Math.Log(Math.Max(mine, 0.001) / Math.Max(other, 0.001));
}
