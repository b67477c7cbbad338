using System.Net;
using System.Security.Cryptography;
using System.Text;
using NanoBanana.Client.Files;
using NanoBanana.Client.Journal;
using NanoBanana.Client.Wire;
using NanoBanana.Emulator;

namespace NanoBanana.Client.Tests.Journal;

public class DurabilityTests : JournalTest
{
    [Fact]
    public async Task An_intent_is_durable_while_its_submission_is_in_flight()
    {
        IReadOnlyList<string> seen = [];
        var api = new ScriptedHandler(_ =>
        {
            seen = Rows("SELECT status, id IS NULL, snapshot ->> 'Prompt', process FROM task JOIN lease ON instance = owner");
            return Task.FromResult(ScriptedHandler.Accepted("id1"));
        });
        await SubmitAsync(ClientOf(api), Request("a blue owl"));
        Assert.Equal($"Submitting|1|a blue owl|{ProcessIdentity.Mine}", Assert.Single(seen));
    }

    [Fact]
    public async Task The_id_is_durable_before_the_task_is_emitted()
    {
        ImageTask task = await SubmitAsync(ClientOf(ScriptedHandler.Accepting()), Request());
        Assert.Equal(
            $"{task.Id}|Pending|https://api.example/|Generation", Assert.Single(Rows("SELECT id, status, endpoint, protocol FROM task")));
    }

    [Theory]
    [InlineData(HttpStatusCode.BadRequest)]
    [InlineData(HttpStatusCode.Unauthorized)]
    [InlineData(HttpStatusCode.Forbidden)]
    public async Task The_intent_of_a_rejected_submission_is_removed(HttpStatusCode status)
    {
        NanoBananaClient client = ClientOf(new ScriptedHandler(_ => Task.FromResult(ScriptedHandler.Json(status, "{}"))));
        await Assert.ThrowsAsync<NanoBananaException>(() => SubmitAsync(client, Request(batch: "b")));
        Assert.Empty(Rows("SELECT row FROM task"));
    }

    [Fact]
    public async Task An_intent_stopped_while_waiting_for_a_retry_is_removed()
    {
        using var stop = new CancellationTokenSource();
        var api = new ScriptedHandler(_ =>
        {
            stop.Cancel();
            return Task.FromResult(ScriptedHandler.Json((HttpStatusCode)429, "{}"));
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => SubmitAsync(ClientOf(api), Request(), stop.Token));
        Assert.Empty(Rows("SELECT row FROM task"));
        Assert.Equal(1, api.Requests);
    }

    [Fact]
    public async Task A_submission_stopped_before_its_start_opens_no_journal()
    {
        ScriptedHandler api = ScriptedHandler.Accepting();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => SubmitAsync(ClientOf(api), Request(), new CancellationToken(true)));
        Assert.False(File.Exists(JournalPath));
        Assert.Equal(0, api.Requests);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(200)]
    public async Task A_submission_with_an_unclear_answer_is_kept_as_unknown(int status)
    {
        NanoBananaClient client = ClientOf(
            new ScriptedHandler(_ => Task.FromResult(ScriptedHandler.Json((HttpStatusCode)status, "<html>"))));
        await AssertFailsAsync(NanoBananaErrorKind.SubmissionUnknown, client);
        Assert.Equal("Unknown||", Assert.Single(Rows("SELECT status, id, owner FROM task")));
    }

    [Fact]
    public async Task A_submission_that_was_reset_is_kept_as_unknown()
    {
        await AssertFailsAsync(NanoBananaErrorKind.SubmissionUnknown, ClientOf(new ScriptedHandler(_ => throw new IOException("reset"))));
        Assert.Equal("Unknown", Assert.Single(Rows("SELECT status FROM task")));
    }

    [Fact]
    public async Task A_submission_in_flight_reaches_the_journal_after_Ctrl_C()
    {
        var left = new TaskCompletionSource();
        var answer = new TaskCompletionSource<HttpResponseMessage>();
        NanoBananaClient client = ClientOf(new ScriptedHandler(_ =>
        {
            left.SetResult();
            return answer.Task;
        }));
        using var stop = new CancellationTokenSource();
        Task<ImageTask> submit = SubmitAsync(client, Request(), stop.Token);
        await left.Task.WaitAsync(TestTimeout.Limit);
        await stop.CancelAsync();
        answer.SetResult(ScriptedHandler.Accepted("id-after-stop"));
        await submit;
        Assert.Equal("id-after-stop|Pending", Assert.Single(Rows("SELECT id, status FROM task")));
    }

