using NanoBanana.Client.Journal;
using NanoBanana.Client.Wire;

namespace NanoBanana.Client.Tests.Journal;

/// <summary>A run has one entry, from which another process reads its progress or result.</summary>
public class RunTests : JournalTest
{
    private readonly ImageRun _run = new(() => DateTimeOffset.UtcNow);

    [Fact]
    public async Task The_first_claim_writes_the_entry_of_the_run_and_the_end_writes_its_counts()
    {
        await SubmitPromptsAsync("fox", "owl");
        Assert.Equal([$"{_run.Id}|b|"], Rows("SELECT id, batch, ended_at FROM run"));
        Assert.Equal([_run.Id, _run.Id], Rows("SELECT run FROM task"));

        _run.ForBatch("b").AddItem().MarkFailed(NanoBananaErrorKind.InvalidRequest);
        _run.End(isEarly: false);
        await _run.StoreAsync();
        Assert.Equal(
            ["3|2|0|1|0|0|0|1|3|1"],
            Rows("SELECT asked, bought, held, refused, unknown, skipped, saved, failed, exit_code, ended_at IS NOT NULL FROM run"));
    }

    [Fact]
    public async Task A_run_of_several_batches_has_an_entry_for_each()
    {
        await SubmitAsync(ClientOf(ScriptedHandler.Accepting()), CreateItem("fox", "b"));
        await SubmitAsync(ClientOf(new ScriptedHandler(_ => Task.FromResult(ScriptedHandler.Accepted("other")))), CreateItem("owl", "c"));
        _run.End(isEarly: false);
        await _run.StoreAsync();

        Assert.Equal((1, 1), (Summary("b").Run!.Bought, Summary("c").Run!.Bought));
        Assert.Equal((2, null), (_run.Bought, _run.Batch));
    }

    [Fact]
    public async Task An_unfinished_run_is_running_while_its_process_runs_and_interrupted_after_its_end()
    {
        await SubmitPromptsAsync("fox", "owl");
        Execute("UPDATE task SET status = 'Completed', images = 1, unsaved = 0, tokens = 1120, cost = 0.5 WHERE id = 'id1'");
        Execute("UPDATE task SET id = NULL, status = 'Submitting' WHERE id = 'id2'");
        Assert.True(Summary("b").Run!.IsRunning);

        Execute($"UPDATE run SET owner = '{OtherInstance}'");
        LeaseTo(TestProcesses.Living);
        Assert.True(Summary("b").Run!.IsRunning);
        Assert.NotEqual(0, Summary("b").ExitCode);

        LeaseTo(TestProcesses.Dead);
        ImageRun run = Summary("b").Run!;
        Assert.Equal((false, 130, 130), (run.IsRunning, run.ExitCode, Summary("b").ExitCode));
        Assert.Equal((2, 1, 1, 1, 1120L, 0.5m), (run.Asked, run.Bought, run.Saved, run.Unknown, run.TotalTokens, run.Cost));
    }

    [Fact]
    public async Task A_run_stopped_by_a_signal_keeps_its_exit_code_after_its_process_ends()
    {
        await SubmitPromptsAsync("fox");
        _run.Stop(143);
        await _run.StoreAsync();
        Execute($"UPDATE run SET owner = '{OtherInstance}'");
        LeaseTo(TestProcesses.Dead);
        Assert.Equal((143, false), (Summary("b").Run!.ExitCode, Summary("b").Run!.IsRunning));
    }

    [Fact]
    public async Task A_batch_is_counted_after_retention_removed_its_run()
    {
        await SubmitPromptsAsync("fox");
        _run.End(isEarly: false);
        await _run.StoreAsync();
        await Handle().Require().TrimAsync(DateTimeOffset.UtcNow.AddDays(1));
        Assert.Empty(Rows("SELECT 1 FROM run"));

        ImageBatch batch = Summary("b");
        Assert.Equal((1, null), (batch.Total, batch.Run));
    }

    [Fact]
    public async Task Tasks_of_an_earlier_run_are_counted_as_already_accepted()
    {
        await SubmitPromptsAsync("fox");
        var second = new ImageRun(() => DateTimeOffset.UtcNow.AddSeconds(1));
        ImageTask task = await SubmitAsync(
            ClientOf(ScriptedHandler.Accepting()), Request("fox", batch: "b") with { RunItem = second.ForBatch("b").AddItem() });
        task.RunItem!.MarkEnded(Completed(task) with { TotalTokens = 1120 });
        task.RunItem.MarkSaved();
        second.End(isEarly: false);
        await second.StoreAsync();

        ImageRun run = Summary("b").Run!;
        Assert.Equal((1, 0, 1, 1, 0L, 0), (run.Asked, run.Bought, run.Held, run.Saved, run.TotalTokens, run.ExitCode));
        Assert.Equal($"{second}", $"{run}");
    }

    [Fact]
    public async Task A_refused_run_is_recorded_without_a_task()
    {
        using var refusing = new ScriptedHandler(_ => Answer.Status(401).Make(CancellationToken.None));
        await Assert.ThrowsAsync<NanoBananaException>(() => SubmitAsync(ClientOf(refusing), CreateItem("fox", "b")));
        _run.EndSubmitting(NanoBananaErrorKind.ApiKeyRejected);
        _run.End(isEarly: false);
        await _run.StoreAsync();
        Assert.Equal((0, 6, NanoBananaErrorKind.ApiKeyRejected), (Summary("b").Total, Summary("b").ExitCode, Summary("b").Run!.Reason));
    }

    [Fact]
    public async Task Removing_the_tasks_of_a_batch_removes_its_runs()
    {
        await SubmitPromptsAsync("fox");
        _run.End(isEarly: false);
        await _run.StoreAsync();
        TaskJournal journal = Handle().Require();
        Assert.Equal(1, await journal.RemoveAsync(journal.Reader.List(new JournalFilter())));
        Assert.Empty(Rows("SELECT 1 FROM run"));
    }

    [Fact]
    public async Task A_prompt_without_a_batch_writes_no_run()
    {
        await SubmitAsync(ClientOf(ScriptedHandler.Accepting()), Request() with { RunItem = _run.AddItem() });
        Assert.Empty(Rows("SELECT 1 FROM run"));
        Assert.Equal(1, _run.Bought);
    }

    private async Task SubmitPromptsAsync(params string[] prompts)
    {
        NanoBananaClient client = ClientOf(ScriptedHandler.Accepting());
        foreach (string prompt in prompts)
            await SubmitAsync(client, CreateItem(prompt, "b"));
    }

    private ImageRequest CreateItem(string prompt, string batch) =>
        Request(prompt, batch: batch) with { RunItem = _run.ForBatch(batch).AddItem() };

    private ImageBatch Summary(string batch) => Handle().Require().Reader.Summary(batch, Endpoint)!;
}
