using Microsoft.Data.Sqlite;
using NanoBanana.Client.Files;
using NanoBanana.Client.Journal.Storage;
using NanoBanana.Client.Wire;

namespace NanoBanana.Client.Journal;

/// <summary>
/// What was bought, on disk: an intent before a submit leaves, the id before the task is shown, what became of it, and
/// which files its pictures went to. Several processes and runspaces share one file. It never holds a key.
/// </summary>
public sealed class TaskJournal : IDisposable
{
    private readonly JournalWriter _writer;
    private readonly TasksInHand _inHand;
    private readonly JournalGuard _guard = new();
    private readonly TimeProvider _time;

    private TaskJournal(SqliteConnection connection, string path, TimeProvider time, TimeSpan patience, QueryLimit limit)
    {
        Path = path;
        _time = time;
        _inHand = TasksInHand.Of(path);
        _writer = new JournalWriter(connection, path, limit);
        Reader = new JournalReader(connection.DataSource, time, patience, _inHand);
    }

    /// <summary>The full path of the file.</summary>
    public string Path { get; }

    /// <summary>Reads it.</summary>
    public JournalReader Reader { get; }

    /// <summary>Opens or makes the file.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.JournalRequired"/>: it can't be used, and is left as it is.</exception>
    public static TaskJournal Open(string path, TimeProvider time) => Open(path, time, JournalDatabase.Patience);

    /// <param name="path">The full path of the file.</param>
    /// <param name="time">The clock of its rows.</param>
    /// <param name="patience">How long to wait for another process's commit.</param>
    internal static TaskJournal Open(string path, TimeProvider time, TimeSpan patience)
    {
        var limit = new QueryLimit();
        return new TaskJournal(JournalDatabase.Open(path, patience, limit), path, time, patience, limit);
    }

    /// <summary>Lets work go on when an entry can't be written.</summary>
    /// <param name="write">The entry.</param>
    /// <param name="observer">Hears of a failure.</param>
    /// <param name="what">What the entry would have said that is nowhere else.</param>
    internal Task TryAsync(Task write, IClientObserver observer, string what = "") => _guard.TryAsync(write, observer, what);

    /// <summary>Work goes on without an entry, or without what the journal would have known.</summary>
    internal void GoOn(NanoBananaException failure, IClientObserver observer) => _guard.Say(failure, observer);

    /// <summary>Makes the intent to buy durable, unless the request is held by a task already.</summary>
    internal Task<ClaimResult> ClaimAsync(ImageRequest request, Uri endpoint, ApiProtocol protocol, bool resubmitUnknown)
    {
        string? key = RequestKey.Of(request, endpoint);
        IReadOnlyList<string> keys = RequestKey.AllOf(request, endpoint);
        ImageTask intent = request.ToTask("", ImageTaskStatus.Submitting, endpoint) with { CreatedAt = _time.GetUtcNow() };
        return _writer.WriteAsync(connection =>
        {
            while (WriterQueries.FindHolder(connection, keys, Now(), _inHand) is { } held)
            {
                if (held.Task.Status != ImageTaskStatus.Unknown || !resubmitUnknown)
                    return new ClaimResult { Known = held.Task };
                connection.Run("UPDATE task SET held_key = NULL, status = 'Unknown', owner = NULL, updated_at = $now WHERE held_key = $key", ("$key", held.Key), ("$now", Now()));
            }
            using SqliteDataReader row = connection.Read(
                """
                INSERT INTO task (endpoint, protocol, status, batch, name, request_key, held_key, created_at, updated_at, owner, snapshot)
                VALUES ($endpoint, $protocol, 'Submitting', $batch, $name, $key, $key, $now, $now, $owner, $snapshot)
                RETURNING row
                """,
                ("$endpoint", endpoint.AbsoluteUri), ("$protocol", protocol.ToString()), ("$batch", request.Batch), ("$name", request.Name),
                ("$key", key), ("$now", Now()), ("$owner", ProcessIdentity.Mine), ("$snapshot", TaskSnapshot.Write(intent)));
            row.Read();
            return new ClaimResult { Row = row.GetInt64(0) };
        });
    }

    /// <summary>The submit was answered: the id becomes durable, also when its row was forgotten meanwhile.</summary>
    internal Task AcceptAsync(long row, ImageTask task, ApiProtocol protocol) => OweAsync(connection =>
    {
        // An id that comes again is of the same task: its newest row counts. (An emulator begins anew with the same ids.)
        connection.Run($"DELETE FROM task WHERE {EndpointNames.AtService} AND id = $id AND row <> $row", EndpointNames.Of(task.Endpoint), ("$id", task.Id), ("$row", row));
        if (connection.Run("UPDATE task SET id = $id, status = $status, snapshot = $snapshot, updated_at = $now, owner = NULL WHERE row = $row",
            ("$id", task.Id), ("$status", task.Status.ToString()), ("$snapshot", TaskSnapshot.Write(task)), ("$row", row), ("$now", Now())) == 0)
            Update(connection, task, protocol);
    });

    /// <summary>Nothing was bought: the intent goes.</summary>
    internal Task AbandonAsync(long row) => OweAsync(connection => connection.Run("DELETE FROM task WHERE row = $row", ("$row", row)));

    /// <summary>What became of the submit is not known.</summary>
    internal Task LoseAsync(long row) => OweAsync(connection => connection.Run(
        "UPDATE task SET status = 'Unknown', owner = NULL, updated_at = $now WHERE row = $row", ("$row", row), ("$now", Now())));

