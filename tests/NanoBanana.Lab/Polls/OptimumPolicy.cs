namespace NanoBanana.Lab.Polls;

/// <summary>
/// The optimal schedule for a known distribution, by dynamic programming over all pairs of ages. It has its own grid and uses no code
/// of the client.
/// </summary>
internal sealed class OptimumPolicy
{
    private const int Points = 2400;

    private readonly double[] _ages = new double[Points];
    private readonly int[] _next = new int[Points];

    public OptimumPolicy(Distribution distribution, double price)
    {
        double horizon = 1;
        while (distribution.Survival(horizon) > 1e-5 && horizon < 50_000)
            horizon *= 1.1;
        // The grid is denser where most tasks end.
        for (int i = 0; i < Points; i++)
            _ages[i] = horizon * Math.Sinh(6.0 * i / (Points - 1)) / Math.Sinh(6.0);
        double[] survival = [.. _ages.Select(distribution.Survival)];
        double[] area = new double[Points];
        for (int i = 1; i < Points; i++)
            area[i] = area[i - 1] + (_ages[i] - _ages[i - 1]) * (survival[i] + survival[i - 1]) / 2;
        double[] cost = new double[Points];
        for (int i = Points - 2; i >= 0; i--)
        {
            cost[i] = double.PositiveInfinity;
            for (int j = i + 1; j < Points; j++)
            {
                double c = survival[i] * (price + _ages[j] - _ages[i]) - (area[j] - area[i]) + cost[j];
                if (c < cost[i])
                    (cost[i], _next[i]) = (c, j);
            }
        }
    }

    /// <summary>The ages of the polls, without an end.</summary>
    public IEnumerable<double> Polls()
    {
        int i = 0;
        while (i < Points - 1)
        {
            i = _next[i];
            yield return _ages[i];
        }
        for (double age = _ages[^1] * 1.05; ; age *= 1.05)
            yield return age;
    }
}
