namespace NanoBanana.Client.Polling.Prediction;

/// <summary>
/// How long tasks take, learned from polls. A poll never sees the end itself: it says that a task lived on from one look
/// to the next, or that it ended somewhere in between. Each cell of <see cref="AgeGrid"/> counts who came that far and who
/// ended there, so tasks that still run count as much as those that are over: the product-limit estimate of Kaplan and
/// Meier (1958), with an end between two looks shared out as Turnbull (1976) does, by what is known so far.
/// </summary>
/// <remarks>
/// A cell remembers its newest tasks only, so a service that becomes slower or faster is followed, and it leans on the
/// prior where few came by, so beyond all that was seen the prior's hazard goes on. Its size is fixed.
/// </remarks>
internal sealed class CompletionEstimate
{
    /// <summary>How many tasks a cell remembers. Fewer follow a change faster, more aim better while there is none.</summary>
    internal const double Memory = 80;

    /// <summary>
    /// Cells to either side that are looked at together after fifty tasks: a quarter of the age. More when fewer
    /// are known, by the cube root, as the best width of a histogram does.
    /// </summary>
    private const double Smoothing = 24;

    /// <summary>The least hazard, of the prior's, at ages from which on no task was seen to end: a crowd that stands still proves little.</summary>
    private const double LeastHazard = 0.25;

    /// <summary>Four tasks in a row at one end of what was expected are a change; by chance it is one in thousands.</summary>
    private const double DriftRate = 0.3;
    private const double DriftLimit = 0.38;

    /// <summary>How many tasks must have ended before others can be out of the ordinary.</summary>
    private const double FewestToJudge = 8;

    /// <summary>What is left of the weight of what was learned when the law has changed.</summary>
    private const double Forgetting = 0.08;

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

    /// <param name="prior">The share of tasks that is believed to run longer than so many seconds.</param>
    public CompletionEstimate(Func<double, double> prior)
    {
        for (int cell = 0; cell < AgeGrid.Cells; cell++)
            _prior[cell] = 1 - prior(AgeGrid.AgeAt(cell + 1)) / prior(AgeGrid.AgeAt(cell));
        Renew();
    }

    /// <summary>Whether nothing was seen yet.</summary>
    public bool IsBlank => _learned == 0;

    /// <summary>Rises when <see cref="Survival"/> has changed.</summary>
    public int Version { get; private set; }

    /// <summary>The share of tasks that run longer than the age at each point of the grid.</summary>
    public double[] Survival
    {
        get
        {
            // A few more tasks among many change little, and a renewal costs as much as a hundred entries.
            if (_unread > _learned * 0.04)
                Renew();
            return _survival;
        }
    }

    /// <summary>The share of tasks that run longer than so many seconds.</summary>
    public double SurvivalAt(double age) => AgeGrid.Interpolate(Survival, AgeGrid.PositionOf(age));

    /// <summary>Takes in what one poll said.</summary>
    /// <param name="from">The age in seconds at which the task was last known to run.</param>
    /// <param name="to">The age in seconds at the poll.</param>
    /// <param name="ended">Whether it had ended by then.</param>
    public void Learn(double from, double to, bool ended)
    {
        double start = AgeGrid.PositionOf(from);
        double stop = AgeGrid.PositionOf(Math.Max(from, to));
        double alive = AgeGrid.Interpolate(Survival, start);
        double left = ended ? AgeGrid.Interpolate(_survival, stop) : 0;
        double lost = alive - left;
        if (ended && _ends >= FewestToJudge)
            Watch(1 - (alive + left) / 2);
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
    /// Where an end lies among those expected, 0 to 1, is even as long as the law holds. Where several in a row lie on the
    /// same side the law has changed: what was learned stays, and weighs little against what comes.
    /// </summary>
    private void Watch(double rank)
    {
        _drift += DriftRate * (rank - 0.5 - _drift);
        if (Math.Abs(_drift) < DriftLimit)
            return;
        _drift = 0;
        _learned *= Forgetting;
        _ends *= Forgetting;
        for (int cell = 0; cell < AgeGrid.Cells; cell++)
        {
            _reached[cell] *= Forgetting;
            _ended[cell] *= Forgetting;
        }
    }

    private void Count(int cell, double reached, double ended)
    {
        double keep = 1 - reached / Memory;
        _reached[cell] = _reached[cell] * keep + reached;
        _ended[cell] = _ended[cell] * keep + ended;
    }

    private void Renew()
    {
        for (int cell = 0; cell < AgeGrid.Cells; cell++)
        {
            _sumReached[cell + 1] = _sumReached[cell] + _reached[cell];
            _sumEnded[cell + 1] = _sumEnded[cell] + _ended[cell];
        }
        _survival[0] = 1;
        _ends = Math.Min(_ends, Memory);
        int width = (int)(Smoothing * Math.Pow(50 / Math.Max(_ends, 1), 1.0 / 3));
        // What the prior is worth, in tasks: the first few that are seen are not to be believed too much.
        double weight = 0.1 + 24 / (3 + _ends);
        for (int cell = 0; cell < AgeGrid.Cells; cell++)
        {
            // The first cells stay sharp: an end at once is not an end in a twentieth of a second.
            int reach = Math.Min(width, Math.Min(cell / 4, AgeGrid.Cells - 1 - cell));
            double cells = 2 * reach + 1;
            double reached = (_sumReached[cell + reach + 1] - _sumReached[cell - reach]) / cells;
            double ended = (_sumEnded[cell + reach + 1] - _sumEnded[cell - reach]) / cells;
            double share = (ended + weight * _prior[cell]) / (reached + weight);
            if (_sumEnded[AgeGrid.Cells] - _sumEnded[cell - reach] < 0.1)
                share = Math.Max(share, LeastHazard * _prior[cell]);
            _survival[cell + 1] = _survival[cell] * (1 - Math.Min(share, 0.99));
        }
        _learned = Math.Min(_learned, Memory);
        _unread = 0;
        Version++;
    }
}
