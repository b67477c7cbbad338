using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Journal.Storage.Sqlite;

/// <summary>
/// Compares the schema of a file with the schema that this code creates. Other items in a schema, such as views, triggers, and expressions
/// in indexes and columns, would run inside the queries of the journal. See https://sqlite.org/security.html.
/// </summary>
internal static class SchemaCheck
{
    private static readonly ConcurrentDictionary<int, IReadOnlyCollection<Item>> Made = new();

    /// <param name="connection">The file.</param>
    /// <param name="version">The version in the header of the file.</param>
    /// <returns>The first difference, as a sentence; null if the schemas are equal.</returns>
    public static string? Difference(SqliteConnection connection, int version)
    {
        var missing = new HashSet<Item>(Made.GetOrAdd(version, Make));
        foreach (Item item in Read(connection))
        {
            if (!missing.Remove(item))
                return Messages.UnknownSchemaItem(item.Type, item.Name, version);
        }
        return missing.Count == 0 ? null : Messages.MissingSchemaItem(missing.First().Name);
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
            // SQLite stores the text of a table unchanged, and the line ends of source files depend on the checkout.
            yield return new Item(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetString(3).Replace("\r\n", "\n"));
        }
    }

    private readonly record struct Item(string Type, string Name, string Table, string Sql);
}
