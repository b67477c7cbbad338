using Microsoft.Data.Sqlite;
using NanoBanana.Client.Files;

namespace NanoBanana.Client.Journal;

/// <summary>One row as it was read.</summary>
/// <param name="Task">The task, in the state that holds now.</param>
/// <param name="OwnerLives">Whether a living process works on it.</param>
/// <param name="RequestKey">The key of its request in a batch.</param>
internal sealed record JournalRow(ImageTask Task, bool OwnerLives, string? RequestKey)
{
    /// <summary>Reads row, status, owner, updated_at, created_at, snapshot, request_key and protocol, in that order.</summary>
    public static JournalRow Read(SqliteDataReader reader, long now, TasksInHand inHand)
    {
        ImageTask task = TaskSnapshot.Read(reader.GetString(5)) with
        {
            Status = StatusNames.Read(reader.GetString(1)),
            Protocol = Enum.TryParse(reader.GetString(7), out ApiProtocol protocol) ? protocol : null,
            JournalRow = reader.GetInt64(0),
        };
        string? owner = reader.IsDBNull(2) ? null : reader.GetString(2);
        TimeSpan sinceLastWord = TimeSpan.FromMilliseconds(Math.Max(0, now - reader.GetInt64(3)));
        // What this process has in hand it knows better than the file, which hears of it a moment later.
        bool lives = owner == ProcessIdentity.Mine && task.Id.Length > 0 ? inHand.Has(task) : ProcessIdentity.Lives(owner, sinceLastWord);
        // An intent whose process died: whether the submit left, nobody knows.
        if (task.Status == ImageTaskStatus.Submitting && !lives)
            task = task with { Status = ImageTaskStatus.Unknown };
        if (!task.HasEnded)
            task = task with { Elapsed = TimeSpan.FromMilliseconds(Math.Max(0, now - reader.GetInt64(4))) };
        return new JournalRow(task, lives, reader.IsDBNull(6) ? null : reader.GetString(6));
    }
}
