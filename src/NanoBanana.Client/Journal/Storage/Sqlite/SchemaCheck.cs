using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace NanoBanana.Client.Journal.Storage.Sqlite;

/// <summary>
/// Compares the schema of a file with the one that this code makes. What else a schema holds (views, triggers, expressions
/// in indexes and columns) would run inside our own queries. See https://sqlite.org/security.html.
/// </summary>
internal static class SchemaCheck
{
    private static readonly ConcurrentDictionary<int, IReadOnlyCollection<Item>> Made = new();

    /// <param name="connection">The file.</param>
    /// <param name="version">The version that the file says it has.</param>
    /// <returns>What differs, as a sentence; null when nothing does.</returns>
    public static string? Difference(SqliteConnection connection, int version)
    {
        var missing = new HashSet<Item>(Made.GetOrAdd(version, Make));
        foreach (Item item in Read(connection))
        {
            if (!missing.Remove(item))
                return string.Format(CultureInfo.InvariantCulture, "its {0} '{1}' is not one that a journal of version {2} has.", TextSafety.Excerpt(item.Type, 20), TextSafety.Excerpt(item.Name, 60), version);
        }
        return missing.Count == 0 ? null : $"it has no '{missing.First().Name}'.";
    }

    private static IReadOnlyCollection<Item> Make(int version)
    {
        using var memory = new SqliteConnection("Data Source=:memory:");
        memory.Open();
        foreach (string step in SqliteSchema.Steps.Take(version))
            SqliteStore.Execute(memory, step);
        return [.. Read(memory)];
    }

    private static IEnumerable<Item> Read(SqliteConnection connection)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT type, name, tbl_name, COALESCE(sql, '') FROM sqlite_master";
        using SqliteDataReader reader = command.ExecuteReader();
        while (reader.Read())
        {
            // SQLite keeps the text of a table as it was written, and sources have the line ends of their checkout.
            yield return new Item(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetString(3).Replace("\r\n", "\n"));
        }
    }

    private readonly record struct Item(string Type, string Name, string Table, string Sql);
}
