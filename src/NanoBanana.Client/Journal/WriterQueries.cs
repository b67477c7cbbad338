using Microsoft.Data.Sqlite;

namespace NanoBanana.Client.Journal;

/// <summary>What the writer must know before it writes, asked inside its own transaction.</summary>
internal static class WriterQueries
{
    /// <summary>The task that holds a key.</summary>
    public static ImageTask? FindHolder(JournalConnection connection, string key, long now, TasksInHand inHand)
    {
        using SqliteDataReader reader = connection.Read($"SELECT {JournalReader.Columns} FROM task WHERE held_key = $key", ("$key", key));
        return reader.Read() ? JournalRow.Read(reader, now, inHand).Task : null;
    }

    /// <summary>Whether another living process works on a task.</summary>
    public static bool IsOwnedByAnother(JournalConnection connection, ImageTask task, long now)
    {
        using SqliteDataReader reader = connection.Read(
            "SELECT owner, updated_at FROM task WHERE endpoint = $endpoint AND id = $id AND owner IS NOT NULL",
            ("$endpoint", task.Endpoint?.AbsoluteUri), ("$id", task.Id));
        return reader.Read() && reader.GetString(0) != ProcessIdentity.Mine
            && ProcessIdentity.Lives(reader.GetString(0), TimeSpan.FromMilliseconds(Math.Max(0, now - reader.GetInt64(1))));
    }
}
