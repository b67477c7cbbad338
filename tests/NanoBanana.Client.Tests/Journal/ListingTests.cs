using NanoBanana.Client.Journal;

namespace NanoBanana.Client.Tests.Journal;

public class ListingTests : JournalTest
{
    private readonly SettableClock _clock = new(DateTimeOffset.UnixEpoch.AddYears(50));

    [Fact]
    public async Task The_newest_entry_comes_first_even_if_the_clock_was_set_back()
    {
        TaskJournal journal = Open(_clock);
        await AcceptTaskAsync(journal, Request(), "before");
        _clock.Now -= TimeSpan.FromDays(400);
        await AcceptTaskAsync(journal, Request(), "after");
        Assert.Equal(["after", "before"], Ids(journal, new JournalFilter()));
        Assert.All(journal.Reader.List(new JournalFilter()), task => Assert.True(task.Elapsed >= TimeSpan.Zero));
    }

    [Fact]
    public async Task A_snapshot_without_a_protocol_has_the_protocol_of_its_row()
    {
        TaskJournal journal = Open();
        Assert.Null((await AcceptTaskAsync(journal, Request("fox", batch: "b"), "id1")).Protocol);

        Assert.Equal(ApiProtocol.Generation, Assert.Single(journal.Reader.List(new JournalFilter())).Protocol);
        Assert.Equal(ApiProtocol.Generation, journal.Reader.Find(Endpoint, "id1")!.Protocol);
        (_, JournalRow? held) = await journal.ClaimAsync(Request("fox", batch: "b"), Endpoint, ApiProtocol.Queue)
            .WaitAsync(TestTimeout.Limit);
        Assert.Equal(ApiProtocol.Generation, held!.Task.Protocol);
    }

    [Fact]
    public async Task First_and_Skip_return_pages()
    {
        TaskJournal journal = Open();
        for (int i = 0; i < 5; i++)
            await AcceptTaskAsync(journal, Request(), $"{i}");
        Assert.Equal(["3", "2"], Ids(journal, new JournalFilter { Skip = 1, First = 2 }));
        Assert.Empty(Ids(journal, new JournalFilter { First = 0 }));
        Assert.Empty(Ids(journal, new JournalFilter { Skip = 9 }));
    }

    [Fact]
    public async Task Batch_and_name_filters_are_functions_and_exclude_entries_without_a_value()
    {
        TaskJournal journal = Open();
        await AcceptTaskAsync(journal, Request(batch: "b", name: "one"), "1");
        await AcceptTaskAsync(journal, Request(batch: "c", name: "one"), "2");
        await AcceptTaskAsync(journal, Request(batch: "b", name: "two"), "3");
        await AcceptTaskAsync(journal, Request(batch: "b"), "4");
        await AcceptTaskAsync(journal, Request(name: "one"), "5");

        Assert.Equal(["4", "3", "1"], Ids(journal, new JournalFilter { Batch = batch => batch == "b" }));
        Assert.Equal(["5", "2", "1"], Ids(journal, new JournalFilter { Name = name => name == "one" }));
        Assert.Equal(["1"], Ids(journal, new JournalFilter { Batch = batch => batch == "b", Name = name => name == "one" }));
        Assert.Equal(["3"], Ids(journal, new JournalFilter { Batch = batch => batch == "b", Skip = 1, First = 1 }));
    }

    [Fact]
    public async Task A_prompt_filter_combines_with_all_other_filters()
    {
        TaskJournal journal = Open();
        await AcceptTaskAsync(journal, Request("a red fox", batch: "b", name: "one"), "1");
        await AcceptTaskAsync(journal, Request("an owl", batch: "b"), "2");
        await AcceptTaskAsync(journal, Request("a fox", name: "one"), "3");
        var foxes = new JournalFilter { Prompt = prompt => prompt.Contains("fox", StringComparison.Ordinal) };

        Assert.Equal(["3", "1"], Ids(journal, foxes));
        Assert.Equal(["3"], Ids(journal, foxes with { First = 1 }));
        Assert.Equal(["1"], Ids(journal, foxes with { Skip = 1 }));
        Assert.Equal(["1"], Ids(journal, foxes with { Batch = batch => batch == "b" }));
        Assert.Equal(["3", "1"], Ids(journal, foxes with { Name = name => name == "one" }));
        Assert.Equal(2, journal.Reader.Count(foxes));
        Assert.Empty(Ids(journal, foxes with { Prompt = _ => false }));
    }

    [Fact]
    public async Task After_and_Before_compare_the_time_of_the_intent()
    {
        TaskJournal journal = Open(_clock);
        DateTimeOffset start = _clock.Now;
        foreach (string id in (string[])["0", "1", "2"])
        {
            await AcceptTaskAsync(journal, Request(), id);
            _clock.Now += TimeSpan.FromHours(1);
        }
        Assert.Equal(["2", "1"], Ids(journal, new JournalFilter { After = start.AddHours(1) }));
        Assert.Equal(["0"], Ids(journal, new JournalFilter { Before = start.AddHours(1) }));
        Assert.Equal(["1"], Ids(journal, new JournalFilter { After = start.AddHours(1), Before = start.AddHours(2) }));
    }

    [Fact]
    public async Task Unsaved_lists_accepted_tasks_without_a_saved_file()
    {
        TaskJournal journal = await CreateWithEveryStatusAsync();
        Assert.Equal(["announced", "half-saved", "unsaved", "running"], Ids(journal, new JournalFilter { Unsaved = true }));
        Assert.Equal(
            ["announced", "half-saved", "unsaved"],
            Ids(journal, new JournalFilter { Unsaved = true, Status = [ImageTaskStatus.Completed] }));
    }

