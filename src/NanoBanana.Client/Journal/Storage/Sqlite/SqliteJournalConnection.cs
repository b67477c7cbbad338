using Microsoft.Data.Sqlite;

namespace NanoBanana.Client.Journal.Storage.Sqlite;

/// <summary>The connection that writes an SQLite file.</summary>
/// <param name="store">The file.</param>
/// <param name="connection">A connection that <see cref="SqliteStore"/> has opened.</param>
/// <param name="limit">The limit of the connection. A change that does not end fails.</param>
/// <param name="lockTimeout">How long to wait for another process's commit.</param>
/// <param name="time">The clock. All processes that write the file have the same clock.</param>
internal sealed class SqliteJournalConnection(
    SqliteStore store, SqliteConnection connection, QueryLimit limit, TimeSpan lockTimeout, TimeProvider time) : JournalConnection(store)
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

    public override void SetLockTimeout(bool hasFailed)
    {
        TimeSpan wait = hasFailed && lockTimeout > ShortLockTimeout ? ShortLockTimeout : lockTimeout;
        try
        {
            SqliteStore.SetLockTimeout(connection, wait);
        }
        catch (SqliteException)
        {
            // The file is damaged or was removed. The next change reports it.
        }
    }

    /// <summary>Moves the pages of the write-ahead log into the file, except pages that another process is reading.</summary>
    public override void Checkpoint()
    {
        try
        {
            Run("PRAGMA wal_checkpoint(PASSIVE)");
        }
        catch (SqliteException)
        {
            // For example, the disk is full. No change is lost, because the log contains all of them.
        }
    }

    /// <summary>Returns free pages at the end of the file, if the file was created with auto_vacuum.</summary>
    public override bool ReturnFreePages(int pages)
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
            // There is no transaction: after some errors, such as a full disk, SQLite rolls back automatically.
        }
    }

    public override void Dispose()
    {
        _statements.Dispose();
        connection.Dispose();
    }
}
