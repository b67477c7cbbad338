namespace NanoBanana.Lab.Polls;

/// <summary>What servers say of the progress of a task, by its age and the seconds that it will take.</summary>
internal static class Reports
{
    /// <summary>The share of the time that has passed, in whole percents.</summary>
    public static double? Honest(double age, double duration) => Math.Round(Math.Min(0.99, age / duration), 2);

    /// <summary>Any number.</summary>
    public static Func<double, double, double?> Noise(Random random) => (_, _) => random.NextDouble();

    /// <summary>The bar that everyone knows: quickly at ninety percent, and there it stays.</summary>
    public static double? Stuck(double age, double duration) => Math.Min(0.9, age / 3);

    /// <summary>Honest, give or take a fifth.</summary>
    public static Func<double, double, double?> Rough(Random random) =>
        (age, duration) => Math.Min(0.99, age / duration * (0.8 + 0.4 * random.NextDouble()));

    /// <summary>Always half done.</summary>
    public static double? Half(double age, double duration) => 0.5;
}
