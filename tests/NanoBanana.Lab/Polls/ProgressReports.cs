namespace NanoBanana.Lab.Polls;

/// <summary>The progress that servers report, by the age of a task and its duration, in seconds.</summary>
internal static class ProgressReports
{
    /// <summary>The elapsed share of the duration, in whole percent.</summary>
    public static double? Honest(double age, double duration) => Math.Round(Math.Min(0.99, age / duration), 2);

    /// <summary>Any number.</summary>
    public static Func<double, double, double?> Noise(Random random) => (_, _) => random.NextDouble();

    /// <summary>Reaches ninety percent in three seconds and stays there.</summary>
    public static double? Stuck(double age, double duration) => Math.Min(0.9, age / 3);

    /// <summary>The elapsed share, with an error of up to twenty percent.</summary>
    public static Func<double, double, double?> Rough(Random random) =>
        (age, duration) => Math.Min(0.99, age / duration * (0.8 + 0.4 * random.NextDouble()));

    /// <summary>Always half done.</summary>
    public static double? Half(double age, double duration) => 0.5;
}
