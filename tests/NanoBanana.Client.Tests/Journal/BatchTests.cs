using System.Net;
using NanoBanana.Client.Files;
using NanoBanana.Client.Journal;
using NanoBanana.Client.Wire;
using NanoBanana.Emulator;

namespace NanoBanana.Client.Tests.Journal;

public class BatchTests : JournalTest
{
    private const string GoldenKey = "2:a3ade4e991527097a3cd8db1af85fdd3a4fa18bc9ba5c0475b05474c0d994ede";
    private const string GoldenKeyOfVersion1 = "f39e6bafbd81c5b0c2395c94fccee1e31bd1cad98535f42a37a07049df3b277d";

    [Fact]
    public async Task A_request_of_a_batch_is_submitted_once_over_several_runs()
    {
        ScriptedHandler api = ScriptedHandler.Accepting();
        NanoBananaClient client = ClientOf(api);
        ImageTask bought = await SubmitAsync(client, Request(batch: "b") with { InputIndex = 3 });
        ImageTask known = await SubmitAsync(client, Request(batch: "b") with { InputIndex = 9 });
        Assert.Equal((bought.Id, 9), (known.Id, known.InputIndex));
        Assert.Equal(1, api.Requests);
    }

    [Fact]
    public async Task Equal_requests_of_one_run_are_each_submitted()
    {
        ScriptedHandler api = ScriptedHandler.Accepting();
        NanoBananaClient client = ClientOf(api);
        for (int run = 0; run < 2; run++)
        {
            for (int ordinal = 0; ordinal < 3; ordinal++)
                await SubmitAsync(client, Request(batch: "b", ordinal: ordinal));
        }
        Assert.Equal(3, api.Requests);
    }

    [Fact]
    public async Task Another_name_content_batch_or_endpoint_is_another_request()
    {
        ScriptedHandler api = ScriptedHandler.Accepting();
        NanoBananaClient client = ClientOf(api);
        ImageRequest first = Request(batch: "b", name: "n");
        ImageRequest[] others =
        [
            first, first with { Name = "m" }, first with { Name = null }, first with { Batch = "c" }, first with { Prompt = "another" },
            first with { Resolution = "2K" }, first with { AspectRatio = "2:3" }, first with { ResponseModality = ["Image"] },
            first with { ImageUrl = ["https://x.example/1.png"] }, first with { Model = "other" },
        ];
        foreach (ImageRequest request in others)
            await SubmitAsync(client, request);
        await SubmitAsync(ClientOf(api, endpoint: new Uri("https://other.example/")), first);
        Assert.Equal(others.Length + 1, api.Requests);
    }

    [Fact]
    public async Task An_endpoint_with_and_without_a_trailing_slash_is_the_same()
    {
        ScriptedHandler api = ScriptedHandler.Accepting();
        await SubmitAsync(ClientOf(api, endpoint: new Uri("https://host.example/api")), Request(batch: "b"));
        await SubmitAsync(ClientOf(api, endpoint: new Uri("https://HOST.example/api/")), Request(batch: "b"));
        Assert.Equal(1, api.Requests);
    }

    [Fact]
    public void The_hash_of_a_request_changes_only_with_its_version()
    {
        // If this changes, users who update submit their batches again.
        ImageRequest request = Request("a red fox", "batch", "name") with { Resolution = "2K" };
        Assert.Equal([GoldenKey, GoldenKeyOfVersion1], RequestKey.AllOf(request, Endpoint, withVersion1: true));
        Assert.Equal(GoldenKey, RequestKey.Of(request, Endpoint));
        Assert.Null(RequestKey.Of(Request(), Endpoint));
    }

    [Fact]
    public void The_hash_of_a_long_request_equals_the_one_of_version_1()
    {
        ImageRequest request = Request($"snow {string.Concat(Enumerable.Repeat("🦊", 20_000))} end", "batch") with
        {
            ImageUrl = ["data:image/png;base64," + new string('A', 100_000), "https://x.example/1.png"],
        };
        Assert.Equal(
            "642077914ffd09d103d6ab5bddfa605c046699761f98b323519ab9cde79c9fcd", RequestKey.AllOf(request, Endpoint, withVersion1: true)[1]);
        ImageRequest hashed = request with { ContentHash = RequestKey.ContentHash(request) };
        Assert.Equal(RequestKey.Of(request, Endpoint), RequestKey.Of(hashed, Endpoint));
    }

    [Theory]
    [InlineData(ImageTaskStatus.Failed)]
    [InlineData(ImageTaskStatus.Canceled)]
    public async Task A_failed_or_canceled_request_is_submitted_again(ImageTaskStatus status)
    {
        ScriptedHandler api = ScriptedHandler.Accepting();
        NanoBananaClient client = ClientOf(api);
        ImageTask task = await SubmitAsync(client, Request(batch: "b"));
        await Handle().Require().UpdateAsync(task with { Status = status }, ApiProtocol.Generation);
        Assert.NotEqual(task.Id, (await SubmitAsync(client, Request(batch: "b"))).Id);
        Assert.Equal(2, api.Requests);
    }

