using Microsoft.Data.Sqlite;

namespace NanoBanana.Client.Journal.Storage.Sqlite;

/// <summary>
/// The compiled statements of a connection. Compiling a statement takes longer than running it, so each is compiled once. They run through
/// the functions of SQLite, because binding and reading an ADO.NET command takes longer than most statements take to run.
/// </summary>
/// <param name="connection">An open connection.</param>
internal sealed class SqliteStatements(SqliteConnection connection) : IDisposable
{
    /// <summary>The maximum number of statements that are kept, because the texts of some queries differ each time.</summary>
    private const int MaximumIdle = 64;

    private readonly Dictionary<string, SqliteStatement> _idle = new(StringComparer.Ordinal);
    private bool _disposed;

    /// <summary>A statement with its parameters. Dispose it to use it again.</summary>
    /// <param name="sql">One statement. The same text always has the same parameters in the same order.</param>
    /// <param name="values">The parameters, except those that are bound automatically.</param>
    /// <param name="now">The value of <see cref="JournalConnection.NowParameter"/>.</param>
    /// <exception cref="SqliteException">It can't be compiled.</exception>
    public SqliteStatement Bind(string sql, IEnumerable<(string Name, object? Value)> values, long now)
    {
        if (_idle.TryGetValue(sql, out SqliteStatement? statement))
            _idle.Remove(sql);
        else
            statement = new SqliteStatement(connection.Handle ?? throw new ObjectDisposedException(nameof(SqliteConnection)), sql, Return);
        statement.Bind(values, now);
        return statement;
    }

    public void Dispose()
    {
        _disposed = true;
        FreeIdle();
    }

    private void Return(SqliteStatement statement)
    {
        if (_idle.Count == MaximumIdle)
            FreeIdle();
        if (_disposed || _idle.ContainsKey(statement.Sql))
            statement.Free();
        else
            _idle.Add(statement.Sql, statement);
    }

    private void FreeIdle()
    {
        foreach (SqliteStatement statement in _idle.Values)
            statement.Free();
        _idle.Clear();
    }
}
