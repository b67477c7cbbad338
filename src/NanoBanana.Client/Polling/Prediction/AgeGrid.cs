namespace NanoBanana.Client.Polling.Prediction;

/// <summary>
/// The ages, in seconds, at which completion times are counted and polls are planned: 5 ms apart at first, where a task
/// is instant or not, and one percent apart later, where being right by a percent is right enough. Ends after an hour.
/// </summary>
internal static class AgeGrid
{
    /// <summary>How many cells there are; cell i lies between the points i and i + 1.</summary>
    public const int Cells = 960;

    private const double Foot = 0.5;
    private const double Step = 0.01;

    private static readonly double[] Ages = [.. Enumerable.Range(0, Cells + 1).Select(i => Foot * Math.Sinh(i * Step))];

    /// <summary>The age at a point, 0 to <see cref="Cells"/>.</summary>
    public static double AgeAt(int point) => Ages[point];

    /// <summary>Where an age lies, counted in points, and no further than the last.</summary>
    public static double PositionOf(double age)
    {
        double x = age / Foot;
        return Math.Min(Math.Log(x + Math.Sqrt(x * x + 1)) / Step, Cells);
    }

    /// <summary>The value of a function that is known at the points, at a position between two of them.</summary>
    public static double Interpolate(double[] values, double position)
    {
        int point = Math.Min((int)position, Cells - 1);
        return values[point] + (position - point) * (values[point + 1] - values[point]);
    }
}
