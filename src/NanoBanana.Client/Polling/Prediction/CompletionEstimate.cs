namespace NanoBanana.Client.Polling.Prediction;

/// <summary>
/// The distribution of completion times, learned from polls. A poll never observes the exact end. It shows that a task is still running, or
/// that it ended at some time since the last poll. Each cell of <see cref="AgeGrid"/> counts the tasks that reached it and the tasks that
/// ended in it, so tasks that still run also count: the product-limit estimate of Kaplan and Meier (1958). An end between two polls is
/// shared among the cells as in Turnbull (1976), by the current estimate.
/// </summary>
/// <remarks>
/// A cell keeps the weight of its newest tasks only, so the estimate adapts to a service that becomes slower or faster. Where few tasks
/// were observed, the prior counts, so its hazard continues beyond the observed ages. Each part was measured:
/// docs/decisions/0008-polling.md.
/// </remarks>
internal sealed class CompletionEstimate
{
    /// <summary>
    /// The maximum number of tasks that a cell counts. A smaller number adapts faster; a larger one is more exact while nothing changes.
    /// </summary>
    internal const double Memory = 80;

    /// <summary>
    /// The number of neighboring cells on each side that are averaged when fifty tasks have ended: about a quarter of the age. With fewer
    /// tasks it grows with the cube root, like the best bin width of a histogram.
    /// </summary>
    private const double Smoothing = 24;

    /// <summary>
    /// Beyond the last age at which a task ended, the hazard is at least this share of the prior's hazard. Tasks that run at the same time
    /// are not independent, so many of them that have not ended prove little.
    /// </summary>
    private const double MinimumHazardShare = 0.25;

    /// <summary>
    /// With these values, four tasks in a row at one end of the expected times are a change. By chance, this happens once in thousands.
    /// </summary>
    private const double DriftRate = 0.3;
    private const double DriftLimit = 0.38;

    /// <summary>The number of tasks that must have ended before a change can be detected.</summary>
    private const double MinimumEnds = 8;

    /// <summary>The weight of earlier tasks after a change.</summary>
    private const double WeightAfterChange = 0.08;

    private readonly double[] _reached = new double[AgeGrid.Cells];
    private readonly double[] _ended = new double[AgeGrid.Cells];
    private readonly double[] _prior = new double[AgeGrid.Cells];
    private readonly double[] _survival = new double[AgeGrid.Cells + 1];
    private readonly double[] _sumReached = new double[AgeGrid.Cells + 1];
    private readonly double[] _sumEnded = new double[AgeGrid.Cells + 1];
    private double _learned;
    private double _unread;
    private double _drift;
    private double _ends;

    /// <param name="prior">The share of tasks that run longer than a number of seconds, before anything was observed.</param>
    public CompletionEstimate(Func<double, double> prior)
    {
        for (int cell = 0; cell < AgeGrid.Cells; cell++)
            _prior[cell] = 1 - prior(AgeGrid.AgeAt(cell + 1)) / prior(AgeGrid.AgeAt(cell));
        Recompute();
    }

    /// <summary>Whether nothing was observed yet.</summary>
    public bool IsBlank => _learned == 0;

    /// <summary>Increases when <see cref="Survival"/> has changed.</summary>
    public int Version { get; private set; }

    /// <summary>The share of tasks that run longer than the age at each point of the grid.</summary>
    public double[] Survival
    {
        get
        {
            // A few more tasks among many change little, and this costs as much as a hundred calls of Learn.
            if (_unread > _learned * 0.04)
                Recompute();
            return _survival;
        }
    }

    /// <summary>The share of tasks that run longer than an age in seconds.</summary>
    public double SurvivalAt(double age) => AgeGrid.Interpolate(Survival, AgeGrid.PositionOf(age));

    /// <summary>Learns from the answer to one poll.</summary>
    /// <param name="from">The age in seconds when the task was last known to run.</param>
    /// <param name="to">The age in seconds at the poll.</param>
    /// <param name="ended">Whether it had ended by then.</param>
    public void Learn(double from, double to, bool ended)
    {
        double start = AgeGrid.PositionOf(from);
        double stop = AgeGrid.PositionOf(Math.Max(from, to));
        double alive = AgeGrid.Interpolate(Survival, start);
        double left = ended ? AgeGrid.Interpolate(_survival, stop) : 0;
        double lost = alive - left;
        if (ended && _ends >= MinimumEnds)
            DetectChange(1 - (alive + left) / 2);
        for (int cell = Math.Min((int)start, AgeGrid.Cells - 1); cell < AgeGrid.Cells && cell <= stop; cell++)
        {
            double low = Math.Max(start, cell);
            double high = Math.Min(stop, cell + 1);
            if (!ended)
            {
                Count(cell, high - low, 0);
                continue;
            }
            double here = AgeGrid.Interpolate(_survival, low);
            double after = AgeGrid.Interpolate(_survival, high);
            bool isKnown = lost > 1e-300;
            Count(cell, (high - low) * (isKnown ? (here - left) / lost : 1), isKnown ? (here - after) / lost : high == stop ? 1 : 0);
        }
        _ends += ended ? 1 : 0;
        _learned += ended ? 1 : 0.1;
        _unread += ended ? 1 : 0.1;
    }

