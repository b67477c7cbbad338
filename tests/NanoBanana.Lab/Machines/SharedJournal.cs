using Microsoft.Data.Sqlite;

namespace NanoBanana.Lab.Machines;

/// <summary>Reads the journals without the code of the module.</summary>
internal static class SharedJournal
{
    /// <summary>The entries of a batch in a schema of a database.</summary>
    public static List<Entry> Entries(Database database, string schema, string batch) =>
        [.. database.Execute(Query("snapshot::jsonb ->> 'Prompt'", $"\"{schema}\".task", batch)).Select(line => EntryOf(line.Split('\t')))];

    /// <summary>The entries of a batch in a file.</summary>
    public static List<Entry> Entries(string file, string batch) =>
        [.. Rows(file, Query("json_extract(snapshot, '$.Prompt')", "task", batch)).Select(EntryOf)];

    /// <summary>All texts in a file of SQLite.</summary>
    public static IEnumerable<string> Texts(string file) => Rows(file, "SELECT name FROM sqlite_master WHERE type = 'table'")
        .SelectMany(table => Rows(file, $"SELECT * FROM \"{table[0]}\"")).SelectMany(row => row);

    private static string Query(string prompt, string table, string batch) =>
        $"""
        SELECT COALESCE(id, ''), status, {prompt}, CASE WHEN held_key IS NULL THEN '' ELSE 'held' END
        FROM {table} WHERE batch = '{batch}'
        """;

    private static Entry EntryOf(string[] row) => new(row[0].Length == 0 ? null : row[0], row[1], row[2], row[3].Length > 0);

    private static List<string[]> Rows(string file, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False;Mode=ReadOnly");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        using SqliteDataReader reader = command.ExecuteReader();
        var rows = new List<string[]>();
        while (reader.Read())
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => $"{reader.GetValue(i)}")]);
        return rows;
    }
}
