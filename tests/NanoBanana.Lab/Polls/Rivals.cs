namespace NanoBanana.Lab.Polls;

/// <summary>Schedules that do not learn. They return the ages of their polls.</summary>
internal static class Rivals
{
    public static IEnumerable<double> Fixed(double interval)
    {
        for (int i = 1; ; i++)
            yield return i * interval;
    }

    /// <summary>1, 2, 4, 8 s and so on up to 30 s between polls, as many clients do.</summary>
    public static IEnumerable<double> BackOff()
    {
        double age = 0;
        for (double gap = 1; ; gap = Math.Min(2 * gap, 30))
            yield return age += gap;
    }

    /// <summary>The fixed interval with this number of polls per task.</summary>
    public static double IntervalFor(double polls, IReadOnlyList<double> durations)
    {
        (double low, double high) = (1e-4, 1e4);
        for (int i = 0; i < 50; i++)
        {
            double middle = Math.Sqrt(low * high);
            if (durations.Average(t => Math.Max(1, Math.Ceiling(t / middle))) > polls)
                low = middle;
            else
                high = middle;
        }
        return high;
    }

    public static Outcome Run(Func<IEnumerable<double>> schedule, IEnumerable<double> durations)
    {
        var outcome = new Outcome();
        foreach (double duration in durations)
        {
            int polls = 0;
            double last = schedule().First(age =>
            {
                polls++;
                return age >= duration;
            });
            outcome.Add(polls, last - duration);
        }
        return outcome;
    }
}
