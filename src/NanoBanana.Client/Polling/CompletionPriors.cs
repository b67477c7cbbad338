namespace NanoBanana.Client.Polling;

/// <summary>What is believed before anything was seen: shares of tasks that run longer.</summary>
internal static class CompletionPriors
{
    /// <summary>The share of tasks that may end at once, as those of an emulator do.</summary>
    private const double Instant = 0.01;

    private const double InstantScale = 0.003;
    private const double Scale = 17;
    private const double Shape = 1.1;
    private const double Knee = 100;
    private const double TailPower = 5;

    /// <summary>
    /// By age in seconds. The public model facts name 5 to 40 s, longer for higher resolutions, with a long tail. Nearly even,
    /// so that first polls are some two seconds apart wherever the truth lies, with a hazard that falls as 5 / age in the
    /// end: beyond all that was seen polls grow rarer, with the square root of the age only.
    /// </summary>
    public static double ByAge(double seconds) => Instant * Math.Exp(-seconds / InstantScale) + (1 - Instant) * (seconds <= Knee
        ? Body(seconds)
        : Body(Knee) * Math.Pow(Knee / seconds, TailPower));

    /// <summary>By time since a report of progress, as a multiple of the rest that it promised: near 1, or anything.</summary>
    public static double ByPromise(double share) => 1 / (1 + Math.Pow(share, 1.5));

    /// <summary>Weibull.</summary>
    private static double Body(double seconds) => Math.Exp(-Math.Pow(seconds / Scale, Shape));
}
