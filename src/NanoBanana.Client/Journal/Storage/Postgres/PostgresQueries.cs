using System.Diagnostics;
using System.Runtime.ExceptionServices;
using Npgsql;

namespace NanoBanana.Client.Journal.Storage.Postgres;

/// <summary>Queries over a connection of their own. Each is one read-only transaction, sent as a whole.</summary>
/// <param name="store">The database.</param>
/// <param name="connection">A connection that is there already; null for one that is made when it is first needed.</param>
/// <param name="patience">How long to wait for a connection and an answer.</param>
/// <param name="clock">Stands in for the database's clock; null for the database's own.</param>
/// <param name="stop">Ends the queries.</param>
internal sealed class PostgresQueries(PostgresStore store, NpgsqlConnection? connection, TimeSpan patience, TimeProvider? clock, CancellationToken stop) : JournalQueries(store)
{
    /// <summary>A circuit breaker: many tasks ask, one after the other, and each would wait in vain.</summary>
    private static readonly TimeSpan RestAfterFailure = TimeSpan.FromSeconds(5), ShortPatience = TimeSpan.FromSeconds(1);

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
        // A query whose connection was lost before its first row has told nobody anything.
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
                // It may be in the middle of a transaction that has failed.
                Close();
                if (isAgain || hasRow || _isInSnapshot || !PostgresErrors.IsPassing(e) || stop.IsCancellationRequested)
                {
                    (_failure, _failedAt) = PostgresErrors.IsPassing(e) && !stop.IsCancellationRequested ? (e, Stopwatch.GetTimestamp()) : (null, 0);
                    throw;
                }
            }
        }
    }

    protected override void BeginSnapshot()
    {
        // One that has been idle may be lost, and a snapshot can't be begun again.
        Close();
        _connection = store.Connect(patience);
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
        _connection ??= store.Connect(_failure is null ? patience : ShortPatience);
        using var batch = new NpgsqlBatch(_connection);
        foreach (string setting in _isInSnapshot ? [] : store.Begin(isToWrite: false, patience))
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
