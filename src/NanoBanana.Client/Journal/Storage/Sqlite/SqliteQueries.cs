using Microsoft.Data.Sqlite;

namespace NanoBanana.Client.Journal.Storage.Sqlite;

/// <summary>Queries over their own connection. In WAL mode, readers and the writer do not wait for each other.</summary>
/// <param name="store">The file.</param>
/// <param name="connect">Makes the connection.</param>
/// <param name="limit">The limit of the connection.</param>
/// <param name="time">The clock. All processes that write the file have the same clock.</param>
internal sealed class SqliteQueries(SqliteStore store, Func<SqliteConnection> connect, QueryLimit limit, TimeProvider time)
    : JournalQueries(store)
{
    private SqliteConnection? _connection;
    private SqliteStatements? _statements;

    /// <summary>Uses an open connection.</summary>
    public SqliteQueries(SqliteStore store, SqliteConnection connection, QueryLimit limit, TimeProvider time)
        : this(store, () => connection, limit, time) => _connection = connection;

    private SqliteConnection Connection => _connection ??= connect();

    /// <summary>See https://sqlite.org/lang_vacuum.html#vacuuminto.</summary>
    public override bool TryCopyTo(string file)
    {
        Read("VACUUM INTO @path", [("@path", file)], _ => false);
        return true;
    }

    protected override void ThrowIfStopped() => limit.Begin();

    protected override bool IsStop(Exception e) => limit.IsStop(e);

    protected override void ReadRows(string sql, IEnumerable<(string Name, object? Value)> values, Func<IJournalRows, bool> take)
    {
        _statements ??= new SqliteStatements(Connection);
        using SqliteStatement reader = _statements.Bind(sql, values, time.GetUtcNow().ToUnixTimeMilliseconds());
        while (reader.Read() && take(reader))
        {
        }
    }

    protected override void BeginSnapshot()
    {
        SqliteStore.Execute(Connection, "BEGIN");
    }

    protected override void EndSnapshot()
    {
        try
        {
            SqliteStore.Execute(_connection!, "ROLLBACK");
        }
        catch (SqliteException)
        {
            // After some errors, SQLite has already rolled back the transaction.
        }
    }

    protected override void Close()
    {
        _statements?.Dispose();
        _connection?.Dispose();
    }
}
