using System.Buffers;
using System.Text;
using Microsoft.Data.Sqlite;
using NanoBanana.Client.Text;
using SQLitePCL;

namespace NanoBanana.Client.Journal.Storage.Sqlite;

/// <summary>One compiled statement and its rows. See https://sqlite.org/c3ref/stmt.html.</summary>
internal sealed class SqliteStatement : IJournalRows
{
    private const int Row = 100, Done = 101, NullType = 5, FloatType = 2, IntegerType = 1;

    /// <summary>The statement is used many times. See https://sqlite.org/c3ref/c_prepare_persistent.html.</summary>
    private const uint Persistent = 1;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;
    private readonly Action<SqliteStatement> _return;
    private readonly int _now;
    private readonly int _machine;
    private int[]? _indexes;

    /// <param name="database">The connection.</param>
    /// <param name="sql">The text.</param>
    /// <param name="whenDisposed">Called when the statement can be used again.</param>
    /// <exception cref="SqliteException">It can't be compiled.</exception>
    public SqliteStatement(sqlite3 database, string sql, Action<SqliteStatement> whenDisposed)
    {
        (_database, Sql, _return) = (database, sql, whenDisposed);
        Check(raw.sqlite3_prepare_v3(database, sql, Persistent, out _statement));
        (_now, _machine) = (IndexOf(JournalConnection.NowParameter), IndexOf(JournalConnection.MachineParameter));
        if (_machine != 0)
            Check(raw.sqlite3_bind_text(_statement, _machine, ""));
    }

    /// <summary>The text.</summary>
    public string Sql { get; }

    public int FieldCount => raw.sqlite3_column_count(_statement);

    /// <summary>Binds the parameters: texts, numbers and null.</summary>
    public void Bind(IEnumerable<(string Name, object? Value)> values, long now)
    {
        _indexes ??= [.. values.Select(value => IndexOf(value.Name))];
        if (_now != 0)
            Check(raw.sqlite3_bind_int64(_statement, _now, now));
        int i = 0;
        foreach ((_, object? value) in values)
            Check(Bind(_indexes[i++], value));
    }

    /// <summary>Runs the statement to its end.</summary>
    /// <returns>The number of changed rows, for a statement that changes rows.</returns>
    /// <exception cref="SqliteException">It failed.</exception>
    public int Run()
    {
        while (Read())
        {
        }
        return raw.sqlite3_changes(_database);
    }

    /// <exception cref="SqliteException">It failed.</exception>
    public bool Read()
    {
        int code = raw.sqlite3_step(_statement);
        if (code is Row or Done)
            return code == Row;
        // The message of the connection is the message of this step.
        throw Error(code);
    }

    public bool IsDBNull(int column) => raw.sqlite3_column_type(_statement, column) == NullType;

    public bool GetBoolean(int column) => GetInt64(column) != 0;

    public int GetInt32(int column) => checked((int)GetInt64(column));

    public long GetInt64(int column) => raw.sqlite3_column_int64(_statement, NotNull(column));

    public double GetDouble(int column) => raw.sqlite3_column_double(_statement, NotNull(column));

    public string GetString(int column) => raw.sqlite3_column_text(_statement, NotNull(column)).utf8_to_string();

    public object GetValue(int column) => raw.sqlite3_column_type(_statement, NotNull(column)) switch
    {
        IntegerType => GetInt64(column),
        FloatType => GetDouble(column),
        _ => GetString(column),
    };

    /// <summary>Ends the rows, so that the transaction can end.</summary>
    public void Dispose()
    {
        raw.sqlite3_reset(_statement);
        _return(this);
    }

    /// <summary>Frees the compiled statement.</summary>
    public void Free() => _statement.Dispose();

    private int IndexOf(string name) => raw.sqlite3_bind_parameter_index(_statement, name);

    private int Bind(int index, object? value) => value switch
    {
        null => raw.sqlite3_bind_null(_statement, index),
        string text => BindText(index, text),
        long number => raw.sqlite3_bind_int64(_statement, index, number),
        int number => raw.sqlite3_bind_int64(_statement, index, number),
        double number => raw.sqlite3_bind_double(_statement, index, number),
        _ => throw new InvalidOperationException($"A parameter can't be a {value.GetType()}."),
    };

    private int BindText(int index, string text)
    {
        byte[] bytes = ArrayPool<byte>.Shared.Rent(Utf8.GetMaxByteCount(text.Length));
        try
        {
            // SQLite copies the bytes.
            return raw.sqlite3_bind_text(_statement, index, bytes.AsSpan(0, Utf8.GetBytes(text, 0, text.Length, bytes, 0)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private int NotNull(int column) => IsDBNull(column) ? throw new InvalidDataException(Messages.ColumnIsEmpty(column)) : column;

    private void Check(int code)
    {
        if (code != 0)
            throw Error(code);
    }

    private SqliteException Error(int code) =>
        new(Messages.ErrorOfSqlite(code, raw.sqlite3_errmsg(_database).utf8_to_string()), code & 0xFF,
            raw.sqlite3_extended_errcode(_database));
}
