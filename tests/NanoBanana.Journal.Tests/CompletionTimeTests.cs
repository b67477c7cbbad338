namespace NanoBanana.Journal.Tests;

/// <summary>What the schedule of polls learns from the journal.</summary>
public sealed class CompletionTimeTests : JournalTest
{
    [Fact]
    public async Task The_last_that_completed_at_an_endpoint_come_newest_first()
    {
        TaskJournal journal = Open();
        foreach ((string id, ImageTaskStatus status) in new[] { ("1", ImageTaskStatus.Completed), ("2", ImageTaskStatus.Failed), ("3", ImageTaskStatus.Completed), ("4", ImageTaskStatus.Completed) })
            await EndAsync(journal, id, status, seconds: 10);
        await BuyAsync(journal, Request(), "running");

        Assert.Equal(["4", "3", "1"], journal.Reader.LastCompleted(Endpoint, 10).Select(task => task.Id));
        Assert.Equal(["4", "3"], journal.Reader.LastCompleted(Endpoint, 2).Select(task => task.Id));
        Assert.Empty(journal.Reader.LastCompleted(new Uri("https://other.example/"), 10));
        Assert.All(journal.Reader.LastCompleted(Endpoint, 10), task => Assert.Equal((TimeSpan.FromSeconds(10), "2K"), (task.Elapsed!.Value, task.Resolution)));
    }

    [Fact]
    public void An_empty_journal_remembers_nothing() => Assert.Empty(Open().Reader.LastCompleted(Endpoint, 10));

    private static async Task EndAsync(TaskJournal journal, string id, ImageTaskStatus status, double seconds)
    {
        ImageTask task = await BuyAsync(journal, Request(), id);
        await journal.UpdateAsync(task with { Status = status, Resolution = "2K", Elapsed = TimeSpan.FromSeconds(seconds) }, ApiProtocol.Generation).WaitAsync(Patience.Limit);
    }
}
