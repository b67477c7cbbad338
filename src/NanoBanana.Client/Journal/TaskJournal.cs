using System.Globalization;
using Microsoft.Data.Sqlite;

namespace NanoBanana.Client.Journal;

/// <summary>
/// What was bought, on disk: an intent before a submit leaves, the id before the task is shown, what became of it, and
/// which files its pictures went to. Several processes and runspaces share one file. It never holds a key.
/// </summary>
public sealed class TaskJournal : IDisposable
{
    private readonly JournalWriter _writer;
    private readonly TimeProvider _time;

    private TaskJournal(SqliteConnection connection, string path, TimeProvider time)
    {
        Path = path;
        _time = time;
        _writer = new JournalWriter(connection, path);
        Reader = new JournalReader(path, time);
    }

    /// <summary>The full path of the file.</summary>
    public string Path { get; }

    /// <summary>Reads it.</summary>
    public JournalReader Reader { get; }

    /// <summary>Opens or makes the file.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.JournalRequired"/>: it can't be used, and is left as it is.</exception>
    public static TaskJournal Open(string path, TimeProvider time) => new(JournalDatabase.Open(path), path, time);

    /// <summary>Makes the intent to buy durable, unless the request is held by a task already.</summary>
    internal Task<ClaimResult> ClaimAsync(ImageRequest request, Uri endpoint, ApiProtocol protocol, bool resubmitUnknown)
    {
        string? key = RequestKey.Of(request, endpoint);
        ImageTask intent = request.ToTask("", ImageTaskStatus.Submitting, endpoint) with { CreatedAt = _time.GetUtcNow() };
        return _writer.WriteAsync(connection =>
        {
            if (key is not null && JournalReader.FindHolder(connection, key, Now()) is { } holder)
            {
                if (holder.Status != ImageTaskStatus.Unknown || !resubmitUnknown)
                    return new ClaimResult { Known = holder };
                Run(connection, "UPDATE task SET held_key = NULL, status = 'Unknown', owner = NULL, updated_at = $now WHERE held_key = $key", ("$key", key), ("$now", Now()));
            }
            Run(connection,
                """
                INSERT INTO task (endpoint, protocol, status, batch, name, request_key, held_key, created_at, updated_at, owner, snapshot)
                VALUES ($endpoint, $protocol, 'Submitting', $batch, $name, $key, $key, $now, $now, $owner, $snapshot)
                """,
                ("$endpoint", endpoint.AbsoluteUri), ("$protocol", protocol.ToString()), ("$batch", request.Batch), ("$name", request.Name),
                ("$key", key), ("$now", Now()), ("$owner", ProcessIdentity.Mine), ("$snapshot", TaskSnapshot.Write(intent)));
            return new ClaimResult { Row = LastRow(connection) };
        });
    }

    /// <summary>The submit was answered: the id becomes durable.</summary>
    internal Task AcceptAsync(long row, ImageTask task) => WriteAsync(
        "UPDATE task SET id = $id, status = $status, snapshot = $snapshot, updated_at = $now, owner = NULL WHERE row = $row",
        ("$id", task.Id), ("$status", task.Status.ToString()), ("$snapshot", TaskSnapshot.Write(task)), ("$row", row), ("$now", Now()));

    /// <summary>Nothing was bought: the intent goes.</summary>
    internal Task AbandonAsync(long row) => WriteAsync("DELETE FROM task WHERE row = $row", ("$row", row));

    /// <summary>What became of the submit is not known.</summary>
    internal Task LoseAsync(long row) => WriteAsync(
        "UPDATE task SET status = 'Unknown', owner = NULL, updated_at = $now WHERE row = $row", ("$row", row), ("$now", Now()));

