namespace NanoBanana.Client.Polling;

/// <summary>What is known of the tasks of one resolution, and the plan of polls that follows from it.</summary>
internal sealed class AgeAim
{
    private readonly double _price;
    private readonly PollPlan _plan = new();
    private int _planned = -1;
    private bool _scouted;
    private double _first;

    public AgeAim(double price)
    {
        _price = price;
        _first = Plan.NextAfter(0);
    }

    public CompletionEstimate Estimate { get; } = new(CompletionPriors.ByAge);

    /// <summary>The plan by age; made anew when enough was learned to change it.</summary>
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
    /// True once, before anything is known: the first task is asked about at once, because a service that is done at once
    /// is to be known as such before many tasks wait in vain.
    /// </summary>
    public bool TakeScout()
    {
        bool isFirst = !_scouted && Estimate.IsBlank;
        _scouted = true;
        return isFirst;
    }

    /// <summary>True when the first poll of a task has become due in half of the time that it was, or less; told once.</summary>
    public bool HasMovedForward()
    {
        double first = Plan.NextAfter(0);
        bool isMuchSooner = first <= _first / 2;
        if (isMuchSooner || first > _first)
            _first = first;
        return isMuchSooner;
    }
}
