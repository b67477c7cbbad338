namespace NanoBanana.Client.Polling.Prediction;

/// <summary>
/// The value of the server's progress reports. A report p at an age predicts a remaining time of age (1 - p) / p. The actual remaining
/// times, in multiples of the predicted one, are learned like completion times. A running score compares this with the prediction by age
/// alone, so reports that are stuck, random or constant are never trusted.
/// </summary>
internal sealed class ProgressModel(double price)
{
    /// <summary>The minimum score, in nats, at which reports are trusted: odds of twenty to one.</summary>
    private const double TrustThreshold = 3;

    /// <summary>The maximum score, so a few wrong reports end the trust.</summary>
    private const double MaximumScore = 8;

    private readonly CompletionEstimate _estimate = new(Prior);
    private readonly PollPlan _plan = new();
    private readonly double[] _survival = new double[AgeGrid.Cells + 1];
    private double _score;

    public bool IsTrusted => _score > TrustThreshold;

    /// <summary>The remaining time in seconds that a report predicts; null if it predicts nothing.</summary>
    public static double? Remaining(double age, double? progress) =>
        progress is > 0.02 and < 1 && age > 0 ? age * (1 - progress.Value) / progress.Value : null;

    /// <summary>The plan by the seconds since a report.</summary>
    public PollPlan PlanFor(double predicted)
    {
        double[] survival = _estimate.Survival;
        for (int point = 0; point <= AgeGrid.Cells; point++)
            _survival[point] = AgeGrid.Interpolate(survival, AgeGrid.PositionOf(AgeGrid.AgeAt(point) / predicted));
        _plan.Compute(_survival, price);
        return _plan;
    }

    /// <summary>Learns from the outcome of a prediction.</summary>
    /// <param name="predicted">The remaining time in seconds that was predicted.</param>
    /// <param name="passed">The seconds since the prediction.</param>
    /// <param name="ended">Whether the task had ended by then.</param>
    /// <param name="survivalByAge">The probability that the task still runs, by its age alone.</param>
    public void Learn(double predicted, double passed, bool ended, double survivalByAge)
    {
        double survival = _estimate.SurvivalAt(passed / predicted);
        double gain = ended ? LogRatio(1 - survival, 1 - survivalByAge) : LogRatio(survival, survivalByAge);
        _score = Math.Min(Math.Max(_score * 0.98 + gain, -MaximumScore), MaximumScore);
        _estimate.Learn(0, passed / predicted, ended);
    }

    /// <summary>The share of tasks that run longer than a multiple of the predicted time, before anything was observed.</summary>
    private static double Prior(double multiple) => 1 / (1 + Math.Pow(multiple, 1.5));

    private static double LogRatio(double value, double reference) =>
        Math.Log(Math.Max(value, 0.001) / Math.Max(reference, 0.001));
}
