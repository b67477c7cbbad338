using Microsoft.Data.Sqlite;

namespace NanoBanana.Client.Journal.Storage.Sqlite;

/// <summary>The connection that writes a file of SQLite.</summary>
/// <param name="store">The file.</param>
/// <param name="connection">A connection that <see cref="SqliteStore"/> has opened.</param>
/// <param name="limit">Watches the connection: a change that does not end is one that failed.</param>
/// <param name="patience">How long to wait for another process's commit.</param>
/// <param name="time">The clock: all processes that write the file have the same one.</param>
internal sealed class SqliteJournal(SqliteStore store, SqliteConnection connection, QueryLimit limit, TimeSpan patience, TimeProvider time) : JournalConnection(store)
{
    private readonly SqliteStatements _statements = new(connection);

    public override long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    public override int Run(string sql, params (string Name, object? Value)[] values)
    {
        using SqliteStatement statement = _statements.Bind(sql, values, Now);
        return statement.Run();
    }

    public override IJournalRows Read(string sql, params (string Name, object? Value)[] values) => _statements.Bind(sql, values, Now);

    public override IReadOnlyList<long> ReserveRows(int count)
    {
        using IJournalRows last = Read("SELECT COALESCE(MAX(row), 0) FROM task");
        last.Read();
        long row = last.GetInt64(0);
        return [.. Enumerable.Range(1, count).Select(number => row + number)];
    }

    public override void Begin() => Run("BEGIN IMMEDIATE");

    public override void BeginChange() => limit.Begin();

    public override void SetPatience(bool hasFailed)
    {
        TimeSpan wait = hasFailed && patience > ShortPatience ? ShortPatience : patience;
        try
        {
            SqliteStore.SetPatience(connection, wait);
        }
        catch (SqliteException)
        {
            // A file that is damaged or gone: the next change says so.
        }
    }

    /// <summary>Moves what is in the write-ahead log into the file, as far as no other process reads it.</summary>
    public override void Checkpoint()
    {
        try
        {
            Run("PRAGMA wal_checkpoint(PASSIVE)");
        }
        catch (SqliteException)
        {
            // A full disk, for example. Nothing is lost: the log has it all.
        }
    }

    /// <summary>Gives back free pages at the end of the file, as far as the file was begun so.</summary>
    public override bool GiveBack(int pages)
    {
        using (IJournalRows free = Read("SELECT auto_vacuum * freelist_count FROM pragma_auto_vacuum, pragma_freelist_count"))
        {
            if (!free.Read() || free.GetInt64(0) == 0)
                return false;
        }
        using IJournalRows vacuum = Read(FormattableString.Invariant($"PRAGMA incremental_vacuum({pages})"));
        while (vacuum.Read())
        {
        }
        return true;
    }

    public override void RollBack()
    {
        try
        {
            Run("ROLLBACK");
        }
        catch (SqliteException)
        {
            // There is none: after some errors, such as a full disk, it is gone by itself.
        }
    }

    public override void Dispose()
    {
        _statements.Dispose();
        connection.Dispose();
    }
}
