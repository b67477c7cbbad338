using NanoBanana.Client.Journal;
using NanoBanana.Client.Wire;

namespace NanoBanana.Client.Tests.Budgets;

/// <summary>A budget is never exceeded: the worst case is reserved with the intent in one transaction.</summary>
public class ReservationTests : BudgetTest
{
    private static readonly string Today = DateTimeOffset.UtcNow.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    [Fact]
    public async Task Sixteen_parallel_claims_do_not_exceed_the_limit_of_the_run()
    {
        TaskJournal journal = Open();

        long?[] rows = await Task.WhenAll(
            Enumerable.Range(0, 16).Select(i => Task.Run(() => ClaimAsync(journal, PerRun(TenImages), Request($"fox {i}")))));

        Assert.Equal(10, rows.Count(row => row is not null));
        Assert.Equal("10", ImagesOf(Run));
        Assert.Equal(["10"], Rows("SELECT COUNT(*) FROM task"));
    }

    [Fact]
    public async Task Eight_connections_to_one_file_do_not_exceed_the_limit_of_the_day()
    {
        TaskJournal[] journals = [.. Enumerable.Range(0, 8).Select(_ => TaskJournal.Open(JournalPath, TimeProvider.System)).Select(Opened)];

        long?[] rows = await Task.WhenAll(journals.SelectMany((journal, number) => Enumerable.Range(0, 16)
            .Select(i => Task.Run(() => ClaimAsync(
                journal, PerDay(new SpendingLimits { Images = 50 }, $"run {number}"), Request($"fox {number} {i}"))))));

        Assert.Equal(50, rows.Count(row => row is not null));
        Assert.Equal("50", ImagesOf(Today));
        Assert.Equal(["50"], Rows("SELECT SUM(images) FROM spending WHERE scope LIKE 'run%'"));
    }

    [Fact]
    public async Task The_worst_case_of_tokens_includes_the_image_a_draft_the_prompt_and_the_input_images()
    {
        ImageRequest request = Request("añ") with
        {
            Resolution = "4K", ImageUrl = ["https://files.example/a.png", "https://files.example/b.png"],
        };

        await ClaimAsync(Open(), PerRun(SpendingLimits.None), request);

        Assert.Equal($"1|{2520 + 1120 + 3 + (2 * 1120)}|0", SpentBy(Run));
    }

    [Fact]
    public async Task Tokens_over_the_limit_are_refused_even_if_the_image_limit_has_room()
    {
        TaskJournal journal = Open();
        RunBudget budget = PerRun(new SpendingLimits { Images = 10, Tokens = 3000 });

        Assert.NotNull(await ClaimAsync(journal, budget));
        Assert.NotNull(await ClaimAsync(journal, budget));
        Assert.Null(await ClaimAsync(journal, budget));
    }

    [Fact]
    public async Task A_purchase_without_limits_counts_toward_the_limits_of_others()
    {
        TaskJournal journal = Open();
        for (int i = 0; i < 9; i++)
            await journal.ClaimAsync(Request($"fox {i}"), Endpoint, ApiProtocol.Generation);

        Assert.NotNull(await ClaimAsync(journal, PerDay(TenImages)));
        Assert.Null(await ClaimAsync(journal, PerDay(TenImages)));
    }

    [Fact]
    public async Task Each_run_has_its_own_budget()
    {
        TaskJournal journal = Open();
        var one = new SpendingLimits { Images = 1 };

        Assert.NotNull(await ClaimAsync(journal, PerRun(one, "a")));
        Assert.Null(await ClaimAsync(journal, PerRun(one, "a")));
        Assert.NotNull(await ClaimAsync(journal, PerRun(one, "b")));
    }

    [Fact]
    public async Task A_limit_of_zero_refuses_every_request() =>
        Assert.Null(await ClaimAsync(Open(), PerRun(new SpendingLimits { Images = 0 })));

    [Fact]
    public async Task A_request_that_its_batch_already_has_needs_no_budget()
    {
        TaskJournal journal = Open();
        RunBudget budget = PerRun(new SpendingLimits { Images = 1 });
        await AcceptTaskAsync(journal, budget, "t1", task => Completed(task), Request(batch: "b"));

        (long? row, JournalRow? known) = await journal.ClaimAsync(Request(batch: "b"), Endpoint, ApiProtocol.Generation, budget);

        Assert.Equal((null, "t1"), (row, known?.Task.Id));
        Assert.Null(await ClaimAsync(journal, budget, Request("another", batch: "b")));
    }

    [Fact]
    public async Task The_message_contains_the_limit_the_spent_and_the_reserved_amount()
    {
        TaskJournal journal = Open();
        RunBudget budget = PerRun(new SpendingLimits { Images = 3 });
        await AcceptTaskAsync(journal, budget, "t1", task => Completed(task));
        await ClaimAsync(journal, budget);
        await ClaimAsync(journal, budget);

        var error = await Assert.ThrowsAsync<NanoBananaException>(
            () => journal.ClaimAsync(Request(), Endpoint, ApiProtocol.Generation, budget));

        Assert.Equal(
            "The budget of this run is exhausted. The limit is 3 images (-MaximumImages or $env:NANOBANANA_MAXIMUM_IMAGES). Used: 1. "
            + "Reserved for tasks that have not ended: 2. The next request can use up to 1.",
            error.Message);
    }

    [Fact]
    public async Task A_refused_claim_leaves_no_entry_and_does_not_affect_parallel_claims()
    {
        TaskJournal journal = Open();
        RunBudget budget = PerRun(new SpendingLimits { Images = 1 });
        await ClaimAsync(journal, budget, Request(batch: "b"));

        Task<long?>[] claims = [.. Enumerable.Range(0, 20)
            .Select(i => ClaimAsync(journal, i % 2 == 0 ? budget : PerRun(TenImages, "other"), Request($"fox {i}", batch: "b")))];

        Assert.Equal(10, (await Task.WhenAll(claims)).Count(row => row is not null));
        Assert.Equal(["11"], Rows("SELECT COUNT(*) FROM task"));
        Assert.Equal(("1", "10", "11"), (ImagesOf(Run), ImagesOf("other"), ImagesOf(Today)));
    }
}
