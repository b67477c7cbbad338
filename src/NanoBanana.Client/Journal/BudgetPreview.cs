using NanoBanana.Client.Wire;

namespace NanoBanana.Client.Journal;

/// <summary>Previews which requests fit into a budget. It reserves nothing, so other processes can still use the budget.</summary>
/// <param name="budget">The limits.</param>
/// <param name="journal">The journal; null if it does not exist yet.</param>
internal sealed class BudgetPreview(RunBudget budget, JournalReader? journal)
{
    private readonly string _day = Spending.DayOf(DateTimeOffset.UtcNow);
    private readonly Spending _today = journal?.SpentIn(Spending.DayOf(DateTimeOffset.UtcNow)) ?? default;
    private Spending _planned;

    /// <summary>Adds a request if it fits.</summary>
    /// <returns>Why it does not fit, as sentences; null if it fits.</returns>
    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.InvalidRequest"/>: the cost is limited, and the price of an image is not known.
    /// </exception>
    public string? Refuse(ImageRequest request, Uri endpoint)
    {
        decimal? known = budget.LimitsCost ? journal?.SpentIn(SpendingLedger.PriceScope(request, endpoint))?.Cost : null;
        if (budget.LimitsCost && known is null && budget.CostPerImage is null)
            throw SpendingLedger.PriceUnknown(request);
        var next = new Spending(1, ImageModel.GetMaximumTokens(request), Math.Max(known ?? 0, budget.CostPerImage ?? 0));
        string? refusal = budget.PerRun.ShortageOf(_planned, next)?.Describe(null, _planned, default)
            ?? budget.PerDay.ShortageOf(_today + _planned, next)?.Describe(_day, _today + _planned, default);
        if (refusal is null)
            _planned += next;
        return refusal;
    }
}