    /// <summary>
    /// The rank of an end in the distribution, 0 to 1, is uniform while the distribution is correct. Several ranks in a row at one end mean
    /// that the completion times have changed. Then earlier tasks keep little weight.
    /// </summary>
    private void DetectChange(double rank)
    {
        _drift += DriftRate * (rank - 0.5 - _drift);
        if (Math.Abs(_drift) < DriftLimit)
            return;
        _drift = 0;
        _learned *= WeightAfterChange;
        _ends *= WeightAfterChange;
        for (int cell = 0; cell < AgeGrid.Cells; cell++)
        {
            _reached[cell] *= WeightAfterChange;
            _ended[cell] *= WeightAfterChange;
        }
    }

    private void Count(int cell, double reached, double ended)
    {
        double keep = 1 - reached / Memory;
        _reached[cell] = _reached[cell] * keep + reached;
        _ended[cell] = _ended[cell] * keep + ended;
    }

    private void Recompute()
    {
        for (int cell = 0; cell < AgeGrid.Cells; cell++)
        {
            _sumReached[cell + 1] = _sumReached[cell] + _reached[cell];
            _sumEnded[cell + 1] = _sumEnded[cell] + _ended[cell];
        }
        _survival[0] = 1;
        _ends = Math.Min(_ends, Memory);
        int width = (int)(Smoothing * Math.Pow(50 / Math.Max(_ends, 1), 1.0 / 3));
        // The weight of the prior, in tasks. The first few tasks prove little.
        double weight = 0.1 + 24 / (3 + _ends);
        for (int cell = 0; cell < AgeGrid.Cells; cell++)
        {
            // The first cells are not averaged, because an immediate end is different from an end after a twentieth of a second.
            int reach = Math.Min(width, Math.Min(cell / 4, AgeGrid.Cells - 1 - cell));
            double cells = 2 * reach + 1;
            double reached = (_sumReached[cell + reach + 1] - _sumReached[cell - reach]) / cells;
            double ended = (_sumEnded[cell + reach + 1] - _sumEnded[cell - reach]) / cells;
            double share = (ended + weight * _prior[cell]) / (reached + weight);
            if (_sumEnded[AgeGrid.Cells] - _sumEnded[cell - reach] < 0.1)
                share = Math.Max(share, MinimumHazardShare * _prior[cell]);
            _survival[cell + 1] = _survival[cell] * (1 - Math.Min(share, 0.99));
        }
        _learned = Math.Min(_learned, Memory);
        _unread = 0;
        Version++;
    }
}

/// <summary>
/// The ages, in seconds, at which completion times are counted and polls are planned: 5 ms apart at first, to detect tasks that end
/// immediately, and one percent apart later, where this precision is enough. The last age is one hour.
/// </summary>
internal static class AgeGrid
{
    /// <summary>The number of cells. Cell i is between the points i and i + 1.</summary>
    public const int Cells = 960;

    /// <summary>The age in seconds up to which the distance of the points hardly grows.</summary>
    private const double LinearAge = 0.5;

    private const double Step = 0.01;

    private static readonly double[] Ages = [.. Enumerable.Range(0, Cells + 1).Select(i => LinearAge * Math.Sinh(i * Step))];

    /// <summary>The age at a point, 0 to <see cref="Cells"/>.</summary>
    public static double AgeAt(int point) => Ages[point];

    /// <summary>The position of an age, in points, at most the last point.</summary>
    public static double PositionOf(double age)
    {
        double x = age / LinearAge;
        return Math.Min(Math.Log(x + Math.Sqrt(x * x + 1)) / Step, Cells);
    }

    /// <summary>The value of a function at a position between two points.</summary>
    public static double Interpolate(double[] values, double position)
    {
        int point = Math.Min((int)position, Cells - 1);
        return values[point] + (position - point) * (values[point + 1] - values[point]);
    }
}
