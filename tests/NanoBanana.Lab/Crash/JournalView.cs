using System.Globalization;
using Microsoft.Data.Sqlite;

namespace NanoBanana.Lab.Crash;

/// <summary>Reads the journal without the code of the module.</summary>
internal sealed class JournalView(string path)
{
    public string Path => path;

    /// <summary>Entries of a batch that hold their request, so that it is not bought again.</summary>
    public int Held(string batch) => Number("SELECT COUNT(*) FROM task WHERE batch = $value AND held_key IS NOT NULL", batch);

    /// <summary>Intents on disk.</summary>
    public int Intents() => Number("SELECT COUNT(*) FROM task WHERE status = 'Submitting' AND $value <> ''", "any");

    /// <summary>The prompts of a batch's unknown submissions that hold their request.</summary>
    public IReadOnlyList<string> Unknown(string batch) => Texts(
        "SELECT json_extract(snapshot, '$.Prompt') FROM task WHERE batch = $value AND id IS NULL AND held_key IS NOT NULL", batch);

    /// <summary>The prompts of all submissions of a batch without an id, including those that were submitted again.</summary>
    public IReadOnlyList<string> EverUnknown(string batch) => Texts(
        "SELECT json_extract(snapshot, '$.Prompt') FROM task WHERE batch = $value AND id IS NULL", batch);

    public IReadOnlyList<string> Ids(string batch) => Texts("SELECT id FROM task WHERE batch = $value AND id IS NOT NULL", batch);

    public string IntegrityCheck() => Texts("SELECT integrity_check FROM pragma_integrity_check WHERE $value <> ''", "any")[0];

    /// <summary>Prevents commits of other connections until the result is disposed.</summary>
    public IDisposable Lock()
    {
        SqliteConnection connection = Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "BEGIN IMMEDIATE";
        command.ExecuteNonQuery();
        return connection;
    }

    private int Number(string sql, string value) => Texts(sql, value) is [var number] ? int.Parse(number, CultureInfo.InvariantCulture) : 0;

    private List<string> Texts(string sql, string value)
    {
        var texts = new List<string>();
        // The file does not exist until the first process creates it.
        if (!File.Exists(path))
            return texts;
        using SqliteConnection connection = Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT COUNT(*) FROM sqlite_master WHERE name = 'task'";
        if (command.ExecuteScalar() is 0L)
            return texts;
        command.CommandText = sql;
        command.Parameters.AddWithValue("$value", value);
        using SqliteDataReader reader = command.ExecuteReader();
        while (reader.Read())
            texts.Add(reader.GetString(0));
        return texts;
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        return connection;
    }
}