    [Fact]
    public async Task A_status_filter_compares_the_current_status()
    {
        TaskJournal journal = await CreateWithEveryStatusAsync();
        Assert.Equal(
            ["of-batch", "canceled", "failed"],
            Ids(journal, new JournalFilter { Status = [ImageTaskStatus.Failed, ImageTaskStatus.Canceled] }));
        Assert.Single(journal.Reader.List(new JournalFilter { Status = [ImageTaskStatus.Unknown] }));
        Assert.Single(journal.Reader.List(new JournalFilter { Status = [ImageTaskStatus.Submitting] }));
    }

    [Fact]
    public async Task Retention_removes_old_ended_entries_but_never_unsaved_tasks_or_batches()
    {
        TaskJournal journal = await CreateWithEveryStatusAsync();
        Execute($"UPDATE task SET owner = '{TestProcesses.Dead}' WHERE id = 'saved'");
        Assert.Equal(0, await journal.TrimAsync(_clock.Now));
        _clock.Now += TimeSpan.FromDays(90);
        await AcceptTaskAsync(journal, Request(), "young");
        await journal.UpdateAsync(Accepted(Request(), "young") with { Status = ImageTaskStatus.Failed }, ApiProtocol.Generation);

        Assert.Equal(3, await journal.TrimAsync(_clock.Now));
        Assert.Equal(
            ["young", "of-batch", "announced", "half-saved", "unsaved", "running"],
            Ids(journal, new JournalFilter()).Where(id => id.Length > 0));
        Assert.Equal("2", Assert.Single(Rows("SELECT COUNT(*) FROM task WHERE id IS NULL")));
        Assert.Equal("2", Assert.Single(Rows("SELECT COUNT(*) FROM file")));
    }

    [Fact]
    public async Task Retention_removes_all_old_entries_of_emulators()
    {
        TaskJournal journal = Open(_clock);
        foreach ((string id, string endpoint)
            in new[] { ("rehearsed", "http://127.0.0.1:41234/emulator-0a1b2c3d/"), ("paid", "http://127.0.0.1:41234/gateway/") })
        {
            (long? row, _) = await journal.ClaimAsync(Request(batch: "b"), new Uri(endpoint), ApiProtocol.Generation);
            await AcceptAsync(journal, row, Accepted(Request(batch: "b"), id, new Uri(endpoint)));
        }
        Assert.Equal(0, await journal.TrimAsync(_clock.Now));
        _clock.Now += TimeSpan.FromDays(90);

        Assert.Equal(1, await journal.TrimAsync(_clock.Now));
        Assert.Equal(["paid"], Ids(journal, new JournalFilter()));
    }

    [Fact]
    public async Task Removing_a_task_removes_its_entry_and_files()
    {
        TaskJournal journal = await CreateWithEveryStatusAsync();
        Assert.True(await journal.RemoveAsync(journal.Reader.FindById("saved")!));
        Assert.False(await journal.RemoveAsync(Accepted(Request(), "saved")));
        Assert.True(await journal.RemoveAsync(journal.Reader.List(new JournalFilter { Status = [ImageTaskStatus.Unknown] })[0]));
        Assert.Empty(Rows("SELECT 1 FROM file WHERE path = '/saved-0.png'"));
        Assert.Null(journal.Reader.FindById("saved"));
    }

    private async Task<TaskJournal> CreateWithEveryStatusAsync()
    {
        TaskJournal journal = Open(_clock);
        await AcceptTaskAsync(journal, Request(), "running");
        await EndAsync(journal, "failed", ImageTaskStatus.Failed);
        await EndAsync(journal, "canceled", ImageTaskStatus.Canceled);
        await EndAsync(journal, "unsaved", ImageTaskStatus.Completed);
        await EndAsync(journal, "saved", ImageTaskStatus.Completed, images: 2, saved: 2);
        await EndAsync(journal, "half-saved", ImageTaskStatus.Completed, images: 2, saved: 1);
        ImageTask announced = await EndAsync(journal, "announced", ImageTaskStatus.Completed);
        await journal.RecordFileAsync(announced, 0, new SavedFile("/announced.png", "00", 1), saved: false);
        await EndAsync(journal, "of-batch", ImageTaskStatus.Failed, batch: "b");
        (long? lost, _) = await journal.ClaimAsync(Request("lost"), Endpoint, ApiProtocol.Generation);
        await journal.MarkUnknownAsync(lost!.Value);
        await journal.ClaimAsync(Request("in flight"), Endpoint, ApiProtocol.Generation);
        return journal;
    }

    private static async Task<ImageTask> EndAsync(
        TaskJournal journal, string id, ImageTaskStatus status, int images = 1, int saved = 0, string? batch = null)
    {
        ImageTask task = await AcceptTaskAsync(journal, Request(batch: batch), id);
        task = status == ImageTaskStatus.Completed ? Completed(task, images) : task with { Status = status };
        await journal.UpdateAsync(task, ApiProtocol.Generation);
        for (int i = 0; i < saved; i++)
            await journal.RecordFileAsync(task, i, new SavedFile($"/{id}-{i}.png", "00", 1), saved: true);
        return task;
    }

    private static string[] Ids(TaskJournal journal, JournalFilter filter) => [.. journal.Reader.List(filter).Select(task => task.Id)];
}
