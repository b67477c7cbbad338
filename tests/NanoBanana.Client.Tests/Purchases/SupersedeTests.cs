using System.Net;
using NanoBanana.Client.Files;
using NanoBanana.Client.Journal;
using NanoBanana.Client.Tests.Journal;
using NanoBanana.Emulator;

namespace NanoBanana.Client.Tests.Purchases;

/// <summary>A changed request under a known name of a batch replaces the older one, and never vice versa.</summary>
public class SupersedeTests : JournalTest
{
    [Fact]
    public async Task An_older_task_saved_again_does_not_replace_the_newer_image()
    {
        using EmulatorServer emulator = StartEmulator();
        NanoBananaClient client = ClientOf(emulator);
        SavedImage older = await SaveAsync(client, await AcceptTaskAsync(client, "a fox by day"));
        SavedImage newer = await SaveAsync(client, await AcceptTaskAsync(client, "a fox by night"));
        byte[] before = await File.ReadAllBytesAsync(newer.Path);

        var error = await Assert.ThrowsAsync<NanoBananaException>(() => SaveAsync(client, older.Task));

        Assert.Equal(NanoBananaErrorKind.FileExists, error.Kind);
        Assert.Equal(before, await File.ReadAllBytesAsync(newer.Path));
    }

    [Fact]
    public async Task The_oldest_of_three_tasks_does_not_replace_the_newer_ones()
    {
        using EmulatorServer emulator = StartEmulator();
        NanoBananaClient client = ClientOf(emulator);
        ImageTask first = await AcceptTaskAsync(client, "one");
        ImageTask second = await AcceptTaskAsync(client, "two");
        SavedImage firstSaved = await SaveAsync(client, first);
        ImageTask third = await AcceptTaskAsync(client, "three");

        // Not even indirectly: the third one supersedes the file of the first one too.
        SavedImage thirdSaved = await SaveAsync(client, third);

        Assert.Equal(firstSaved.Path, thirdSaved.Path);
        await Assert.ThrowsAsync<NanoBananaException>(() => SaveAsync(client, second));
        await Assert.ThrowsAsync<NanoBananaException>(() => SaveAsync(client, first));
    }

    [Fact]
    public async Task A_request_changed_back_is_not_submitted_again_and_replaces_the_file()
    {
        using EmulatorServer emulator = StartEmulator();
        NanoBananaClient client = ClientOf(emulator);
        SavedImage day = await SaveAsync(client, await AcceptTaskAsync(client, "a fox by day"));
        SavedImage night = await SaveAsync(client, await AcceptTaskAsync(client, "a fox by night"));

        SavedImage again = await SaveAsync(client, await AcceptTaskAsync(client, "a fox by day"));

        Assert.Equal(2, emulator.Tasks.Count);
        Assert.Equal((day.Path, day.Sha256), (again.Path, again.Sha256));
        Assert.Equal(["a fox by day"], Handle().Require().Reader.Batch("b").Select(task => task.Prompt));
        await Assert.ThrowsAsync<NanoBananaException>(() => SaveAsync(client, night.Task));
    }

    [Fact]
    public async Task A_rejected_request_supersedes_no_other()
    {
        NanoBananaClient client = ClientOf(new ScriptedHandler(number => Task.FromResult(number == 1
            ? ScriptedHandler.Accepted("id1")
            : ScriptedHandler.Json(HttpStatusCode.BadRequest, """{"error":{"message":"no"}}"""))));
        await SubmitAsync(client, Request("old", "b", "fox"));

        await Assert.ThrowsAsync<NanoBananaException>(() => SubmitAsync(client, Request("new", "b", "fox")));

        Assert.Equal(["old"], Handle().Require().Reader.Batch("b").Select(task => task.Prompt));
        Assert.Equal(["1|"], Rows("SELECT row, superseded_by FROM task"));
    }

