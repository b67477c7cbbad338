using NanoBanana.Client.Journal.Storage;

namespace NanoBanana.Client.Journal;

/// <summary>The changes of the journal in SQL. Each runs inside the writer's transaction.</summary>
/// <param name="connection">The writer's connection.</param>
/// <param name="leases">The leases of this process.</param>
/// <param name="skew">The time in milliseconds by which the clock of the store is ahead of the clock of this process.</param>
internal readonly partial struct JournalChanges(JournalConnection connection, Leases leases, long skew)
{
    private const string OtherWithId = $"{EndpointNames.AtService} AND id = @id AND row <> @row";

    /// <summary>The number of images of a task that have a file.</summary>
    private const string FilesOfTask = "(SELECT COUNT(DISTINCT image) FROM file WHERE file.row = task.row AND saved = 1)";

    /// <summary>The time in Unix milliseconds, by the clock of the store.</summary>
    public long Now => connection.Now;

    /// <summary>Counts the spending.</summary>
    public SpendingLedger Budget => new(connection, skew);

    /// <summary>Stores a newer snapshot. An ended task stays ended, because two processes can poll the same task.</summary>
    /// <returns>Whether it was stored.</returns>
    public bool Update(ImageTask task, ApiProtocol protocol)
    {
        (long, string?, string?, Spending)? entry;
        using (IJournalRows reader = connection.Read(
            $"""
            INSERT INTO task (endpoint, protocol, id, status, batch, name, created_at, updated_at, images, tokens, cost, ended_at,
                unsaved, snapshot)
            VALUES (COALESCE((SELECT endpoint FROM task WHERE {EndpointNames.AtService} AND id = @id LIMIT 1), @endpoint), @protocol, @id,
                @status, @batch, @name, @now, @now, @images, @tokens, @cost, @ended, @unsaved, @snapshot)
            ON CONFLICT (id, endpoint) WHERE id IS NOT NULL DO UPDATE SET
                status = excluded.status, snapshot = excluded.snapshot, images = excluded.images, tokens = excluded.tokens,
                cost = excluded.cost, ended_at = excluded.ended_at,
                unsaved = CASE WHEN excluded.status <> 'Completed' THEN excluded.unsaved
                    WHEN excluded.images > {FilesOfTask} THEN 1 ELSE 0 END,
                updated_at = excluded.updated_at, held_key = {KeyOfExcludedState}
            WHERE excluded.status IN ('Completed', 'Failed', 'Canceled') OR task.status NOT IN ('Completed', 'Failed', 'Canceled')
            RETURNING {SpendingLedger.AmountColumns}
            """,
            [EndpointNames.Of(task.Endpoint), ("@endpoint", task.Endpoint!.AbsoluteUri), ("@protocol", protocol.ToString()),
                ("@id", task.Id), .. SnapshotOf(task), ("@batch", task.Batch), ("@name", task.Name)]))
        {
            if (!reader.Read())
                return false;
            entry = SpendingLedger.ReadAmount(reader);
        }
        Budget.Settle(task, entry);
        return true;
    }

    /// <summary>Records the file of an image, before and after it is renamed to its final name.</summary>
    public void RecordFile(ImageTask task, int image, SavedFile file, bool saved)
    {
        connection.Send(
            $"""
            INSERT INTO file (row, image, path, sha256, length, saved, machine)
            SELECT row, @image, @path, @sha256, @length, @saved, @machine FROM task WHERE {EndpointNames.AtService} AND id = @id
            ON CONFLICT (row, image, path) DO UPDATE SET
                sha256 = excluded.sha256, length = excluded.length, saved = excluded.saved, machine = excluded.machine
            """,
            ("@image", image), ("@path", file.Path), ("@sha256", file.Sha256), ("@length", file.Length), ("@saved", saved ? 1 : 0),
            EndpointNames.Of(task.Endpoint), ("@id", task.Id));
        if (saved)
        {
            connection.Send(
                $"""
                UPDATE task SET unsaved = CASE WHEN task.images > {FilesOfTask} THEN 1 ELSE 0 END
                WHERE {EndpointNames.AtService} AND id = @id AND status = 'Completed'
                """,
                EndpointNames.Of(task.Endpoint), ("@id", task.Id));
        }
    }

    /// <summary>Adds the entry of a run, unless it exists.</summary>
    public void AddRun(ImageRun run, Uri endpoint) => connection.Send(
        """
        INSERT INTO run (id, batch, endpoint, owner, started_at) VALUES (@id, @batch, @endpoint, @mine, @started)
        ON CONFLICT (id) DO NOTHING
        """,
        ("@id", run.Id), ("@batch", run.Batch), ("@endpoint", endpoint.AbsoluteUri), ("@mine", leases.Instance),
        ("@started", run.StartedAt.ToUnixTimeMilliseconds() + skew));

    /// <summary>Records the counts of a run and how it ended.</summary>
    public void StoreRun(ImageRun run) => connection.Send(
        """
        UPDATE run SET ended_at = @ended, asked = @asked, bought = @bought, held = @held, refused = @refused, unknown = @unknown,
            skipped = @skipped, saved = @saved, failed = @failed, reason = @reason, exit_code = @exit WHERE id = @id
        """,
        ("@ended", run.EndedAt?.ToUnixTimeMilliseconds() + skew), ("@asked", run.Asked), ("@bought", run.Bought), ("@held", run.Held),
        ("@refused", run.Refused), ("@unknown", run.Unknown), ("@skipped", run.Skipped), ("@saved", run.Saved), ("@failed", run.Failed),
        ("@reason", run.Reason?.ToString()), ("@exit", run.ExitCode), ("@id", run.Id));

    /// <summary>The columns that repeat values of a snapshot, so that queries can find, count and sum entries without it.</summary>
    private static (string, object?)[] SnapshotOf(ImageTask task) =>
    [
        ("@status", task.Status.ToString()), ("@snapshot", TaskSnapshot.Write(task)), ("@images", task.Image.Count),
        ("@tokens", task.TotalTokens), ("@cost", (double?)task.Cost), ("@ended", task.CompletedAt?.ToUnixTimeMilliseconds()),
        ("@unsaved", task.Status is ImageTaskStatus.Pending or ImageTaskStatus.Running
            || task is { Status: ImageTaskStatus.Completed, Image.Count: > 0 } ? 1 : 0),
    ];

    /// <summary>Finds the task of another entry that has an id; null if no other entry has it.</summary>
    private ImageTask? FindOther(string id, Uri? endpoint, long row)
    {
        using IJournalRows reader = connection.Read(
            $"SELECT {JournalRow.Columns} FROM {JournalRow.Source} WHERE {EndpointNames.AtService} AND id = @id AND task.row <> @row",
            EndpointNames.Of(endpoint), ("@id", id), ("@row", row));
        return reader.Read() ? JournalRow.Read(reader, leases).Task : null;
    }
}
