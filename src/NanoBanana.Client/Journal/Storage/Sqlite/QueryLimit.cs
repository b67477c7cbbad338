using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace NanoBanana.Client.Journal.Storage.Sqlite;

/// <summary>
/// Ends endless queries: in a crafted file, the pages of a table can refer to each other, so that a query never ends. A query of a pipeline
/// runs until the pipeline stops. All other commands, including changes, have a limit of steps that is enough for a million entries.
/// </summary>
/// <param name="stop">Canceled when the pipeline stops.</param>
internal sealed class QueryLimit(CancellationToken stop = default)
{
    /// <summary>The number of instructions of SQLite's virtual machine between two checks.</summary>
    private const int StepsPerCheck = 10_000;

    private const int MaximumChecks = 5_000;

    /// <summary>SQLite's error code for a query that the handler ended.</summary>
    private const int Interrupted = 9;

    private int _checks;

    /// <summary>Applies the limit to all commands of a connection. See https://sqlite.org/c3ref/progress_handler.html.</summary>
    public void ApplyTo(SqliteConnection connection) =>
        raw.sqlite3_progress_handler(connection.Handle, StepsPerCheck, _ => IsReached() ? 1 : 0, null);

    /// <summary>Starts a query.</summary>
    /// <exception cref="OperationCanceledException">The pipeline has stopped.</exception>
    public void Begin()
    {
        stop.ThrowIfCancellationRequested();
        _checks = 0;
    }

    /// <summary>Whether an error means that the pipeline has stopped, not that the file is damaged.</summary>
    public bool IsStop(Exception e) => stop.IsCancellationRequested && e is SqliteException { SqliteErrorCode: Interrupted };

    private bool IsReached() => stop.CanBeCanceled ? stop.IsCancellationRequested : ++_checks > MaximumChecks;
}
