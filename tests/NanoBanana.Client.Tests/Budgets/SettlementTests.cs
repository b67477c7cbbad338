using System.Globalization;
using NanoBanana.Client.Journal;
using NanoBanana.Client.Tests.Journal;

namespace NanoBanana.Client.Tests.Budgets;

/// <summary>An entry counts the usage of its task once, in its run and on the day of its purchase.</summary>
public class SettlementTests : BudgetTest
{
    private static readonly RunBudget Priced = PerRun(new SpendingLimits { CostPerImage = 0.5m });

    [Fact]
    public async Task The_actual_usage_replaces_the_worst_case_once()
    {
        TaskJournal journal = Open();
        ImageTask ended = await AcceptTaskAsync(journal, Priced, "t1", task => Completed(task) with { TotalTokens = 900, Cost = 0.04m });
        await journal.UpdateAsync(ended, ApiProtocol.Generation);

        Assert.Equal("1|900|0.04", SpentBy(Run));
        Assert.Equal("1|900|0.04", SpentBy(Spending.DayOf(DateTimeOffset.UtcNow)));
    }

    [Fact]
    public async Task Usage_reported_in_parts_is_added_up()
    {
        await AcceptTaskAsync(Open(), Priced, "t1", task => Completed(task) with { PromptTokens = 3, CompletionTokens = 1120 });
        Assert.Equal("1|1123|0.5", SpentBy(Run));
    }

    [Fact]
    public async Task Unreported_usage_stays_at_its_worst_case()
    {
        await AcceptTaskAsync(Open(), Priced, "t1", task => Completed(task));
        Assert.Equal($"1|{1120 + "a red fox".Length}|0.5", SpentBy(Run));
    }

    [Theory]
    [InlineData(ImageTaskStatus.Failed)]
    [InlineData(ImageTaskStatus.Canceled)]
    public async Task A_failed_or_canceled_task_counts_its_reported_usage(ImageTaskStatus status)
    {
        TaskJournal journal = Open();
        await AcceptTaskAsync(journal, Priced, "t1", task => task with { Status = status });
        Assert.Equal("0|0|0", SpentBy(Run));

        await AcceptTaskAsync(journal, Priced, "t2", task => task with { Status = status, TotalTokens = 12, Cost = 0.01m });
        Assert.Equal("0|12|0.01", SpentBy(Run));
    }

    [Fact]
    public async Task A_completed_task_without_an_image_counts_only_its_tokens()
    {
        await AcceptTaskAsync(Open(), Priced, "t1", task => Completed(task, images: 0) with { TotalTokens = 40, Cost = 0.001m });
        Assert.Equal("0|40|0.001", SpentBy(Run));
    }

    [Fact]
    public async Task A_rejected_submission_releases_its_reservation()
    {
        TaskJournal journal = Open();
        RunBudget one = PerRun(new SpendingLimits { Images = 1 });
        long? row = await ClaimAsync(journal, one);
        Assert.Null(await ClaimAsync(journal, one));

        await journal.RemoveIntentAsync(row!.Value);

        Assert.Equal("0|0|0", SpentBy(Run));
        Assert.NotNull(await ClaimAsync(journal, one));
    }

    [Fact]
    public async Task An_unknown_submission_keeps_its_reservation()
    {
        TaskJournal journal = Open();
        RunBudget one = PerRun(new SpendingLimits { Images = 1 });
        await journal.MarkUnknownAsync((await ClaimAsync(journal, one))!.Value);

        Assert.Null(await ClaimAsync(journal, one));
    }

    [Fact]
    public async Task Resubmitting_an_unknown_request_counts_as_another_purchase()
    {
        TaskJournal journal = Open();
        await journal.MarkUnknownAsync((await ClaimAsync(journal, Priced, Request(batch: "b")))!.Value);

        await ClaimAsync(journal, Priced, Request(batch: "b") with { ResubmitUnknown = true });

        Assert.Equal("2", ImagesOf(Run));
    }

    [Fact]
    public async Task Removing_entries_does_not_reduce_the_spending()
    {
        TaskJournal journal = Open();
        ImageTask ended = await AcceptTaskAsync(journal, Priced, "t1", task => Completed(task));
        ImageTask running = Accepted(Request(), "t2");
        await AcceptAsync(journal, await ClaimAsync(journal, Priced), running);
        await journal.RemoveAsync([ended, running]);
        await journal.UpdateAsync(Completed(running) with { TotalTokens = 1 }, ApiProtocol.Generation);

        Assert.Equal("2", ImagesOf(Run));
    }