    [Fact]
    public async Task Removing_an_entry_keeps_the_supersessions_of_the_others()
    {
        TaskJournal journal = Open();
        ImageTask[] tasks = await Task.WhenAll(
            new[] { "one", "two", "three" }.Select(prompt => AcceptTaskAsync(journal, Request(prompt, "b", "fox"), prompt)));
        string[] newestFirst = [.. journal.Reader.List(new JournalFilter()).Select(task => task.Prompt!)];

        Assert.True(await journal.RemoveAsync(tasks.Single(task => task.Prompt == newestFirst[1])));
        Assert.Equal([newestFirst[0]], journal.Reader.Batch("b").Select(task => task.Prompt));
        Assert.Equal(1, journal.Reader.Summary("b", null)!.Superseded);

        Assert.True(await journal.RemoveAsync(tasks.Single(task => task.Prompt == newestFirst[0])));
        Assert.Equal([newestFirst[2]], journal.Reader.Batch("b").Select(task => task.Prompt));
    }

    [Fact]
    public async Task A_batch_includes_and_distinguishes_the_usage_of_superseded_tasks()
    {
        TaskJournal journal = Open();
        await EndAsync(journal, "day", "id1", 5);
        await EndAsync(journal, "night", "id2", 7);

        ImageBatch batch = journal.Reader.Summary("b", null)!;

        Assert.Equal((1, 1, 12L, 5L), (batch.Total, batch.Superseded, batch.TotalTokens, batch.SupersededTokens));
    }

    [Fact]
    public async Task A_failed_task_that_was_retried_does_not_count_as_superseded()
    {
        TaskJournal journal = Open();
        ImageTask failed = await AcceptTaskAsync(journal, Request("fox", "b"), "id1");
        await journal.UpdateAsync(failed with { Status = ImageTaskStatus.Failed }, ApiProtocol.Generation);
        await AcceptTaskAsync(journal, Request("fox", "b"), "id2");

        ImageBatch batch = journal.Reader.Summary("b", null)!;

        Assert.Equal((1, 0, 0), (batch.Total, batch.Failed, batch.Superseded));
    }

    [Fact]
    public async Task Batches_with_one_name_at_two_endpoints_are_separate()
    {
        ScriptedHandler api = ScriptedHandler.Accepting();
        var staging = new Uri("https://staging.example/");
        NanoBananaClient atStaging = ClientOf(api, endpoint: staging);
        NanoBananaClient atProduction = ClientOf(api);
        foreach (string prompt in new[] { "1", "2", "3" })
            await SubmitAsync(atStaging, Request(prompt, "b", prompt));

        await SubmitAsync(atProduction, Request("1", "b", "1"));

        Assert.Equal(4, api.Requests);
        JournalReader reader = Handle().Require().Reader;
        Assert.Equal(
            [(Endpoint, 1), (staging, 3)], reader.Batches().Select(batch => (batch.Endpoint!, reader.Summary("b", batch.Endpoint)!.Total)));
        Assert.Equal((1, Endpoint), (reader.Summary("b", Endpoint)!.Total, reader.Summary("b", Endpoint)!.Endpoint));
        Assert.Equal(3, reader.Summary("b", staging)!.Total);
    }

    private async Task<ImageTask> AcceptTaskAsync(NanoBananaClient client, string prompt)
    {
        ImageTask task = await SubmitAsync(client, Request(prompt, "b", "fox") with { Resolution = "0.5K" });
        return await client.WaitAsync(task, TestTimeout.Limit, Observer, default);
    }

    private Task<SavedImage> SaveAsync(NanoBananaClient client, ImageTask task) =>
        client.SaveAsync(task, 0, ImageTarget.InDirectory(Folder, FileNameTemplate.Parse("{name}"), force: false), Observer, default);

    private static async Task EndAsync(TaskJournal journal, string prompt, string id, int tokens)
    {
        ImageTask task = await AcceptTaskAsync(journal, Request(prompt, "b", "fox"), id);
        await journal.UpdateAsync(Completed(task) with { TotalTokens = tokens }, ApiProtocol.Generation);
    }
}
