using System.Data.Common;
using NanoBanana.Client.Tests.Journal;

namespace NanoBanana.Module.Tests.Journal;

public sealed class StopListTests : JournalModuleTest
{
    [Theory]
    [InlineData("Get-NanoBananaTask -After 9000-01-01")]
    [InlineData("Get-NanoBananaTask -After 9000-01-01 -IncludeTotalCount")]
    public void Stop_ends_a_long_list_of_the_journal_and_its_query(string list)
    {
        string path = Folder["long.db"];
        CreateLongJournal(path);
        using DbConnection journal = Open(path);
        Execute(journal, "PRAGMA journal_mode = WAL");
        SetJournal(path);

        ShellRun run = Shell.Begin(list);
        Assert.True(SpinWait.SpinUntil(() => IsBeingRead(journal), TestTimeout.Limit), "The list reads nothing.");
        run.Stop();

        ShellResult result = run.End();
        Assert.IsType<PipelineStoppedException>(result.Failure);
        Assert.Empty(result.Output);
        Assert.True(SpinWait.SpinUntil(() => !IsBeingRead(journal), TestTimeout.Limit), "The query continues after the stop.");
    }

    /// <summary>Creates a journal that can't be read to its end. No index contains a time, so only a stop ends a list by time.</summary>
    private void CreateLongJournal(string path)
    {
        Run("New-NanoBananaImage fox").Ok();
        using (DbConnection small = Open(JournalPath))
        {
            Execute(small, "PRAGMA page_size = 512");
            Execute(small, $"VACUUM INTO '{path}'");
        }
        int root;
        using (DbConnection journal = Open(path))
        {
            Execute(journal, """
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
                INSERT INTO task (endpoint, protocol, id, status, created_at, updated_at, snapshot)
                SELECT 'https://api.example/', 'Generation', 'id' || i, 'Completed', 1, 1, '{"Id":"id' || i || '","Prompt":"a red fox"}'
                FROM n
                """);
            root = EndlessTable.RootOf(journal, "task_list");
        }
        EndlessTable.Make(path, root);
    }

    /// <summary>Whether a query reads the file. While one does, later writes can't be moved from the log to the file.</summary>
    private static bool IsBeingRead(DbConnection journal)
    {
        Execute(journal, "INSERT INTO lease (instance, process, expires_at) VALUES (random(), '', 0)");
        using DbCommand command = journal.CreateCommand();
        // A passive checkpoint takes no lock that the list waits for.
        command.CommandText = "PRAGMA wal_checkpoint(PASSIVE)";
        using DbDataReader row = command.ExecuteReader();
        return row.Read() && row.GetInt64(1) != row.GetInt64(2);
    }

    private static void Execute(DbConnection journal, string sql)
    {
        using DbCommand command = journal.CreateCommand();
        command.CommandText = sql;
        command.ExecuteScalar();
    }
}