    [Fact]
    public async Task The_status_and_the_saved_file_are_recorded_with_path_and_hash()
    {
        using EmulatorServer emulator = StartEmulator();
        NanoBananaClient client = ClientOf(emulator);
        ImageTask task = await SubmitAsync(client, Request() with { Resolution = "0.5K" });
        ImageTask ended = await client.WaitAsync(task, TestTimeout.Limit, Observer, default);
        SavedImage saved = await client.SaveAsync(
            ended, 0, ImageTarget.InDirectory(Folder, FileNameTemplate.Default, force: false), Observer, default);
        await client.FlushAsync();
        Assert.Equal("Completed|1|", Assert.Single(Rows("SELECT status, images, owner FROM task")));
        string hash = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(saved.Path)));
        Assert.Equal($"0|{saved.Path}|{hash}|{saved.Length}|1", Assert.Single(Rows("SELECT image, path, sha256, length, saved FROM file")));
        Assert.Empty(Observer.Warnings);
    }

    [Fact]
    public async Task The_journal_files_do_not_contain_the_key()
    {
        using EmulatorServer emulator = StartEmulator();
        NanoBananaClient client = ClientOf(emulator);
        ImageTask task = await SubmitAsync(client, Request("a fox [fail:5001095]", batch: "b"));
        await client.WaitAsync(task, TestTimeout.Limit, Observer, default);
        await client.FlushAsync();
        byte[] bytes = AllBytes();
        Assert.True(bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(task.Id)) >= 0);
        Assert.True(bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(Key)) < 0);
    }

    [Fact]
    public async Task A_task_is_read_as_it_was_written()
    {
        TaskJournal journal = Open();
        ImageRequest request = Request("snow ❄ \"quoted\"", "b", "n") with
        {
            AspectRatio = "16:9", Resolution = "2K", ResponseModality = ["Image", "Text"], ImageUrl = ["https://x.example/1.png"],
            InputIndex = 7,
        };
        ImageTask task = await AcceptTaskAsync(journal, request, "id1");
        ImageTask ended = Completed(task, images: 2) with
        {
            RawStatus = "completed", Protocol = ApiProtocol.Generation, QueuePosition = 3,
            CompletedAt = DateTimeOffset.UnixEpoch.AddSeconds(9), Text = "hello", TotalTokens = 12, PromptTokens = 2, CompletionTokens = 10,
            Cost = 0.25m, RequestId = "r",
            Metadata = new Dictionary<string, object?>
            {
                ["seed"] = 4L, ["ratio"] = 0.5, ["yes"] = true, ["none"] = null, ["list"] = new object?[] { "a", 1L },
                ["table"] = new Dictionary<string, object?> { ["k"] = "v" },
            },
        };
        await journal.UpdateAsync(ended, ApiProtocol.Generation);
        ImageTask read = Assert.Single(journal.Reader.List(new JournalFilter()));
        Assert.Equivalent(ended with { JournalRow = read.JournalRow }, read, strict: true);
    }

    [Fact]
    public async Task An_inline_image_is_stored_as_a_note_that_cannot_be_submitted()
    {
        TaskJournal journal = Open();
        await AcceptTaskAsync(journal, Request() with { ImageUrl = ["data:image/png;base64," + new string('A', 100_000)] }, "id1");
        ImageTask read = Assert.Single(journal.Reader.List(new JournalFilter()));
        Assert.Equal("data:image/png;base64,(100022 characters, not kept)", Assert.Single(read.ImageUrl!));
        var error = Assert.Throws<NanoBananaException>(() => RequestRules.Check(Request() with { ImageUrl = read.ImageUrl }));
        Assert.Equal(NanoBananaErrorKind.InvalidRequest, error.Kind);
    }

    [Fact]
    public async Task An_answer_whose_entry_was_removed_is_still_recorded()
    {
        TaskJournal journal = Open();
        (long? row, _) = await journal.ClaimAsync(Request(), Endpoint, ApiProtocol.Generation);
        Execute("DELETE FROM task");
        await AcceptAsync(journal, row, Accepted(Request(), "id1"));
        Assert.Equal("id1|Running", Assert.Single(Rows("SELECT id, status FROM task")));
    }

    [Fact]
    public async Task A_repeated_id_belongs_to_its_newest_entry()
    {
        TaskJournal journal = Open();
        await AcceptTaskAsync(journal, Request("first"), "same");
        await AcceptTaskAsync(journal, Request("second"), "same");
        Assert.Equal("second", Assert.Single(Rows("SELECT snapshot ->> 'Prompt' FROM task WHERE id = 'same'")));
    }

    [Fact]
    public async Task An_older_status_never_replaces_a_final_one()
    {
        TaskJournal journal = Open();
        ImageTask task = await AcceptTaskAsync(journal, Request(), "id1");
        await journal.UpdateAsync(Completed(task), ApiProtocol.Generation);
        await journal.UpdateAsync(task, ApiProtocol.Generation);
        Assert.Equal("Completed", Assert.Single(Rows("SELECT status FROM task")));
    }

    private async Task AssertFailsAsync(NanoBananaErrorKind kind, NanoBananaClient client) =>
        Assert.Equal(kind, (await Assert.ThrowsAsync<NanoBananaException>(() => SubmitAsync(client, Request()))).Kind);
}
