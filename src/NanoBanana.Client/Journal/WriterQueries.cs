using Microsoft.Data.Sqlite;
using NanoBanana.Client.Files;
using NanoBanana.Client.Journal.Storage;

namespace NanoBanana.Client.Journal;

/// <summary>What the writer must know before it writes, asked inside its own transaction.</summary>
internal static class WriterQueries
{
    /// <summary>The task that holds one of the keys of a request.</summary>
    /// <returns>The task and the key that it holds; null when none does.</returns>
    public static (ImageTask Task, string Key)? FindHolder(JournalConnection connection, IReadOnlyList<string> keys, long now, TasksInHand inHand)
    {
        foreach (string key in keys)
        {
            using SqliteDataReader reader = connection.Read($"SELECT {JournalReader.Columns} FROM task WHERE held_key = $key", ("$key", key));
            if (reader.Read())
                return (JournalRow.Read(reader, now, inHand).Task, key);
        }
        return null;
    }

    /// <summary>Whether another living process works on a task.</summary>
    public static bool IsOwnedByAnother(JournalConnection connection, ImageTask task, long now)
    {
        using SqliteDataReader reader = connection.Read(
            $"SELECT owner, updated_at FROM task WHERE {EndpointNames.AtService} AND id = $id AND owner IS NOT NULL",
            EndpointNames.Of(task.Endpoint), ("$id", task.Id));
        return reader.Read() && reader.GetString(0) != ProcessIdentity.Mine
            && ProcessIdentity.Lives(reader.GetString(0), TimeSpan.FromMilliseconds(Math.Max(0, now - reader.GetInt64(1))));
    }

    /// <summary>Removes what is over and done with of a portion of the rows.</summary>
    /// <param name="connection">The writer's.</param>
    /// <param name="before">Rows that were begun later stay.</param>
    /// <param name="after">The last row of the portion before.</param>
    /// <returns>How many were removed, and the last row of the portion; null when there is no more.</returns>
    public static (int Removed, long? Last) Trim(JournalConnection connection, DateTimeOffset before, long after)
    {
        long last;
        using (SqliteDataReader reader = connection.Read("SELECT MAX(row) FROM (SELECT row FROM task WHERE row > $after ORDER BY row LIMIT 10000)", ("$after", after)))
        {
            if (!reader.Read() || reader.IsDBNull(0) || (last = reader.GetInt64(0)) <= after)
                return (0, null);
        }
        int removed = connection.Run(
            $"""
            DELETE FROM task WHERE row > $after AND row <= $last AND created_at < $before AND batch IS NULL
                AND (status IN ('Failed', 'Canceled') OR (status = 'Completed' AND NOT {JournalReader.HasUnsavedImage}))
            """, ("$after", after), ("$last", last), ("$before", before.ToUnixTimeMilliseconds()));
        return (removed, last);
    }
}
