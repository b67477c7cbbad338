using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;
using Npgsql;
using NpgsqlTypes;

namespace NanoBanana.Client.Journal.Storage.Postgres;

/// <summary>Translates the SQL of the journal for PostgreSQL.</summary>
internal static partial class PostgresSql
{
    /// <summary>The time in Unix milliseconds.</summary>
    public const string Clock = "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)";

    /// <summary>
    /// The texts of <see cref="JournalSql"/> and their translations. Columns compare by bytes, so lower() changes ASCII only.
    /// </summary>
    private static readonly (string Sqlite, string Postgres)[] Translations =
    [
        (JournalSql.HasOneOfNames, "lower(name) = ANY (ARRAY(SELECT lower(value COLLATE \"C\") FROM json_array_elements_text(@items)))"),
        (JournalSql.IsItem, "= ANY (ARRAY(SELECT value FROM json_array_elements_text(@items)))"),
        ("SELECT value FROM json_each", "SELECT value FROM json_array_elements_text"),
        (JournalSql.JsonArray, "json_agg"),
        (JournalSql.Position + "(", "strpos("),
        (JournalSql.HasName, "lower(name) = lower(@name COLLATE \"C\")"),
        (JournalSql.IsBetween, "lower(name) >= lower(@prefix COLLATE \"C\") AND lower(name) < lower(@end COLLATE \"C\")"),
    ];

    private static readonly ConcurrentDictionary<string, string> Cache = new(StringComparer.Ordinal);

    /// <summary>Translates a constant text, and caches the result.</summary>
    public static string TranslateConstant(string sql) => Cache.GetOrAdd(sql, Translate);

    /// <summary>Translates a text that is not constant.</summary>
    public static string Translate(string sql)
    {
        foreach ((string sqlite, string postgres) in Translations)
            sql = sql.Replace(sqlite, postgres, StringComparison.Ordinal);
        return sql;
    }

    /// <summary>
    /// A command with its parameters. They are sent as texts without a type, so that PostgreSQL uses the type of the column, as SQLite
    /// does.
    /// </summary>
    /// <param name="sql">The translated text.</param>
    /// <param name="values">The parameters.</param>
    /// <param name="now">The time for <c>@now</c>; null for the database's clock.</param>
    public static NpgsqlBatchCommand Command(string sql, IEnumerable<(string Name, object? Value)> values, long? now)
    {
        bool hasNow = sql.Contains(JournalConnection.NowParameter, StringComparison.Ordinal);
        string clock = now is null ? Clock : $"CAST({JournalConnection.NowParameter} AS BIGINT)";
        var command = new NpgsqlBatchCommand(hasNow ? sql.Replace(JournalConnection.NowParameter, clock, StringComparison.Ordinal) : sql);
        foreach ((string name, object? value) in values)
            Add(name, value);
        if (hasNow && now is not null)
            Add(JournalConnection.NowParameter, now);
        if (sql.Contains(JournalConnection.MachineParameter, StringComparison.Ordinal))
            Add(JournalConnection.MachineParameter, Environment.MachineName);
        return command;

        void Add(string name, object? value) =>
            command.Parameters.Add(new NpgsqlParameter(name.Substring(1), NpgsqlDbType.Unknown) { Value = Text(value) });
    }

    private static object Text(object? value) => value switch
    {
        null => DBNull.Value,
        string text => Storable(text),
        IFormattable number => number.ToString(value is double ? "R" : null, System.Globalization.CultureInfo.InvariantCulture),
        _ => throw new InvalidOperationException($"A parameter can't be a {value.GetType()}."),
    };

    /// <summary>
    /// Replaces text that PostgreSQL can't store: zero characters, their escapes in JSON, and incomplete UTF-16 characters.
    /// </summary>
    private static string Storable(string text)
    {
        if (text.Contains('\0', StringComparison.Ordinal))
            text = text.Replace('\0', '\uFFFD');
        if (text.StartsWith('{') && text.Contains("\\u0000", StringComparison.Ordinal))
            text = EscapedZero().Replace(text, "$1\uFFFD");
        return text.Any(char.IsSurrogate) ? Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) : text;
    }

    [GeneratedRegex(@"(?<!\\)((?:\\\\)*)\\u0000")]
    private static partial Regex EscapedZero();
}
