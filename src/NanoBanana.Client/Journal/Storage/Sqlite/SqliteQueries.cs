using System.Data.Common;
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

    /// <summary>Over a connection that is there already.</summary>
    public SqliteQueries(SqliteStore store, SqliteConnection connection, QueryLimit limit, TimeProvider time)
        : this(store, () => connection, limit, time) => _connection = connection;

    /// <summary>See https://sqlite.org/lang_vacuum.html#vacuuminto.</summary>
    public override bool TryCopyTo(string file)
    {
        Read("VACUUM INTO @path", [("@path", file)], _ => false);
        return true;
    }

    /// <summary>Adds the parameters that have their values by themselves.</summary>
    public static void AddKnown(SqliteCommand command, long now)
    {
        if (command.CommandText.Contains(JournalConnection.NowParameter))
            command.Parameters.AddWithValue(JournalConnection.NowParameter, now);
        if (command.CommandText.Contains(JournalConnection.MachineParameter))
            command.Parameters.AddWithValue(JournalConnection.MachineParameter, "");
    }

    protected override void ThrowIfStopped() => limit.Begin();

    protected override bool IsStop(Exception e) => limit.IsStop(e);

    protected override void ReadRows(string sql, IEnumerable<(string Name, object? Value)> values, Func<DbDataReader, bool> take)
    {
        _connection ??= connect();
        using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = sql;
        foreach ((string name, object? value) in values)
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        AddKnown(command, time.GetUtcNow().ToUnixTimeMilliseconds());
        using SqliteDataReader reader = command.ExecuteReader();
        while (reader.Read() && take(reader))
        {
        }
    }

    protected override void BeginSnapshot()
    {
        _connection ??= connect();
        SqliteStore.Execute(_connection, "BEGIN");
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

    protected override void Close() => _connection?.Dispose();
}
