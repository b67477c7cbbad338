namespace NanoBanana.Lab.Polls;

/// <summary>What polling came to, over many tasks.</summary>
internal sealed class Outcome
{
    private readonly List<double> _delays = [];
    private long _polls;

    public void Add(int polls, double delay)
    {
        _polls += polls;
        _delays.Add(delay);
    }

    public double Polls => (double)_polls / _delays.Count;

    public double Delay => _delays.Average();

    public double Delay95 => _delays.Order().ElementAt((int)(_delays.Count * 0.95));

    public double Product => Polls * Delay;
}