    [Fact]
    public async Task An_unknown_request_is_reported_until_it_is_resubmitted_explicitly()
    {
        var api = new ScriptedHandler(
            number => Task.FromResult(
                number == 1 ? ScriptedHandler.Json(HttpStatusCode.BadGateway, "") : ScriptedHandler.Accepted($"id{number}")));
        NanoBananaClient client = ClientOf(api);
        var first = await Assert.ThrowsAsync<NanoBananaException>(() => SubmitAsync(client, Request(batch: "b")));
        var second = await Assert.ThrowsAsync<NanoBananaException>(() => SubmitAsync(client, Request(batch: "b")));
        Assert.Equal((NanoBananaErrorKind.SubmissionUnknown, false), (first.Kind, first.IsFromJournal));
        Assert.Equal((NanoBananaErrorKind.SubmissionUnknown, true), (second.Kind, second.IsFromJournal));
        Assert.Equal((ImageTaskStatus.Unknown, "a red fox"), (second.Task!.Status, second.Task.Prompt));
        Assert.Contains("-ResubmitUnknown", second.Message, StringComparison.Ordinal);
        Assert.Equal(1, api.Requests);

        ImageTask bought = await SubmitAsync(client, Request(batch: "b") with { ResubmitUnknown = true });
        Assert.Equal(bought.Id, (await SubmitAsync(client, Request(batch: "b") with { ResubmitUnknown = true })).Id);
        Assert.Equal(2, api.Requests);
        Assert.Equal(["Pending|1", "Unknown|0"], Rows("SELECT status, held_key IS NOT NULL FROM task ORDER BY status"));
    }

    [Fact]
    public async Task The_intent_of_a_killed_process_becomes_unknown()
    {
        ScriptedHandler api = ScriptedHandler.Accepting();
        await Handle().Require().ClaimAsync(Request(batch: "b"), Endpoint, ApiProtocol.Generation);
        LeaseTo(TestProcesses.Dead);
        var error = await Assert.ThrowsAsync<NanoBananaException>(() => SubmitAsync(ClientOf(api), Request(batch: "b")));
        Assert.Equal(NanoBananaErrorKind.SubmissionUnknown, error.Kind);
        Assert.Equal(0, api.Requests);
    }

    [Fact]
    public async Task The_intent_of_a_running_process_is_waited_for_and_its_task_is_returned()
    {
        ScriptedHandler api = ScriptedHandler.Accepting();
        TaskJournal journal = Handle().Require();
        (long? row, _) = await journal.ClaimAsync(Request(batch: "b"), Endpoint, ApiProtocol.Generation);
        LeaseTo(TestProcesses.Living);
        Task<ImageTask> submit = SubmitAsync(ClientOf(api), Request(batch: "b") with { ResubmitUnknown = true });
        await AcceptAsync(journal, row, Accepted(Request(batch: "b"), "theirs"));
        Assert.Equal("theirs", (await submit).Id);
        Assert.Equal(0, api.Requests);
    }

    [Fact]
    public async Task Two_parallel_runs_submit_each_request_once()
    {
        using EmulatorServer emulator = StartEmulator();
        // Two handles on one journal act like two processes.
        NanoBananaClient[] clients = [ClientOf(emulator), ClientOf(emulator, Handle(SamePlace))];
        Assert.NotSame(Handle(), Handle(SamePlace));
        ImageTask[] tasks = await Task.WhenAll(
            from client in clients from i in Enumerable.Range(0, 25) select SubmitAsync(client, Request($"prompt {i}", "b")));
        Assert.All(emulator.CountByPrompt().Values, times => Assert.Equal(1, times));
        Assert.Equal(25, tasks.Select(task => task.Id).Distinct().Count());
    }

    [Fact]
    public async Task A_changed_request_under_a_known_name_is_submitted_and_its_image_replaces_the_older_one()
    {
        using EmulatorServer emulator = StartEmulator();
        NanoBananaClient client = ClientOf(emulator);
        SavedImage older = await SubmitAndSaveAsync(client, "a fox by day");
        SavedImage newer = await SubmitAndSaveAsync(client, "a fox by night");
        Assert.Equal(older.Path, newer.Path);
        Assert.NotEqual(older.Sha256, newer.Sha256);
        Assert.Equal(newer.Length, new FileInfo(newer.Path).Length);
        Assert.Equal(2, emulator.Tasks.Count);
    }

