namespace NanoBanana.Client.Journal;

/// <summary>The run of a submission, and its limits.</summary>
/// <param name="Run">The id of the run, which is the scope of its spending; null without a run.</param>
/// <param name="StartedAt">When the run started. Orders to stop that are older do not apply to it.</param>
internal sealed record RunBudget(string? Run, DateTimeOffset StartedAt)
{
    /// <summary>A submission without limits.</summary>
    public static readonly RunBudget None = new(null, DateTimeOffset.MaxValue);

    /// <summary>The limits of the run.</summary>
    public SpendingLimits PerRun { get; init; } = SpendingLimits.None;

    /// <summary>The limits of a day (UTC), for all submissions in the journal.</summary>
    public SpendingLimits PerDay { get; init; } = SpendingLimits.None;

    /// <inheritdoc cref="SpendingLimits.CostPerImage"/>
    public decimal? CostPerImage => PerRun.And(PerDay).CostPerImage;

    /// <summary>Whether any limit is set.</summary>
    public bool HasLimits => !PerRun.AreUnlimited || !PerDay.AreUnlimited;

    /// <summary>Whether the cost is limited, so that the price of an image is required.</summary>
    public bool LimitsCost => PerRun.Cost is not null || PerDay.Cost is not null;
}
