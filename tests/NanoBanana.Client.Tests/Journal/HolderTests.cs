using NanoBanana.Client.Files;
using NanoBanana.Client.Journal;

namespace NanoBanana.Client.Tests.Journal;

/// <summary>A batch lists the processes that work on it.</summary>
public class HolderTests : JournalTest
{
    [Fact]
    public async Task A_process_with_an_entry_of_a_batch_is_listed_while_its_lease_is_valid()
    {
        var clock = new SettableClock(DateTimeOffset.UnixEpoch.AddYears(56));
        TaskJournal journal = Open(clock);
        await AcceptTaskAsync(journal, Request("a fox", "b"), "id1");
        Assert.Empty(HoldersOf(journal, "b"));

        LeaseTo(TestProcesses.Remote, clock.Now.AddSeconds(60));
        Assert.Equal(["process 4711 on 'another-machine'"], HoldersOf(journal, "b"));

        clock.Now += TimeSpan.FromSeconds(61);
        Assert.Empty(HoldersOf(journal, "b"));
    }

    [Fact]
    public async Task Ended_processes_and_those_of_other_batches_and_services_are_not_listed()
    {
        TaskJournal journal = Open();
        await AcceptTaskAsync(journal, Request("a fox", "b"), "id1");
        await AcceptTaskAsync(journal, Request("an owl", "c"), "id2");
        LeaseTo(TestProcesses.Living);
        Execute("UPDATE task SET owner = NULL WHERE batch = 'b'");

        Assert.Empty(HoldersOf(journal, "b"));
        Assert.Equal([ProcessIdentity.DisplayName(TestProcesses.Living)], HoldersOf(journal, "c"));
        Assert.Equal([ProcessIdentity.DisplayName(TestProcesses.Living)], journal.Reader.Summary("c", Endpoint)!.Holders);
        Execute("UPDATE task SET endpoint = 'https://elsewhere.example/' WHERE id = 'id2'");
        Execute("""
            INSERT INTO task (endpoint, protocol, status, batch, created_at, updated_at, snapshot)
            SELECT 'https://api.example/', protocol, status, batch, 1, 1, snapshot FROM task WHERE id = 'id2'
            """);
        Assert.Empty(journal.Reader.Summary("c", Endpoint)!.Holders);

        LeaseTo(TestProcesses.Dead);
        Assert.Empty(HoldersOf(journal, "c"));
    }

    [Fact]
    public async Task A_process_with_an_unfinished_run_is_listed()
    {
        TaskJournal journal = Open();
        await AcceptTaskAsync(journal, Request("a fox", "b"), "id1");
        LeaseTo(TestProcesses.Living);
        Execute("UPDATE task SET owner = NULL");
        Execute($"INSERT INTO run (id, batch, endpoint, owner, started_at) VALUES ('r', 'b', '{Endpoint}', '{OtherInstance}', 1)");
        Assert.Equal([ProcessIdentity.DisplayName(TestProcesses.Living)], HoldersOf(journal, "b"));

        Execute("UPDATE run SET ended_at = 2, exit_code = 0");
        Assert.Empty(HoldersOf(journal, "b"));
    }

    [Fact]
    public async Task This_process_is_listed_while_it_works()
    {
        TaskJournal journal = Open();
        (long? row, _) = await journal.ClaimAsync(Request("a fox", "b"), Endpoint, ApiProtocol.Generation).WaitAsync(TestTimeout.Limit);
        Assert.Equal([ProcessIdentity.DisplayName(ProcessIdentity.Mine)], HoldersOf(journal, "b"));

        await AcceptAsync(journal, row, Accepted(Request("a fox", "b"), "id1"));
        Assert.Empty(HoldersOf(journal, "b"));
    }

    private static IReadOnlyList<string> HoldersOf(TaskJournal journal, string batch) => journal.Reader.Summary(batch, null)!.Holders;
}
