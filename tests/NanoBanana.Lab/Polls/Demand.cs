namespace NanoBanana.Lab.Polls;

/// <summary>A demand: a measurement with an upper limit.</summary>
internal sealed record Demand(string What, double Measure, double Limit)
{
    public bool IsMet => Measure <= Limit;
}
