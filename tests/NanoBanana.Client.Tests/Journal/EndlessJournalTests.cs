using Microsoft.Data.Sqlite;
using NanoBanana.Client.Journal;
using NanoBanana.Client.Journal.Storage.Sqlite;

namespace NanoBanana.Client.Tests.Journal;

/// <summary>A journal whose pages reference each other in cycles. Without a limit, its queries never end.</summary>
public sealed class EndlessJournalTests : JournalTest
{
    public EndlessJournalTests()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(JournalPath)!);
        using (SqliteConnection empty = Connect())
            EndlessTable.Prepare(empty);
        Open().Dispose();
        // In descending order, like in a journal that grew. Inside a leaf they are still in order.
        Execute("""
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
            INSERT INTO task (endpoint, protocol, id, status, batch, created_at, updated_at, snapshot)
            SELECT 'https://api.example/', 'Generation', 'id' || i, 'Completed', 'b' || (i % 50), 1, 1,
                '{"Id":"id' || i || '","Prompt":"a red fox"}' FROM n
            """);
        int root;
        using (SqliteConnection connection = Connect())
        {
            root = EndlessTable.RootOf(connection, "task");
            SqliteStore.Execute(connection, "PRAGMA journal_mode = DELETE");
        }
        EndlessTable.Make(JournalPath, root);
    }

    [Fact]
    public async Task A_query_of_a_pipeline_ends_when_the_pipeline_stops()
    {
        using var stop = new CancellationTokenSource();
        using JournalReader reader = Handle().Read(stop.Token)!;
        // No entry matches, and the query must read the table, because no index has both columns. So only the stop ends it.
        var filter = new JournalFilter { After = DateTimeOffset.MaxValue, Current = true };
        Task list = Task.Run(() => reader.List(filter));
        stop.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => list.WaitAsync(TestTimeout.Limit));
    }

    [Fact]
    public async Task A_list_with_repeating_rows_ends()
    {
        using var stop = new CancellationTokenSource();
        using JournalReader reader = Handle().Read(stop.Token)!;
        Task list = Task.Run(() => reader.List(new JournalFilter { Current = true }));
        Assert.Equal(
            NanoBananaErrorKind.JournalRequired,
            (await Assert.ThrowsAsync<NanoBananaException>(() => list.WaitAsync(TestTimeout.Limit))).Kind);
    }

    [Fact]
    public async Task A_query_without_a_pipeline_ends_and_reports_a_damaged_file()
    {
        using JournalReader reader = Handle().ReadNow()!;
        var error = await Assert.ThrowsAsync<NanoBananaException>(
            () => Task.Run(() => reader.Count(new JournalFilter { Current = true })).WaitAsync(TestTimeout.Limit));
        Assert.Equal(
            (NanoBananaErrorKind.JournalRequired, true), (error.Kind, error.Message.Contains("damaged", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Changes_and_closing_end()
    {
        TaskJournal journal = Open();
        Task<int> trim = journal.TrimAsync(DateTimeOffset.UnixEpoch.AddYears(1));
        Task close = Task.Run(journal.Dispose);
        await close.WaitAsync(TestTimeout.Limit);
        await Record.ExceptionAsync(() => trim.WaitAsync(TestTimeout.Limit));
        Assert.True(trim.IsCompleted);
    }
}
