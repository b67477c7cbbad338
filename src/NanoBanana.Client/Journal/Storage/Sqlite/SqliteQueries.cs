using Microsoft.Data.Sqlite;

namespace NanoBanana.Client.Journal.Storage.Sqlite;

/// <summary>Queries over a connection of their own: in WAL mode readers and the writer do not wait for each other.</summary>
/// <param name="store">The file.</param>
/// <param name="connect">Makes the connection.</param>
/// <param name="limit">Watches the connection, and ends what has no end.</param>
/// <param name="time">The clock: all processes that write the file have the same one.</param>
internal sealed class SqliteQueries(SqliteStore store, Func<SqliteConnection> connect, QueryLimit limit, TimeProvider time) : JournalQueries(store)
{
    private SqliteConnection? _connection;
    private SqliteStatements? _statements;

    /// <summary>Over a connection that is there already.</summary>
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
            // After some errors the transaction is gone by itself.
        }
    }

    protected override void Close()
    {
        _statements?.Dispose();
        _connection?.Dispose();
    }
}
