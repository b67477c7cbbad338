namespace NanoBanana.Lab.Polls;

/// <summary>What must hold: a measure that is at most a limit.</summary>
internal sealed record Demand(string What, double Measure, double Limit)
{
    public bool IsMet => Measure <= Limit;
}
