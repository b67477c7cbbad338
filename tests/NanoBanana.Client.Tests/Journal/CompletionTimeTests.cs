using NanoBanana.Client.Http;
using NanoBanana.Client.Journal;
using NanoBanana.Client.Polling;
using NanoBanana.Client.Purchases;
using NanoBanana.Client.Retries;
using NanoBanana.Client.Wire;

namespace NanoBanana.Client.Tests.Journal;

/// <summary>The completion times that the poll schedule gets from the journal.</summary>
public sealed class CompletionTimeTests : JournalTest
{
    [Fact]
    public async Task The_latest_completed_tasks_of_an_endpoint_are_returned_newest_first()
    {
        TaskJournal journal = Open();
        (string Id, ImageTaskStatus Status)[] ends =
        [
            ("1", ImageTaskStatus.Completed), ("2", ImageTaskStatus.Failed), ("3", ImageTaskStatus.Completed),
            ("4", ImageTaskStatus.Completed),
        ];
        foreach ((string id, ImageTaskStatus status) in ends)
            await EndAsync(journal, id, status, seconds: 10);
        await AcceptTaskAsync(journal, Request(), "running");

        Assert.Equal(["4", "3", "1"], journal.Reader.LastCompleted(Endpoint, 10).Select(task => task.Id));
        Assert.Equal(["4", "3"], journal.Reader.LastCompleted(Endpoint, 2).Select(task => task.Id));
        Assert.Empty(journal.Reader.LastCompleted(new Uri("https://other.example/"), 10));
        Assert.All(
            journal.Reader.LastCompleted(Endpoint, 10),
            task => Assert.Equal((TimeSpan.FromSeconds(10), "2K"), (task.Elapsed!.Value, task.Resolution)));
    }

    [Fact]
    public void An_empty_journal_has_no_completed_tasks() => Assert.Empty(Open().Reader.LastCompleted(Endpoint, 10));

    [Fact]
    public void The_schedule_does_not_create_a_journal()
    {
        using var poller = Poller(out PurchaseServices services);
        services.LearnFromJournal();
        Assert.False(Directory.Exists(Path.GetDirectoryName(JournalPath)));
    }

    [Fact]
    public async Task A_journal_unreadable_for_the_schedule_is_reported_by_the_command_that_needs_it()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(JournalPath)!);
        File.WriteAllText(JournalPath, "this is not a database, and long enough to be taken for one");
        using var poller = Poller(out PurchaseServices services);
        services.LearnFromJournalOnce();

        await SubmitAsync(ClientOf(ScriptedHandler.Accepting()), Request());
        Assert.Contains("damaged", Assert.Single(Observer.Warnings), StringComparison.Ordinal);
    }

    private TaskPoller Poller(out PurchaseServices services)
    {
        var options = new NanoBananaClientOptions { ApiKey = new ApiKey(Key), Endpoint = Endpoint, Journal = () => Handle() };
        var transport = Opened(new HttpTransport(ScriptedHandler.Accepting(), options, new ServerClock(options.Time)));
        var poller = new TaskPoller(new GenerationDialect(), transport, new RateGate(options.Time), options, () => 0.5);
        services = new PurchaseServices(submitter: null!, poller, options);
        return poller;
    }

    private static async Task EndAsync(TaskJournal journal, string id, ImageTaskStatus status, double seconds)
    {
        ImageTask task = await AcceptTaskAsync(journal, Request(), id);
        ImageTask ended = task with { Status = status, Resolution = "2K", Elapsed = TimeSpan.FromSeconds(seconds) };
        await journal.UpdateAsync(ended, ApiProtocol.Generation).WaitAsync(TestTimeout.Limit);
    }
}
