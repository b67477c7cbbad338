using NanoBanana.Lab.Machines;

namespace NanoBanana.Client.Tests.Lab;

/// <summary>The checker of <c>machines</c>: a correct history passes, and each violation is reported.</summary>
public sealed class HistoryCheckTests
{
    private static readonly DateTime Noon = new(2030, 1, 1, 12, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void A_history_without_faults_passes() => Assert.Empty(new HistoryCheck(ValidHistory()).Run());

    [Fact]
    public void A_prompt_accepted_too_often_is_found()
    {
        History history = ValidHistory();
        AddPurchase(history, "id-3", "a fox");

        Assert.Equal("'a fox' was bought 2 times, but requested 1 times: id-1, id-3.", new HistoryCheck(history).Run()[0]);
    }

    [Fact]
    public void A_prompt_that_the_user_resubmitted_may_be_accepted_again()
    {
        History history = ValidHistory();
        history.Entries[0] = history.Entries[0] with { Holds = false };
        AddPurchase(history, "id-3", "a fox");
        history.Resubmitted.Add("a fox");

        Assert.Empty(new HistoryCheck(history).Run());
    }

    [Fact]
    public void An_id_in_no_journal_is_lost()
    {
        History history = ValidHistory();
        history.Entries[0] = history.Entries[0] with { Id = null };
        history.Deliveries.Add(new Delivery("id-1", "machine-1", Noon.AddSeconds(-30), Noon));

        Assert.Equal(
            "'a fox': machine-1 received id-1 at 12:00:00.000 and was not killed then, but no journal has the id.",
            Assert.Single(new HistoryCheck(history).Run()));
    }

    [Theory]
    [InlineData("machine-1", -1, 1, true)]
    [InlineData("machine-1", -10, -5, true)]
    [InlineData("machine-2", -1, 1, false)]
    [InlineData("machine-1", -60, -50, false)]
    [InlineData("machine-1", 55, 60, false)]
    public void A_lost_id_is_allowed_only_if_its_process_was_killed_before_it_could_read_the_answer(
        string killed, int since, int at, bool isExcused)
    {
        History history = ValidHistory();
        history.Entries[0] = history.Entries[0] with { Id = null };
        history.Deliveries.Add(new Delivery("id-1", "machine-1", Noon.AddSeconds(-30), Noon));
        history.Kills.Add(new Kill(killed, Noon.AddSeconds(since), Noon.AddSeconds(at)));

        Assert.Equal(isExcused, new HistoryCheck(history).Run().Count == 0);
    }

    [Fact]
    public void A_purchase_without_any_entry_is_found_even_if_its_machine_was_killed()
    {
        History history = ValidHistory();
        history.Entries.RemoveAt(0);
        history.Deliveries.Add(new Delivery("id-1", "machine-1", Noon.AddSeconds(-30), Noon));
        history.Kills.Add(new Kill("machine-1", Noon, Noon));

        Assert.Equal(
            "'a fox': id-1 was bought, but no journal has the id, and 0 submissions are unknown.", new HistoryCheck(history).Run()[0]);
    }

    [Fact]
    public void An_id_in_a_local_journal_is_not_lost()
    {
        History history = ValidHistory();
        history.Entries[0] = history.Entries[0] with { Id = null };
        history.Deliveries.Add(new Delivery("id-1", "machine-1", Noon.AddSeconds(-30), Noon));
        history.Local.Add("id-1");

        Assert.Empty(new HistoryCheck(history).Run());
    }

    [Fact]
    public void The_budget_applies_to_each_purchase_made_under_it()
    {
        History history = ValidHistory();
        history.Budgets.AddRange([(0, 1), (2, null)]);

        Assert.Equal("The purchase 2, id-2, exceeds the budget of 1.", Assert.Single(new HistoryCheck(history).Run()));
        history.Budgets[1] = (1, null);
        Assert.Empty(new HistoryCheck(history).Run());
    }

    [Fact]
    public void The_image_of_each_purchase_must_be_complete_in_a_folder()
    {
        History history = ValidHistory();
        history.Files[0] = history.Files[0] with { IsWhole = false };
        Assert.Equal("/1/id-1.png is not complete.", Assert.Single(new HistoryCheck(history).Run()));

        history.Files.RemoveAt(0);
        Assert.Equal("The image of id-1 ('a fox') was bought, but no folder has it.", Assert.Single(new HistoryCheck(history).Run()));

        history = ValidHistory();
        history.Files.Add(new SavedFile("machine-1", "/1/id-9.png", "id-9", IsWhole: false));
        Assert.Equal("/1/id-9.png belongs to no purchase.", Assert.Single(new HistoryCheck(history).Run()));
    }

    [Fact]
    public void An_image_on_two_machines_is_counted_and_is_not_a_violation()
    {
        History history = ValidHistory();
        history.Files.Add(new SavedFile("machine-2", "/2/id-1.png", "id-1", IsWhole: true));
        var check = new HistoryCheck(history);

        Assert.Empty(check.Run());
        Assert.Equal(1, check.Copies);
    }

    [Fact]
    public void The_journal_has_each_id_once_no_other_ids_and_reserves_each_request()
    {
        History history = ValidHistory();
        history.Entries.Add(history.Entries[0] with { Holds = false });
        history.Entries.Add(new Entry("id-9", "Completed", "a hen", Holds: false));
        history.Entries[1] = history.Entries[1] with { Holds = false };

        Assert.Equal(
            [
                "The journal has id-1 2 times.",
                "The journal has id-9, which is not an id of the provider.",
                "'a hen' was requested 1 times, but the journal holds it 0 times at the end.",
            ],
            new HistoryCheck(history).Run());
    }

    private static History ValidHistory()
    {
        var history = new History { Wanted = new Dictionary<string, int> { ["a fox"] = 1, ["a hen"] = 1 } };
        AddPurchase(history, "id-1", "a fox");
        AddPurchase(history, "id-2", "a hen");
        return history;
    }

    private static void AddPurchase(History history, string id, string prompt)
    {
        history.Purchases.Add(new Purchase(id, prompt));
        history.Entries.Add(new Entry(id, "Completed", prompt, Holds: true));
        history.Files.Add(new SavedFile("machine-1", $"/1/{id}.png", id, IsWhole: true));
    }
}