    /// <summary>Keeps a newer snapshot; one that failed or was canceled holds its request no longer.</summary>
    internal Task UpdateAsync(ImageTask task, ApiProtocol protocol) => _writer.WriteAsync(connection => Update(connection, task, protocol));

    /// <summary>This process works on the task until the lease is disposed: no other takes it, nor calls it dead.</summary>
    internal Lease Hold(ImageTask task, IClientObserver observer)
    {
        if (_inHand.Take(task))
            _ = TryAsync(TellOwnerAsync(task), observer);
        return new Lease(() =>
        {
            if (_inHand.Drop(task))
                _ = TryAsync(TellOwnerAsync(task), observer);
        });
    }

    /// <summary>A picture is about to get its name, or has it.</summary>
    internal Task FileAsync(ImageTask task, int image, SavedFile file, bool saved) => _writer.WriteAsync(connection =>
    {
        connection.Run(
            $"""
            INSERT INTO file (row, image, path, sha256, length, saved)
            SELECT row, $image, $path, $sha256, $length, $saved FROM task WHERE {EndpointNames.AtService} AND id = $id
            ON CONFLICT (row, image, path) DO UPDATE SET sha256 = excluded.sha256, length = excluded.length, saved = excluded.saved
            """,
            ("$image", image), ("$path", file.Path), ("$sha256", file.Sha256), ("$length", file.Length), ("$saved", saved ? 1 : 0),
            EndpointNames.Of(task.Endpoint), ("$id", task.Id));
        return true;
    });

    /// <summary>Forgets a task.</summary>
    /// <returns>False when the journal does not have it.</returns>
    public Task<bool> RemoveAsync(ImageTask task) => _writer.WriteAsync(connection => task.JournalRow is { } row
        ? connection.Run("DELETE FROM task WHERE row = $row", ("$row", row)) > 0
        : connection.Run($"DELETE FROM task WHERE {EndpointNames.AtService} AND id = $id", EndpointNames.Of(task.Endpoint), ("$id", task.Id)) > 0);

    /// <summary>
    /// Forgets what is over and done with and was begun before a time: failed, canceled, or saved, and in no batch. What is
    /// not saved or of unknown fate stays, however old it is.
    /// </summary>
    /// <returns>How many were forgotten.</returns>
    public async Task<int> TrimAsync(DateTimeOffset before)
    {
        // In portions: other changes wait for one of them at most, however large the journal is.
        (int removed, long? last) = (0, 0);
        while (last is { } after)
        {
            (int more, last) = await _writer.WriteAsync(connection => WriterQueries.Trim(connection, before, after)).ConfigureAwait(false);
            removed += more;
        }
        return removed;
    }

    /// <summary>Ends when all that was asked for so far is durable.</summary>
    public Task FlushAsync() => _writer.FlushAsync();

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        _writer.Dispose();
        Reader.Dispose();
    }

    private long Now() => _time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>What a submit came to is tried again with the next entry when the file can't be written.</summary>
    private Task OweAsync(Action<JournalConnection> change) => _writer.WriteAsync(
        connection =>
        {
            change(connection);
            return true;
        },
        isOwed: true);

    // An older state never comes after an end: two processes may ask for the same task.
    private int Update(JournalConnection connection, ImageTask task, ApiProtocol protocol) => connection.Run(
        $"""
        INSERT INTO task (endpoint, protocol, id, status, batch, name, created_at, updated_at, images, snapshot)
        VALUES (COALESCE((SELECT endpoint FROM task WHERE {EndpointNames.AtService} AND id = $id), $endpoint), $protocol, $id, $status, $batch, $name, $now, $now, $images, $snapshot)
        ON CONFLICT (endpoint, id) WHERE id IS NOT NULL DO UPDATE SET
            status = excluded.status, snapshot = excluded.snapshot, images = excluded.images, updated_at = excluded.updated_at,
            held_key = CASE WHEN excluded.status IN ('Failed', 'Canceled') THEN NULL ELSE held_key END
        WHERE excluded.status IN ('Completed', 'Failed', 'Canceled') OR task.status NOT IN ('Completed', 'Failed', 'Canceled')
        """,
        EndpointNames.Of(task.Endpoint), ("$endpoint", task.Endpoint!.AbsoluteUri), ("$protocol", protocol.ToString()), ("$id", task.Id), ("$status", task.Status.ToString()),
        ("$batch", task.Batch), ("$name", task.Name), ("$now", Now()), ("$images", task.Image.Count), ("$snapshot", TaskSnapshot.Write(task)));

    /// <summary>Writes down whether this process has the task, as it is when the entry's turn comes.</summary>
    private Task TellOwnerAsync(ImageTask task) => _writer.WriteAsync(connection =>
    {
        (string, object?)[] key = [EndpointNames.Of(task.Endpoint), ("$id", task.Id), ("$now", Now()), ("$mine", ProcessIdentity.Mine)];
        if (!_inHand.Has(task))
            return connection.Run($"UPDATE task SET owner = NULL, updated_at = $now WHERE {EndpointNames.AtService} AND id = $id AND owner = $mine", key);
        return WriterQueries.IsOwnedByAnother(connection, task, Now())
            ? 0
            : connection.Run($"UPDATE task SET owner = $mine, updated_at = $now WHERE {EndpointNames.AtService} AND id = $id", key);
    });
}