    [Fact]
    public async Task An_image_changed_by_the_user_is_not_replaced()
    {
        using EmulatorServer emulator = StartEmulator();
        NanoBananaClient client = ClientOf(emulator);
        SavedImage older = await SubmitAndSaveAsync(client, "a fox by day");
        await File.AppendAllTextAsync(older.Path, "retouched");
        var error = await Assert.ThrowsAsync<NanoBananaException>(() => SubmitAndSaveAsync(client, "a fox by night"));
        Assert.Equal(NanoBananaErrorKind.FileExists, error.Kind);
        Assert.EndsWith("retouched", await File.ReadAllTextAsync(older.Path), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_journal_a_batch_is_refused_before_anything_is_sent()
    {
        ScriptedHandler api = ScriptedHandler.Accepting();
        var error = await Assert.ThrowsAsync<NanoBananaException>(
            () => SubmitAsync(ClientOf(api, JournalHandle.None), Request(batch: "b")));
        Assert.Equal(NanoBananaErrorKind.JournalRequired, error.Kind);
        Assert.Equal(0, api.Requests);
        await SubmitAsync(ClientOf(api, JournalHandle.None), Request());
    }

    [Fact]
    public void A_blank_batch_name_is_refused()
    {
        Assert.Equal(
            NanoBananaErrorKind.InvalidRequest, Assert.Throws<NanoBananaException>(() => RequestRules.Check(Request(batch: " "))).Kind);
        Assert.Equal("b", RequestRules.Check(Request(batch: " b ")).Batch);
    }

    [Fact]
    public async Task A_summary_counts_each_request_of_a_batch_once()
    {
        TaskJournal journal = Open();
        ImageTask saved = Completed(await AcceptTaskAsync(journal, Request("1", "b"), "id1")) with
        {
            TotalTokens = 5, CompletedAt = DateTimeOffset.UnixEpoch.AddSeconds(4),
        };
        await journal.UpdateAsync(saved, ApiProtocol.Generation);
        await journal.RecordFileAsync(saved, 0, new SavedFile("/x.png", "00", 1), saved: true);
        ImageTask announced = Completed(await AcceptTaskAsync(journal, Request("2", "b"), "id2")) with { TotalTokens = 7 };
        await journal.UpdateAsync(announced, ApiProtocol.Generation);
        await journal.RecordFileAsync(announced, 0, new SavedFile("/y.png", "00", 1), saved: false);
        ImageTask failed = await AcceptTaskAsync(journal, Request("3", "b"), "id3");
        await journal.UpdateAsync(
            failed with { Status = ImageTaskStatus.Failed, Error = new ImageTaskError { Message = "no" } }, ApiProtocol.Generation);
        await AcceptTaskAsync(journal, Request("3", "b"), "id4");
        await journal.ClaimAsync(Request("5", "b"), Endpoint, ApiProtocol.Generation);
        await AcceptTaskAsync(journal, Request("other", "c"), "id6");

        ImageBatch batch = journal.Reader.Summary("b", null)!;
        Assert.Equal((4, 1, 0, 1, 2), (batch.Total, batch.Submitting, batch.Failed, batch.Running, batch.Completed));
        Assert.Equal((1, 12L), (batch.Unsaved, batch.TotalTokens));
        Assert.Null(journal.Reader.Summary("none", null));
    }

    [Fact]
    public async Task Superseded_tasks_do_not_count_as_requests_of_a_batch()
    {
        var clock = new SettableClock(DateTimeOffset.UnixEpoch.AddYears(50));
        TaskJournal journal = Open(clock);
        foreach ((string id, string prompt, string? name, ImageTaskStatus status) in new[]
        {
            ("id1", "tried again", null, ImageTaskStatus.Failed), ("id2", "tried again", null, ImageTaskStatus.Completed),
            ("id3", "one wording", "fox", ImageTaskStatus.Completed), ("id4", "another wording", "fox", ImageTaskStatus.Failed),
            ("id5", "still runs", null, ImageTaskStatus.Running),
        })
        {
            clock.Now += TimeSpan.FromMinutes(1);
            ImageTask task = await AcceptTaskAsync(journal, Request(prompt, "b", name), id) with { CreatedAt = clock.Now };
            await journal.UpdateAsync(task with { Status = status }, ApiProtocol.Generation).WaitAsync(TestTimeout.Limit);
        }
        await AcceptTaskAsync(journal, Request("other", "c"), "id6");
        await AcceptTaskAsync(journal, Request("of none"), "id7");

        Assert.Equal(["c", "b"], journal.Reader.Batches().Select(batch => batch.Name));
        ImageBatch summary = journal.Reader.Summary("b", null)!;
        Assert.Equal(
            (3, 1, 1, DateTimeOffset.UnixEpoch.AddYears(50).AddMinutes(2)),
            (summary.Total, summary.Completed, summary.Failed, summary.StartedAt));
        Assert.Equal((DateTimeOffset.UnixEpoch.AddYears(50).AddMinutes(1), 5L), journal.Reader.Extent("b"));
    }

    private async Task<SavedImage> SubmitAndSaveAsync(NanoBananaClient client, string prompt)
    {
        ImageTask task = await SubmitAsync(client, Request(prompt, "b", "fox") with { Resolution = "0.5K" });
        ImageTask ended = await client.WaitAsync(task, TestTimeout.Limit, Observer, default);
        return await client.SaveAsync(
            ended, 0, ImageTarget.InDirectory(Folder, FileNameTemplate.Parse("{name}"), force: false), Observer, default);
    }
}
