using NanoBanana.Client.Wire;

namespace NanoBanana.Client.Journal;

/// <summary>What would fit into a budget: nothing is reserved. Other processes may buy meanwhile.</summary>
/// <param name="budget">The limits.</param>
/// <param name="journal">The journal as it is; null where there is none yet.</param>
internal sealed class BudgetPreview(RunBudget budget, JournalReader? journal)
{
    private readonly string _day = Spending.DayOf(DateTimeOffset.UtcNow);
    private readonly Spending _today = journal?.SpentIn(Spending.DayOf(DateTimeOffset.UtcNow)) ?? default;
    private Spending _planned;

    /// <summary>Adds a request, if it fits.</summary>
    /// <returns>Why it does not; null when it does.</returns>
    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.InvalidRequest"/>: the cost is limited, and no price is known.
    /// </exception>
    public string? Refuse(ImageRequest request, Uri endpoint)
    {
        decimal? seen = budget.LimitsCost ? journal?.SpentIn(SpendingStatements.PriceScope(request, endpoint))?.Cost : null;
        if (budget.LimitsCost && seen is null && budget.CostPerImage is null)
            throw SpendingStatements.NoPrice(request);
        var next = new Spending(1, ImageModel.GetMaximumTokens(request), Math.Max(seen ?? 0, budget.CostPerImage ?? 0));
        string? refusal = budget.PerRun.ShortageOf(_planned, next)?.Describe(null, _planned, default)
            ?? budget.PerDay.ShortageOf(_today + _planned, next)?.Describe(_day, _today + _planned, default);
        if (refusal is null)
            _planned += next;
        return refusal;
    }
}
