namespace NanoBanana.Emulator.Provider;

/// <summary>
/// How long a task takes: lognormal, since waiting times of such services have a long right tail.
/// Medians are 8, 12, 18 and 30 s for 0.5K, 1K, 2K and 4K; sigma is 0.35, so 90 of 100 tasks take 0.56 to 1.78 medians.
/// </summary>
internal static class CompletionTimes
{
    private const double Sigma = 0.35;

    /// <summary>Draws an unscaled time.</summary>
    public static TimeSpan Draw(string resolution, ref SeededRandom random)
    {
        double median = resolution switch
        {
            "0.5K" => 8,
            "1K" => 12,
            "2K" => 18,
            _ => 30,
        };
        return TimeSpan.FromSeconds(median * Math.Exp(Sigma * random.NextNormal()));
    }
}
