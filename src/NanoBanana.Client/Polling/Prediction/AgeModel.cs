namespace NanoBanana.Client.Polling.Prediction;

/// <summary>The completion times of the tasks of one resolution, and the plan of polls that follows from them.</summary>
internal sealed class AgeModel
{
    /// <summary>The share of tasks that may complete at once, as those of an emulator do.</summary>
    private const double Instant = 0.01;

    private const double InstantScale = 0.003;
    private const double Scale = 17;
    private const double Shape = 1.1;
    private const double TailStart = 100;
    private const double TailPower = 5;

    private readonly double _price;
    private readonly PollPlan _plan = new();
    private int _planned = -1;
    private bool _hasFirstPoll;
    private double _first;

    public AgeModel(double price)
    {
        _price = price;
        _first = Plan.NextAfter(0);
    }

    public CompletionEstimate Estimate { get; } = new(Prior);

    /// <summary>The plan by age; computed again when the estimate has changed.</summary>
    public PollPlan Plan
    {
        get
        {
            double[] survival = Estimate.Survival;
            if (_planned != Estimate.Version)
                _plan.Compute(survival, _price);
            _planned = Estimate.Version;
            return _plan;
        }
    }

    /// <summary>
    /// True once, while nothing is known: the first task is polled at once, so that a service that completes tasks at once is
    /// recognized before many tasks wait in vain.
    /// </summary>
    public bool TakeFirstPoll()
    {
        bool isFirst = !_hasFirstPoll && Estimate.IsBlank;
        _hasFirstPoll = true;
        return isFirst;
    }

    /// <summary>Whether the first poll of a task is now due in at most half of the time that it was. True once for each such change.</summary>
    public bool HasMovedForward()
    {
        double first = Plan.NextAfter(0);
        bool isMuchSooner = first <= _first / 2;
        if (isMuchSooner || first > _first)
            _first = first;
        return isMuchSooner;
    }

    /// <summary>
    /// The share of tasks that run longer than so many seconds, before anything was seen. The public model facts name 5 to
    /// 40 s, longer for higher resolutions, with a long tail: a Weibull body, so that first polls are some two seconds apart, and
    /// a tail whose hazard falls as 5 / age, so that late polls grow rarer only with the square root of the age.
    /// </summary>
    private static double Prior(double seconds) => Instant * Math.Exp(-seconds / InstantScale) + (1 - Instant) * (seconds <= TailStart
        ? Weibull(seconds)
        : Weibull(TailStart) * Math.Pow(TailStart / seconds, TailPower));

    private static double Weibull(double seconds) => Math.Exp(-Math.Pow(seconds / Scale, Shape));
}
