using Microsoft.Data.Sqlite;

namespace NanoBanana.Client.Journal.Storage;

/// <summary>
/// The connection that writes. Each of its commands is compiled once and reused: compiling one takes longer than running it.
/// For one thread at a time.
/// </summary>
internal sealed class JournalConnection(SqliteConnection connection) : IDisposable
{
    private readonly Dictionary<string, SqliteCommand> _commands = new(StringComparer.Ordinal);

    /// <summary>Runs a command.</summary>
    /// <param name="sql">One of a few texts: what differs from call to call is in the values.</param>
    /// <param name="values">A value for every parameter, always in the same order.</param>
    /// <returns>How many rows it changed.</returns>
    public int Run(string sql, params (string Name, object? Value)[] values) => Bind(sql, values).ExecuteNonQuery();

    /// <summary>Reads; the reader is to be disposed before anything else is done.</summary>
    /// <param name="sql">One of a few texts.</param>
    /// <param name="values">A value for every parameter.</param>
    public SqliteDataReader Read(string sql, params (string Name, object? Value)[] values) => Bind(sql, values).ExecuteReader();

    /// <summary>Sets how long every command waits for another process's commit, in whole seconds at the least.</summary>
    public void SetPatience(TimeSpan patience)
    {
        connection.DefaultTimeout = Math.Max(1, (int)patience.TotalSeconds);
        foreach (SqliteCommand command in _commands.Values)
            command.CommandTimeout = connection.DefaultTimeout;
        try
        {
            JournalDatabase.Execute(connection, FormattableString.Invariant($"PRAGMA busy_timeout = {patience.TotalMilliseconds:0}"));
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
        using (SqliteDataReader free = Read("SELECT auto_vacuum * freelist_count FROM pragma_auto_vacuum, pragma_freelist_count"))
        {
            if (!free.Read() || free.GetInt64(0) == 0)
                return false;
        }
        using SqliteDataReader vacuum = Read(FormattableString.Invariant($"PRAGMA incremental_vacuum({pages})"));
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
