using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace NanoBanana.Client.Journal.Storage.Sqlite;

/// <summary>
/// Ends queries without an end: in a crafted file the pages of a table can lead to each other, so that reading it through
/// takes longer than a lifetime. A query of a pipeline runs until the pipeline stops. All others, among them all that
/// write, run for as many steps as a journal of a million entries needs.
/// </summary>
/// <param name="stop">Canceled when the pipeline stops.</param>
internal sealed class QueryLimit(CancellationToken stop = default)
{
    /// <summary>How many instructions of SQLite's virtual machine run between two looks.</summary>
    private const int StepsPerLook = 10_000;

    private const int MostLooks = 5_000;

    /// <summary>SQLite's code of a query that the handler ended.</summary>
    private const int Interrupted = 9;

    private int _looks;

    /// <summary>Watches all that runs on a connection. See https://sqlite.org/c3ref/progress_handler.html.</summary>
    public void Watch(SqliteConnection connection) =>
        raw.sqlite3_progress_handler(connection.Handle, StepsPerLook, _ => IsReached() ? 1 : 0, null);

    /// <summary>A query begins.</summary>
    /// <exception cref="OperationCanceledException">The pipeline has stopped.</exception>
    public void Begin()
    {
        stop.ThrowIfCancellationRequested();
        _looks = 0;
    }

    /// <summary>Whether an error says that the pipeline has stopped, and nothing of the file.</summary>
    public bool IsStop(Exception e) => stop.IsCancellationRequested && e is SqliteException { SqliteErrorCode: Interrupted };

    private bool IsReached() => stop.CanBeCanceled ? stop.IsCancellationRequested : ++_looks > MostLooks;
}
