using System.Globalization;
using Microsoft.Data.Sqlite;

namespace NanoBanana.Lab.Crash;

/// <summary>Looks at the journal from outside, with nothing of the module's own code.</summary>
internal sealed class JournalView(string path)
{
    public string Path => path;

    /// <summary>Rows that keep their request of a batch from being bought.</summary>
    public int Held(string batch) => Number("SELECT COUNT(*) FROM task WHERE batch = $value AND held_key IS NOT NULL", batch);

    /// <summary>Intents that are on disk.</summary>
    public int Intents() => Number("SELECT COUNT(*) FROM task WHERE status = 'Submitting' AND $value <> ''", "any");

    /// <summary>The prompts of a batch's unknown submissions that hold their request.</summary>
    public IReadOnlyList<string> Unknown(string batch) => Texts(
        "SELECT json_extract(snapshot, '$.Prompt') FROM task WHERE batch = $value AND id IS NULL AND held_key IS NOT NULL", batch);

    /// <summary>The prompts of all unknown submissions that a batch ever had.</summary>
    public IReadOnlyList<string> EverUnknown(string batch) => Texts(
        "SELECT json_extract(snapshot, '$.Prompt') FROM task WHERE batch = $value AND id IS NULL", batch);

    public IReadOnlyList<string> Ids(string batch) => Texts("SELECT id FROM task WHERE batch = $value AND id IS NOT NULL", batch);

    public string IntegrityCheck() => Texts("SELECT integrity_check FROM pragma_integrity_check WHERE $value <> ''", "any")[0];

    /// <summary>Lets no other connection commit until it is disposed.</summary>
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
        // The first process may not have made it yet.
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
