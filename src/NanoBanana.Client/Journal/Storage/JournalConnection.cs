using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace NanoBanana.Client.Journal.Storage;

/// <summary>
/// The connection that writes. Each of its commands is compiled once and reused: compiling one takes longer than running it.
/// For one thread at a time. What only SQLite does is a member here: the journal and its writer name nothing of it.
/// </summary>
/// <param name="connection">A connection that <see cref="JournalDatabase"/> has opened.</param>
/// <param name="path">The file, for messages.</param>
/// <param name="limit">Watches the connection: a change that does not end is one that failed.</param>
/// <param name="patience">How long to wait for another process's commit.</param>
internal sealed class JournalConnection(SqliteConnection connection, string path, QueryLimit limit, TimeSpan patience) : IDisposable
{
    /// <summary>After a failure: whoever waits for the disk is not to wait for a file that stays locked, change after change.</summary>
    private static readonly TimeSpan ShortPatience = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, SqliteCommand> _commands = new(StringComparer.Ordinal);

    /// <summary>Runs a command.</summary>
    /// <param name="sql">One of a few texts: what differs from call to call is in the values.</param>
    /// <param name="values">A value for every parameter, always in the same order.</param>
    /// <returns>How many rows it changed.</returns>
    public int Run(string sql, params (string Name, object? Value)[] values) => Bind(sql, values).ExecuteNonQuery();

    /// <summary>Reads; the reader is to be disposed before anything else is done.</summary>
    /// <param name="sql">One of a few texts.</param>
    /// <param name="values">A value for every parameter.</param>
    public DbDataReader Read(string sql, params (string Name, object? Value)[] values) => Bind(sql, values).ExecuteReader();

    /// <summary>Begins a transaction. Until its end no other process writes, so what a change has read stays true.</summary>
    public void Begin() => Run("BEGIN IMMEDIATE");

    /// <summary>A change begins.</summary>
    public void BeginChange() => limit.Begin();

    /// <summary>A circuit breaker: one change waits with full patience for a locked file; those after it wait a second until one succeeds.</summary>
    /// <param name="hasFailed">Whether the last change has failed.</param>
    public void SetPatience(bool hasFailed)
    {
        TimeSpan wait = hasFailed && patience > ShortPatience ? ShortPatience : patience;
        connection.DefaultTimeout = Math.Max(1, (int)wait.TotalSeconds);
        foreach (SqliteCommand command in _commands.Values)
            command.CommandTimeout = connection.DefaultTimeout;
        try
        {
            JournalDatabase.Execute(connection, FormattableString.Invariant($"PRAGMA busy_timeout = {wait.TotalMilliseconds:0}"));
        }
        catch (SqliteException)
        {
            // A file that is damaged or gone: the next change says so.
        }
    }

    /// <summary>Moves what is in the write-ahead log into the file, as far as no other process reads it.</summary>
    public void Checkpoint()
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

    /// <summary>Gives free pages at the end of the file back to the file system, as far as the file was begun so.</summary>
    /// <param name="pages">How many at most.</param>
    /// <returns>Whether there were any.</returns>
    public bool GiveBack(int pages)
    {
        using (DbDataReader free = Read("SELECT auto_vacuum * freelist_count FROM pragma_auto_vacuum, pragma_freelist_count"))
        {
            if (!free.Read() || free.GetInt64(0) == 0)
                return false;
        }
        using DbDataReader vacuum = Read(FormattableString.Invariant($"PRAGMA incremental_vacuum({pages})"));
        while (vacuum.Read())
        {
        }
        return true;
    }

    /// <summary>Takes back a transaction, unless SQLite has done so itself.</summary>
    public void RollBack()
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

    /// <summary>Whether an error is of the file or its disk, so that the next change would meet it too.</summary>
    public static bool IsOfTheFile(Exception e) => JournalDatabase.IsOfTheFile(e);

    /// <summary>What is wrong with the file is an error for the user; a defect stays what it is.</summary>
    public Exception ErrorOf(Exception e) =>
        IsOfTheFile(e) || JournalDatabase.IsOfTheData(e) ? JournalDatabase.Unusable(path, JournalDatabase.Explain(e), e) : e;

    /// <summary>The error of a change after the end.</summary>
    public NanoBananaException Closed() => JournalDatabase.Unusable(path, "it was closed.");

    public void Dispose()
    {
        foreach (SqliteCommand command in _commands.Values)
            command.Dispose();
        connection.Dispose();
    }

    private SqliteCommand Bind(string sql, (string Name, object? Value)[] values)
    {
        if (!_commands.TryGetValue(sql, out SqliteCommand? command))
        {
            command = connection.CreateCommand();
            command.CommandText = sql;
            _commands.Add(sql, command);
        }
        for (int i = 0; i < values.Length; i++)
        {
            // The same text has the same parameters in the same order.
            if (i == command.Parameters.Count)
                command.Parameters.Add(new SqliteParameter { ParameterName = values[i].Name });
            command.Parameters[i].Value = values[i].Value ?? DBNull.Value;
        }
        return command;
    }
}
