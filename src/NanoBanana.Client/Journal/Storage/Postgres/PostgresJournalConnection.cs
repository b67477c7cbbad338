using System.Diagnostics;
using Npgsql;

namespace NanoBanana.Client.Journal.Storage.Postgres;

/// <summary>
/// The connection that writes a shared journal. Each transaction first locks the only row of the table <c>journal</c>, so that one process
/// of all machines writes at a time, as with SQLite (decision 0032). Settings apply to the transaction, and no statement is prepared,
/// because behind PgBouncer each transaction can have another session.
/// </summary>
/// <param name="store">The database.</param>
/// <param name="lockTimeout">How long to wait for another process's commit, and for a database that is not available.</param>
/// <param name="clock">Replaces the clock of the database in tests; else null.</param>
internal sealed class PostgresJournalConnection(PostgresStore store, TimeSpan lockTimeout, TimeProvider? clock) : JournalConnection(store)
{
    private static readonly TimeSpan PauseBetweenTries = TimeSpan.FromMilliseconds(200);

    private readonly List<NpgsqlBatchCommand> _pending = [];
    private readonly ManualResetEventSlim _disposed = new();
    private NpgsqlConnection? _connection;
    private bool _isShort;
    private long? _failingSince;
    private long _now;

    private TimeSpan LockTimeout => _isShort && lockTimeout > ShortLockTimeout ? ShortLockTimeout : lockTimeout;

    public override long Now => clock?.GetUtcNow().ToUnixTimeMilliseconds() ?? _now;

    public override int Run(string sql, params (string Name, object? Value)[] values)
    {
        NpgsqlBatchCommand command = Command(sql, values);
        using NpgsqlBatch batch = WithPending(command);
        batch.ExecuteNonQuery();
        return (int)command.Rows;
    }

    /// <summary>Sends the command together with the next command or the commit, which saves a round trip.</summary>
    public override void Send(string sql, params (string Name, object? Value)[] values) => _pending.Add(Command(sql, values));

    public override IJournalRows Read(string sql, params (string Name, object? Value)[] values) =>
        new PostgresRows(WithPending(Command(sql, values)).ExecuteReader());

    public override IReadOnlyList<long> ReserveRows(int count)
    {
        var rows = new List<long>(count);
        const string Next =
            "SELECT nextval(pg_get_serial_sequence('task', 'row')) FROM generate_series(1, CAST(@count AS INTEGER)) ORDER BY 1";
        using IJournalRows next = Read(Next, ("@count", count));
        while (next.Read())
            rows.Add(next.GetInt64(0));
        return rows;
    }

    public override void Begin()
    {
        _pending.Clear();
        _connection ??= store.Connect(LockTimeout);
        using var batch = new NpgsqlBatch(_connection);
        foreach (string sql in store.Begin(isToWrite: true, LockTimeout))
            batch.BatchCommands.Add(new NpgsqlBatchCommand(sql));
        batch.BatchCommands.Add(new NpgsqlBatchCommand("SELECT version FROM journal FOR UPDATE"));
        // In its own statement, because the clock of the statement above would be read before it waits for the lock.
        batch.BatchCommands.Add(new NpgsqlBatchCommand("SELECT " + PostgresSql.Clock));
        using NpgsqlDataReader reader = batch.ExecuteReader();
        store.CheckVersion(reader.Read() ? reader.GetInt32(0) : 0);
        reader.NextResult();
        reader.Read();
        _now = reader.GetInt64(0);
    }

    public override void Commit()
    {
        using NpgsqlBatch batch = WithPending(new NpgsqlBatchCommand("COMMIT"));
        batch.ExecuteNonQuery();
        store.Committed();
        _failingSince = null;
    }

    public override void RollBack()
    {
        _pending.Clear();
        try
        {
            if (_connection is { FullState: System.Data.ConnectionState.Open })
            {
                using var command = new NpgsqlCommand("ROLLBACK", _connection);
                command.ExecuteNonQuery();
                return;
            }
        }
        catch (Exception e) when (PostgresErrors.IsStoreError(e) || e is InvalidOperationException)
        {
            // The server rolls back a transaction whose connection is lost.
        }
        Close();
    }

    public override void SetLockTimeout(bool hasFailed) => _isShort = hasFailed;

    public override bool ShouldRetry(Exception e)
    {
        if (!PostgresErrors.IsTransient(e))
        {
            _failingSince = null;
            return false;
        }
        _failingSince ??= Stopwatch.GetTimestamp();
        if (Stopwatch.GetElapsedTime(_failingSince.Value) > LockTimeout)
        {
            _failingSince = null;
            return false;
        }
        Close();
        return !_disposed.Wait(PauseBetweenTries);
    }

    public override void Dispose()
    {
        _disposed.Set();
        Close();
    }

    private NpgsqlBatchCommand Command(string sql, (string Name, object? Value)[] values) =>
        PostgresSql.Command(PostgresSql.TranslateConstant(sql), values, Now);

    private NpgsqlBatch WithPending(NpgsqlBatchCommand last)
    {
        var batch = new NpgsqlBatch(_connection);
        foreach (NpgsqlBatchCommand command in _pending)
            batch.BatchCommands.Add(command);
        batch.BatchCommands.Add(last);
        _pending.Clear();
        return batch;
    }

    private void Close()
    {
        _connection?.Dispose();
        _connection = null;
    }
}
