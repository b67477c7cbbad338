using NanoBanana.Client.Journal;
using NanoBanana.Client.Tests.Journal;
using NanoBanana.Client.Wire;

namespace NanoBanana.Client.Tests.Budgets;

/// <summary>Base class of tests that claim and settle purchases of a journal with limits.</summary>
public abstract class BudgetTest : JournalTest
{
    private protected const string Run = "run1";

    private protected static readonly SpendingLimits TenImages = new() { Images = 10 };

    private protected static RunBudget PerRun(SpendingLimits limits, string run = Run) =>
        new(run, DateTimeOffset.UnixEpoch) { PerRun = limits };

    private protected static RunBudget PerDay(SpendingLimits limits, string run = Run) =>
        new(run, DateTimeOffset.UnixEpoch) { PerDay = limits };

    /// <summary>Claims a request. Returns null if the request does not fit the budget.</summary>
    private protected static async Task<long?> ClaimAsync(TaskJournal journal, RunBudget budget, ImageRequest? request = null)
    {
        try
        {
            (long? row, _) = await journal.ClaimAsync(request ?? Request(), Endpoint, ApiProtocol.Generation, budget)
                .WaitAsync(TestTimeout.Limit);
            return row;
        }
        catch (NanoBananaException e) when (e.Kind == NanoBananaErrorKind.BudgetExhausted)
        {
            return null;
        }
    }

    /// <summary>Accepts a task without a network and ends it.</summary>
    private protected static async Task<ImageTask> AcceptTaskAsync(
        TaskJournal journal, RunBudget budget, string id, Func<ImageTask, ImageTask> end, ImageRequest? request = null)
    {
        long? row = await ClaimAsync(journal, budget, request);
        ImageTask task = Accepted(request ?? Request(), id);
        await AcceptAsync(journal, row, task);
        ImageTask ended = end(task);
        await journal.UpdateAsync(ended, ApiProtocol.Generation).WaitAsync(TestTimeout.Limit);
        return ended;
    }

    /// <summary>The spending of a scope: images, tokens and cost.</summary>
    private protected string SpentBy(string scope) =>
        Rows($"SELECT images, tokens, cost FROM spending WHERE scope = '{scope}'").SingleOrDefault() ?? "0|0|0";

    private protected string ImagesOf(string scope) => SpentBy(scope).Split('|')[0];
}
