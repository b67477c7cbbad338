using Microsoft.Data.Sqlite;

namespace NanoBanana.Client.Journal;

/// <summary>One row as it was read.</summary>
/// <param name="Task">The task, in the state that holds now.</param>
/// <param name="OwnerLives">Whether a living process works on it.</param>
/// <param name="RequestKey">The key of its request in a batch.</param>
internal sealed record JournalRow(ImageTask Task, bool OwnerLives, string? RequestKey)
{
    /// <summary>Reads row, status, owner, updated_at, created_at, snapshot and request_key, in that order.</summary>
    public static JournalRow Read(SqliteDataReader reader, long now)
    {
        var status = StatusNames.Read(reader.GetString(1));
        TimeSpan sinceLastWord = TimeSpan.FromMilliseconds(Math.Max(0, now - reader.GetInt64(3)));
        bool lives = !reader.IsDBNull(2) && ProcessIdentity.Lives(reader.GetString(2), sinceLastWord);
        // An intent whose process died: whether the submit left, nobody knows.
        if (status == ImageTaskStatus.Submitting && !lives)
            status = ImageTaskStatus.Unknown;
        ImageTask task = TaskSnapshot.Read(reader.GetString(5)) with { Status = status, JournalRow = reader.GetInt64(0) };
        if (!task.HasEnded)
            task = task with { Elapsed = TimeSpan.FromMilliseconds(Math.Max(0, now - reader.GetInt64(4))) };
        return new JournalRow(task, lives, reader.IsDBNull(6) ? null : reader.GetString(6));
    }
}