    [Fact]
    public async Task A_task_that_ends_after_midnight_counts_on_the_day_of_its_purchase()
    {
        var clock = new SettableClock(new DateTimeOffset(2026, 3, 1, 23, 59, 59, TimeSpan.Zero));
        TaskJournal journal = Open(clock);
        RunBudget one = PerDay(new SpendingLimits { Images = 1, CostPerImage = 1 });
        ImageTask task = Accepted(Request(), "t1");
        await AcceptAsync(journal, await ClaimAsync(journal, one), task);
        Assert.Null(await ClaimAsync(journal, one));

        clock.Now += TimeSpan.FromSeconds(2);
        await journal.UpdateAsync(Completed(task) with { TotalTokens = 7, Cost = 0.1m }, ApiProtocol.Generation);

        Assert.NotNull(await ClaimAsync(journal, one, Request("tomorrow")));
        Assert.Equal("1|7|0.1", SpentBy("2026-03-01"));
        Assert.Equal("1", ImagesOf("2026-03-02"));
    }

    [Theory]
    [InlineData(-5, -1)]
    [InlineData(long.MaxValue, 9e20)]
    public async Task Impossible_usage_does_not_break_the_sums(long tokens, double cost)
    {
        TaskJournal journal = Open();
        await AcceptTaskAsync(journal, Priced, "t1", task => Completed(task) with { TotalTokens = tokens, Cost = (decimal)cost });
        await AcceptTaskAsync(journal, Priced, "t2", task => Completed(task) with { TotalTokens = tokens, Cost = (decimal)cost });

        string[] spent = SpentBy(Run).Split('|');
        Assert.Equal("2", spent[0]);
        Assert.InRange(long.Parse(spent[1], CultureInfo.InvariantCulture), 0, long.MaxValue / 2);
    }

    [Fact]
    public async Task A_cost_limit_without_a_known_price_is_refused_with_advice()
    {
        var error = await Assert.ThrowsAsync<NanoBananaException>(
            () => Open().ClaimAsync(Request(), Endpoint, ApiProtocol.Generation, PerRun(new SpendingLimits { Cost = 5 })));

        Assert.Equal(NanoBananaErrorKind.InvalidRequest, error.Kind);
        Assert.Contains("-MaximumCostPerImage or $env:NANOBANANA_MAXIMUM_COST_PER_IMAGE", error.Message, StringComparison.Ordinal);
        Assert.Equal(["0"], Rows("SELECT COUNT(*) FROM task"));
    }

    [Fact]
    public async Task A_cost_limit_reserves_the_given_price()
    {
        TaskJournal journal = Open();
        RunBudget budget = PerRun(new SpendingLimits { Cost = 0.3m, CostPerImage = 0.1m });

        for (int i = 0; i < 3; i++)
            Assert.NotNull(await ClaimAsync(journal, budget));
        Assert.Null(await ClaimAsync(journal, budget));
    }

    [Fact]
    public async Task The_highest_recorded_cost_is_the_price_of_its_resolution_only()
    {
        TaskJournal journal = Open();
        foreach ((string id, decimal cost) in new[] { ("t1", 0.04m), ("t2", 0.06m), ("t3", 0.05m) })
            await AcceptTaskAsync(
                journal, RunBudget.None, id, task => Completed(task) with { Cost = cost }, Request() with { Resolution = "2K" });
        RunBudget budget = PerRun(new SpendingLimits { Cost = 0.15m });

        Assert.NotNull(await ClaimAsync(journal, budget, Request() with { Resolution = "2K" }));
        Assert.Equal("0.06", SpentBy(Run).Split('|')[2]);
        await Assert.ThrowsAsync<NanoBananaException>(
            () => journal.ClaimAsync(Request() with { Resolution = "4K" }, Endpoint, ApiProtocol.Generation, budget));
    }

    [Fact]
    public async Task A_price_is_found_in_entries_of_an_older_version()
    {
        TaskJournal journal = Open();
        await AcceptTaskAsync(journal, RunBudget.None, "t1", task => Completed(task) with { Cost = 0.07m });
        Execute("DELETE FROM spending; UPDATE task SET run = NULL, day = NULL");

        Assert.NotNull(await ClaimAsync(journal, PerRun(new SpendingLimits { Cost = 1 })));
        Assert.Equal("0.07", SpentBy(Run).Split('|')[2]);
    }

    [Fact]
    public async Task A_cost_above_the_given_price_becomes_the_price()
    {
        TaskJournal journal = Open();
        RunBudget budget = PerRun(new SpendingLimits { Cost = 1, CostPerImage = 0.1m });
        await AcceptTaskAsync(journal, budget, "t1", task => Completed(task) with { Cost = 0.6m });

        Assert.Null(await ClaimAsync(journal, budget));
    }
}
