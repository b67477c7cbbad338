using System.Diagnostics;
using System.Runtime.ExceptionServices;
using Npgsql;

namespace NanoBanana.Client.Journal.Storage.Postgres;

/// <summary>Queries over their own connection. Each query is a read-only transaction in one batch.</summary>
/// <param name="store">The database.</param>
/// <param name="connection">An open connection; null to make one when it is first needed.</param>
/// <param name="lockTimeout">How long to wait for a connection and an answer.</param>
/// <param name="clock">Replaces the clock of the database in tests; else null.</param>
/// <param name="stop">Ends the queries.</param>
internal sealed class PostgresQueries(
    PostgresStore store, NpgsqlConnection? connection, TimeSpan lockTimeout, TimeProvider? clock, CancellationToken stop)
    : JournalQueries(store)
{
    /// <summary>A circuit breaker, so that the queries of many tasks do not all wait for a database that is not available.</summary>
    private static readonly TimeSpan RestAfterFailure = TimeSpan.FromSeconds(5), ShortLockTimeout = TimeSpan.FromSeconds(1);

    private NpgsqlConnection? _connection = connection;
    private Exception? _failure;
    private long _failedAt;
    private bool _isInSnapshot;

    protected override void ThrowIfStopped() => stop.ThrowIfCancellationRequested();

    protected override bool IsStop(Exception e) => stop.IsCancellationRequested;

    protected override void ReadRows(string sql, IEnumerable<(string Name, object? Value)> values, Func<IJournalRows, bool> take)
    {
        if (_failure is not null && store.LastCommit < _failedAt && Stopwatch.GetElapsedTime(_failedAt) < RestAfterFailure)
            ExceptionDispatchInfo.Throw(_failure);
        // A query whose connection was lost before its first row can run again.
        bool hasRow = false;
        for (bool isAgain = _failure is not null; ; isAgain = true)
        {
            try
            {
                ReadOnce(sql, values, row =>
                {
                    hasRow = true;
                    return take(row);
                });
                _failure = null;
                return;
            }
            catch (Exception e)
            {
                // The connection may have a failed transaction.
                Close();
                if (isAgain || hasRow || _isInSnapshot || !PostgresErrors.IsTransient(e) || stop.IsCancellationRequested)
                {
                    bool isOutage = PostgresErrors.IsTransient(e) && !stop.IsCancellationRequested;
                    (_failure, _failedAt) = isOutage ? (e, Stopwatch.GetTimestamp()) : (null, 0);
                    throw;
                }
            }
        }
    }

    protected override void BeginSnapshot()
    {
        // A new connection, because an idle one may be lost and a snapshot can't be retried.
        Close();
        _connection = store.Connect(lockTimeout);
        using var batch = new NpgsqlBatch(_connection);
        foreach (string sql in store.BeginSnapshot())
            batch.BatchCommands.Add(new NpgsqlBatchCommand(sql));
        batch.ExecuteNonQuery();
        _isInSnapshot = true;
    }

    /// <summary>The server ends the transaction of a connection that is closed.</summary>
    protected override void EndSnapshot()
    {
        _isInSnapshot = false;
        Close();
    }

    protected override void Close()
    {
        _connection?.Dispose();
        _connection = null;
    }

    private void ReadOnce(string sql, IEnumerable<(string Name, object? Value)> values, Func<IJournalRows, bool> take)
    {
        _connection ??= store.Connect(_failure is null ? lockTimeout : ShortLockTimeout);
        using var batch = new NpgsqlBatch(_connection);
        foreach (string setting in _isInSnapshot ? [] : store.Begin(isToWrite: false, lockTimeout))
            batch.BatchCommands.Add(new NpgsqlBatchCommand(setting));
        batch.BatchCommands.Add(PostgresSql.Command(PostgresSql.Translate(sql), values, clock?.GetUtcNow().ToUnixTimeMilliseconds()));
        if (!_isInSnapshot)
            batch.BatchCommands.Add(new NpgsqlBatchCommand("COMMIT"));
        using CancellationTokenRegistration canceled = stop.Register(batch.Cancel);
        using var reader = new PostgresRows(batch.ExecuteReader());
        while (reader.Read() && take(reader))
        {
        }
    }
}
