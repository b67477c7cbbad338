using NanoBanana.Client.Journal;

namespace NanoBanana.Client.Tests.Journal;

/// <summary>A person resolves an unknown submission, and the journal records who did it and when.</summary>
public sealed class VerdictTests : JournalTest
{
    private const string Person = "ann@build-7";

    [Fact]
    public async Task A_submission_resolved_as_accepted_gets_its_id_and_reserves_its_request()
    {
        TaskJournal journal = Open();
        await MarkUnknownAsync(journal, "fox");
        ImageTask task = await journal.ResolveAsync(Unknown(journal), "bought-1", Person);

        Assert.Equal(("bought-1", ImageTaskStatus.Running, "fox"), (task.Id, task.Status, task.Prompt));
        Assert.Equal(["bought-1"], journal.Reader.List(new JournalFilter { Unsaved = true }).Select(one => one.Id));
        Assert.Equal("bought-1", (await journal.ClaimAsync(Request("fox", "b"), Endpoint, ApiProtocol.Generation)).Known!.Task.Id);
        Assert.Equal([$"1|{Person}"], Rows("SELECT json_extract(resolved, '$.IsBought'), json_extract(resolved, '$.By') FROM task"));
        Assert.Equal(Person, journal.Reader.FindById("bought-1")!.Verdict!.By);
    }

    [Fact]
    public async Task The_verdict_is_kept_after_the_task_ends()
    {
        TaskJournal journal = Open();
        await MarkUnknownAsync(journal, "fox");
        ImageTask task = await journal.ResolveAsync(Unknown(journal), "bought-1", Person);
        await journal.UpdateAsync(Completed(task), ApiProtocol.Generation);
        Assert.True(journal.Reader.FindById("bought-1") is { Status: ImageTaskStatus.Completed, Verdict: { IsBought: true, By: Person } });
    }

    [Fact]
    public async Task A_submission_resolved_as_rejected_frees_its_request()
    {
        TaskJournal journal = Open();
        await MarkUnknownAsync(journal, "fox");
        ImageTask task = await journal.ResolveAsync(Unknown(journal), null, Person);

        Assert.Equal((ImageTaskStatus.Canceled, false), (task.Status, task.Verdict!.IsBought));
        (long? row, JournalRow? known) = await journal.ClaimAsync(Request("fox", "b"), Endpoint, ApiProtocol.Generation);
        Assert.Equal((true, null), (row is not null, known));
        Assert.Equal(2, journal.Reader.List(new JournalFilter()).Count);
    }

    [Fact]
    public async Task The_intent_of_an_ended_process_can_be_resolved_but_not_one_in_flight()
    {
        TaskJournal journal = Open();
        await journal.ClaimAsync(Request("fox", "b"), Endpoint, ApiProtocol.Generation);
        ImageTask intent = Assert.Single(journal.Reader.List(new JournalFilter()));
        await AssertRefusedAsync(journal.ResolveAsync(intent, null, Person));
        LeaseTo(TestProcesses.Dead);
        Assert.Equal(ImageTaskStatus.Canceled, (await journal.ResolveAsync(intent, null, Person)).Status);
    }

    [Fact]
    public async Task A_wrong_id_can_be_corrected_and_an_id_of_another_entry_is_refused()
    {
        TaskJournal journal = Open();
        await AcceptTaskAsync(journal, Request("owl", "b"), "of-owl");
        await MarkUnknownAsync(journal, "fox");
        ImageTask unknown = Unknown(journal);
        await AssertRefusedAsync(journal.ResolveAsync(unknown, "of-owl", Person));
        await AssertRefusedAsync(journal.ResolveAsync(journal.Reader.FindById("of-owl")!, "other", Person));
        await Assert.ThrowsAsync<NanoBananaException>(() => journal.ResolveAsync(unknown, "not an id", Person));

        ImageTask mistaken = await journal.ResolveAsync(unknown, "mistaken", Person);
        Assert.Equal("right", (await journal.ResolveAsync(mistaken, "right", Person)).Id);
        Assert.Equal(["right", "of-owl"], journal.Reader.List(new JournalFilter()).Select(task => task.Id));
    }

    private static async Task MarkUnknownAsync(TaskJournal journal, string prompt)
    {
        (long? row, _) = await journal.ClaimAsync(Request(prompt, "b"), Endpoint, ApiProtocol.Generation);
        await journal.MarkUnknownAsync(row!.Value);
    }

    private static ImageTask Unknown(TaskJournal journal) =>
        Assert.Single(journal.Reader.List(new JournalFilter { Status = [ImageTaskStatus.Unknown] }));

    private static async Task AssertRefusedAsync(Task<ImageTask> resolving) =>
        Assert.Equal(NanoBananaErrorKind.InvalidRequest, (await Assert.ThrowsAsync<NanoBananaException>(() => resolving)).Kind);
}