    /// <summary>Keeps a newer snapshot; one that failed or was canceled holds its request no longer.</summary>
    internal Task UpdateAsync(ImageTask task, ApiProtocol protocol) => WriteAsync(
        """
        INSERT INTO task (endpoint, protocol, id, status, batch, name, created_at, updated_at, images, snapshot)
        VALUES ($endpoint, $protocol, $id, $status, $batch, $name, $now, $now, $images, $snapshot)
        ON CONFLICT (endpoint, id) WHERE id IS NOT NULL DO UPDATE SET
            status = excluded.status, snapshot = excluded.snapshot, images = excluded.images, updated_at = excluded.updated_at,
            owner = NULL, held_key = CASE WHEN excluded.status IN ('Failed', 'Canceled') THEN NULL ELSE held_key END
        """,
        ("$endpoint", task.Endpoint!.AbsoluteUri), ("$protocol", protocol.ToString()), ("$id", task.Id), ("$status", task.Status.ToString()),
        ("$batch", task.Batch), ("$name", task.Name), ("$now", Now()), ("$images", task.Image.Count), ("$snapshot", TaskSnapshot.Write(task)));

    /// <summary>This process works on the task, or no longer does.</summary>
    internal Task LeaseAsync(ImageTask task, bool take) => WriteAsync(
        "UPDATE task SET owner = $owner, updated_at = $now WHERE endpoint = $endpoint AND id = $id AND ($owner IS NOT NULL OR owner = $mine)",
        ("$owner", take ? ProcessIdentity.Mine : null), ("$mine", ProcessIdentity.Mine), ("$now", Now()),
        ("$endpoint", task.Endpoint!.AbsoluteUri), ("$id", task.Id));

    /// <summary>A picture is about to get its name, or has it.</summary>
    internal Task FileAsync(ImageTask task, int image, SavedFile file, bool saved) => _writer.WriteAsync(connection =>
    {
        Run(connection,
            """
            INSERT INTO file (row, image, path, sha256, length, saved)
            SELECT row, $image, $path, $sha256, $length, $saved FROM task WHERE endpoint = $endpoint AND id = $id
            ON CONFLICT (row, image, path) DO UPDATE SET sha256 = excluded.sha256, length = excluded.length, saved = excluded.saved
            """,
            ("$image", image), ("$path", file.Path), ("$sha256", file.Sha256), ("$length", file.Length), ("$saved", saved ? 1 : 0),
            ("$endpoint", task.Endpoint!.AbsoluteUri), ("$id", task.Id));
        return true;
    });

    /// <summary>Forgets a task.</summary>
    /// <returns>False when the journal does not have it.</returns>
    public Task<bool> RemoveAsync(ImageTask task) => _writer.WriteAsync(connection => task.JournalRow is { } row
        ? Run(connection, "DELETE FROM task WHERE row = $row", ("$row", row)) > 0
        : Run(connection, "DELETE FROM task WHERE endpoint = $endpoint AND id = $id", ("$endpoint", task.Endpoint?.AbsoluteUri), ("$id", task.Id)) > 0);

    /// <summary>Forgets what is over and done with and was begun before a time: failed, canceled, or saved, and in no batch.</summary>
    /// <returns>How many were forgotten.</returns>
    public Task<int> TrimAsync(DateTimeOffset before) => _writer.WriteAsync(connection => Run(connection,
        $"""
        DELETE FROM task WHERE created_at < $before AND batch IS NULL AND owner IS NULL
            AND (status IN ('Failed', 'Canceled') OR (status = 'Completed' AND NOT {JournalReader.HasUnsavedImage}))
        """, ("$before", before.ToUnixTimeMilliseconds())));

    /// <summary>Ends when all that was asked for so far is durable.</summary>
    public Task FlushAsync() => _writer.FlushAsync();

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        _writer.Dispose();
        Reader.Dispose();
    }

    private long Now() => _time.GetUtcNow().ToUnixTimeMilliseconds();

    private Task WriteAsync(string sql, params (string Name, object? Value)[] values) => _writer.WriteAsync(connection => Run(connection, sql, values));

    private static int Run(SqliteConnection connection, string sql, params (string Name, object? Value)[] values)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        foreach ((string name, object? value) in values)
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        return command.ExecuteNonQuery();
    }

    private static long LastRow(SqliteConnection connection)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT last_insert_rowid()";
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }
}
