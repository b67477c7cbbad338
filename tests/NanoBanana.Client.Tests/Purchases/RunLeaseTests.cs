using NanoBanana.Client.Purchases;
using NanoBanana.Client.Tests.Journal;
using NanoBanana.Client.Wire;

namespace NanoBanana.Client.Tests.Purchases;

/// <summary>A run keeps the lease of a task until its images are saved, at most until the run ends.</summary>
public class RunLeaseTests : JournalTest
{
    [Fact]
    public async Task A_lease_ends_after_the_images_of_its_task_are_saved()
    {
        NanoBananaClient client = ClientOf(ScriptedHandler.Accepting());
        using SubmissionRun run = client.StartRun();
        ImageTask task = await SubmitAsync(run);
        Assert.Single(await OwnersAsync(client));

        task.RunItem!.MarkSaved();

        Assert.Null(task.RunItem.Lease);
        Assert.Empty(await OwnersAsync(client));
    }

    [Fact]
    public async Task A_task_of_an_ended_run_has_no_lease_and_a_later_command_takes_one()
    {
        NanoBananaClient client = ClientOf(ScriptedHandler.Accepting());
        ImageTask task;
        using (SubmissionRun run = client.StartRun())
        {
            task = await SubmitAsync(run);
            Assert.NotNull(task.RunItem!.Lease);
        }

        Assert.Null(task.RunItem.Lease);
        Assert.Empty(await OwnersAsync(client));
        using (client.LeaseTask(task, Observer))
            Assert.Single(await OwnersAsync(client));
    }

    private async Task<ImageTask> SubmitAsync(SubmissionRun run)
    {
        var counts = new ImageRun(() => DateTimeOffset.UtcNow);
        ImageRequest request = Request("fox", batch: "b") with { RunItem = counts.ForBatch("b").AddItem() };
        return (await run.SubmitAsync(request, Observer, default))!;
    }

    private async Task<IReadOnlyList<string>> OwnersAsync(NanoBananaClient client)
    {
        await client.FlushAsync().WaitAsync(TestTimeout.Limit);
        await Handle().Require().FlushAsync().WaitAsync(TestTimeout.Limit);
        return Rows("SELECT id FROM task WHERE owner IS NOT NULL");
    }
}
