using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace NanoBanana.Client.Journal.Storage.Sqlite;

/// <summary>The connection that writes a file of SQLite. Compiling a command takes longer than running it, so each is compiled once.</summary>
/// <param name="store">The file.</param>
/// <param name="connection">A connection that <see cref="SqliteStore"/> has opened.</param>
/// <param name="limit">Watches the connection: a change that does not end is one that failed.</param>
/// <param name="patience">How long to wait for another process's commit.</param>
/// <param name="time">The clock: all processes that write the file have the same one.</param>
internal sealed class SqliteJournal(SqliteStore store, SqliteConnection connection, QueryLimit limit, TimeSpan patience, TimeProvider time) : JournalConnection(store)
{
    private readonly Dictionary<string, SqliteCommand> _commands = new(StringComparer.Ordinal);

    public override long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    public override int Run(string sql, params (string Name, object? Value)[] values) => Bind(sql, values).ExecuteNonQuery();

    public override DbDataReader Read(string sql, params (string Name, object? Value)[] values) => Bind(sql, values).ExecuteReader();

    public override IReadOnlyList<long> ReserveRows(int count)
    {
        using DbDataReader last = Read("SELECT COALESCE(MAX(row), 0) FROM task");
        last.Read();
        long row = last.GetInt64(0);
        return [.. Enumerable.Range(1, count).Select(number => row + number)];
    }

    public override void Begin() => Run("BEGIN IMMEDIATE");

    public override void BeginChange() => limit.Begin();

    public override void SetPatience(bool hasFailed)
    {
        TimeSpan wait = hasFailed && patience > ShortPatience ? ShortPatience : patience;
        connection.DefaultTimeout = Math.Max(1, (int)wait.TotalSeconds);
        foreach (SqliteCommand command in _commands.Values)
            command.CommandTimeout = connection.DefaultTimeout;
        try
        {
            SqliteStore.Execute(connection, FormattableString.Invariant($"PRAGMA busy_timeout = {wait.TotalMilliseconds:0}"));
        }
        catch (SqliteException)
        {
            // A file that is damaged or gone: the next change says so.
        }
    }

    /// <summary>Moves what is in the write-ahead log into the file, as far as no other process reads it.</summary>
    public override void Checkpoint()
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

    /// <summary>Gives back free pages at the end of the file, as far as the file was begun so.</summary>
    public override bool GiveBack(int pages)
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

    public override void RollBack()
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

    public override void Dispose()
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
            // The same text has the same parameters in the same order.
            foreach ((string name, _) in values)
                command.Parameters.Add(new SqliteParameter { ParameterName = name });
            SqliteQueries.AddKnown(command, Now);
            _commands.Add(sql, command);
        }
        for (int i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i].Value ?? DBNull.Value;
        if (command.Parameters.Contains(NowParameter))
            command.Parameters[NowParameter].Value = Now;
        return command;
    }
}
