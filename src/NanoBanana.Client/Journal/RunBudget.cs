namespace NanoBanana.Client.Journal;

/// <summary>The run that a purchase belongs to, and what may be bought in it.</summary>
/// <param name="Run">The id of the run, the scope of its spending; null for a purchase outside of any.</param>
/// <param name="StartedAt">When the run began: an older order to stop is not for it.</param>
internal sealed record RunBudget(string? Run, DateTimeOffset StartedAt)
{
    /// <summary>A purchase without limits.</summary>
    public static readonly RunBudget None = new(null, DateTimeOffset.MaxValue);

    /// <summary>The limits of the run.</summary>
    public SpendingLimits PerRun { get; init; } = SpendingLimits.None;

    /// <summary>The limits of a day, for all purchases of the journal.</summary>
    public SpendingLimits PerDay { get; init; } = SpendingLimits.None;

    /// <inheritdoc cref="SpendingLimits.CostPerImage"/>
    public decimal? CostPerImage => PerRun.And(PerDay).CostPerImage;

    /// <summary>Whether any limit is set.</summary>
    public bool HasLimits => !PerRun.AreNone || !PerDay.AreNone;

    /// <summary>Whether the cost is limited, so that a price must be known.</summary>
    public bool LimitsCost => PerRun.Cost is not null || PerDay.Cost is not null;
}
