using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace NanoBanana.Client.Journal.Storage;

/// <summary>Queries over one connection, which is made when it is first needed; one at a time.</summary>
/// <param name="connect">Makes the connection.</param>
/// <param name="path">The file, for messages.</param>
/// <param name="limit">Watches the connection, and ends what has no end.</param>
internal sealed class JournalQueries(Func<SqliteConnection> connect, string path, QueryLimit limit) : IDisposable
{
    private readonly object _lock = new();
    private SqliteConnection? _connection;
    private bool _disposed;

    /// <summary>Over a connection that is there already.</summary>
    public JournalQueries(SqliteConnection connection, string path, QueryLimit limit)
        : this(() => connection, path, limit) => _connection = connection;

    /// <param name="sql">The query.</param>
    /// <param name="values">Its parameters.</param>
    /// <param name="take">Takes a row and returns whether more are wanted.</param>
    /// <param name="isWanted">What <see cref="JournalSql.IsWanted"/> calls; null where the query does not use it.</param>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.JournalRequired"/>: it can't be read.</exception>
    /// <exception cref="OperationCanceledException">The pipeline has stopped.</exception>
    public void Read(string sql, IEnumerable<(string, object?)> values, Func<DbDataReader, bool> take, Func<string, bool>? isWanted = null)
    {
        lock (_lock)
        {
            // Else it would be connected again, for nobody to close, and SQLite would make a file that is gone anew.
            if (_disposed)
                throw JournalDatabase.Unusable(path, "it was closed.");
            limit.Begin();
            try
            {
                _connection ??= connect();
                if (isWanted is not null)
                    _connection.CreateFunction(JournalSql.IsWanted, isWanted);
                using SqliteCommand command = Command(_connection, sql, values);
                using SqliteDataReader reader = command.ExecuteReader();
                while (reader.Read() && take(reader))
                {
                }
            }
            catch (Exception e) when (JournalDatabase.IsOfTheData(e))
            {
                if (limit.IsStop(e))
                    limit.Begin();
                throw JournalDatabase.Unusable(path, JournalDatabase.Explain(e), e);
            }
        }
    }

    /// <summary>Writes a consistent copy to an empty file. See https://sqlite.org/lang_vacuum.html#vacuuminto.</summary>
    public void CopyTo(string file) => Read("VACUUM INTO @path", [("@path", file)], _ => false);

    private static SqliteCommand Command(SqliteConnection connection, string sql, IEnumerable<(string Name, object? Value)> values)
    {
        SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        foreach ((string name, object? value) in values)
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        return command;
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _connection?.Dispose();
        }
    }
}
