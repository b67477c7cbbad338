namespace NanoBanana.Lab.Polls;

/// <summary>The polls and delays of many tasks.</summary>
internal sealed class Outcome
{
    private readonly List<double> _delays = [];
    private readonly List<double> _polls = [];

    public void Add(int polls, double delay)
    {
        _polls.Add(polls);
        _delays.Add(delay);
    }

    public double Polls => _polls.Average();

    public double Delay => _delays.Average();

    public double Delay95 => _delays.Order().ElementAt((int)(_delays.Count * 0.95));

    public double Product => Polls * Delay;

    /// <summary>The standard error of <see cref="Polls"/>.</summary>
    public double PollsError => ErrorOf(_polls);

    /// <summary>The standard error of <see cref="Delay"/>.</summary>
    public double DelayError => ErrorOf(_delays);

    private static double ErrorOf(List<double> numbers)
    {
        double mean = numbers.Average();
        return Math.Sqrt(numbers.Sum(number => (number - mean) * (number - mean)) / (numbers.Count - 1) / numbers.Count);
    }
}
