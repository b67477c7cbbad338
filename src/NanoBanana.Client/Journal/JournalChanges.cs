using NanoBanana.Client.Files;
using NanoBanana.Client.Journal.Storage;
using NanoBanana.Client.Text;
using NanoBanana.Client.Wire;

namespace NanoBanana.Client.Journal;

/// <summary>The changes of the journal in SQL. Each runs inside the writer's transaction.</summary>
/// <param name="connection">The writer's connection.</param>
/// <param name="leases">The leases of this process.</param>
/// <param name="skew">The time in milliseconds by which the clock of the store is ahead of the clock of this process.</param>
internal readonly struct JournalChanges(JournalConnection connection, Leases leases, long skew)
{
    private const string OtherWithId = $"{EndpointNames.AtService} AND id = @id AND row <> @row";

    /// <summary>The number of images of a task that have a file.</summary>
    private const string FilesOfTask = "(SELECT COUNT(DISTINCT image) FROM file WHERE file.row = task.row AND saved = 1)";

    /// <summary>
    /// The key that blocks a second submission of the request. If the task failed, was canceled, or completed without an image, it is null.
    /// </summary>
    private const string KeyOfGivenState =
        """
        CASE WHEN @status IN ('Failed', 'Canceled') OR (@status = 'Completed' AND CAST(@images AS BIGINT) = 0) THEN NULL ELSE held_key END
        """;

    private const string KeyOfExcludedState =
        """
        CASE WHEN excluded.status IN ('Failed', 'Canceled') OR (excluded.status = 'Completed' AND excluded.images = 0)
            THEN NULL ELSE task.held_key END
        """;

    /// <summary>Finds the entry that has one of the keys of a request, so that the request must not be submitted again.</summary>
    /// <returns>The entry and its key; null if no entry has one.</returns>
    public (JournalRow Row, string Key)? FindByKeys(IReadOnlyList<string> keys)
    {
        foreach (string key in keys)
        {
            using IJournalRows reader = connection.Read(
                $"SELECT {JournalRow.Columns} FROM {JournalRow.Source} WHERE held_key = @key", ("@key", key));
            if (reader.Read())
                return (JournalRow.Read(reader, leases), key);
        }
        return null;
    }

    /// <summary>Releases the key of a submission with an unknown outcome, because the user submits the request again.</summary>
    public void ReleaseKey(string key) => connection.Send(
        "UPDATE task SET held_key = NULL, status = 'Unknown', owner = NULL, updated_at = @now WHERE held_key = @key", ("@key", key));

    /// <summary>The time in Unix milliseconds, by the clock of the store.</summary>
    public long Now => connection.Now;

    /// <summary>Counts the spending.</summary>
    public SpendingLedger Budget => new(connection, skew);

    /// <summary>Finds an intent whose commit may have succeeded although its answer was lost.</summary>
    /// <param name="claim">The id that the process made before it claimed the request.</param>
    /// <returns>The row; null if nothing was committed.</returns>
    public long? FindClaim(string claim)
    {
        using IJournalRows reader = connection.Read("SELECT row FROM task WHERE claim = @claim", ("@claim", claim));
        return reader.Read() ? reader.GetInt64(0) : null;
    }

    /// <summary>Adds an intent, and adds its worst case to the spending of its run and day.</summary>
    /// <param name="intent">The intent.</param>
    /// <param name="protocol">Its protocol.</param>
    /// <param name="key">The key of the request; null without a batch.</param>
    /// <param name="run">The run that counts it; null without a run.</param>
    /// <param name="day">The day that counts it.</param>
    /// <param name="reserved">Its worst case.</param>
    /// <param name="claim">The id of this claim; null in a journal of one machine.</param>
    /// <returns>The row of the intent.</returns>
    public long Insert(ImageTask intent, ApiProtocol protocol, string? key, string? run, string day, Spending reserved, string? claim)
    {
        Budget.Add(run, day, reserved);
        using IJournalRows row = connection.Read(
            """
            INSERT INTO task (claim, endpoint, protocol, status, batch, name, request_key, held_key, created_at, updated_at, owner,
                snapshot, run, day, spent_images, spent_tokens, spent_cost)
            VALUES (@claim, @endpoint, @protocol, 'Submitting', @batch, @name, @key, @key, @now, @now, @owner,
                @snapshot, @run, @day, @images, @tokens, @cost)
            RETURNING row
            """,
            ("@claim", claim), ("@endpoint", intent.Endpoint!.AbsoluteUri), ("@protocol", protocol.ToString()),
            ("@batch", intent.Batch), ("@name", intent.Name), ("@key", key), ("@owner", leases.Instance),
            ("@snapshot", TaskSnapshot.Write(intent)),
            ("@run", run), ("@day", day), ("@images", reserved.Images), ("@tokens", reserved.Tokens), ("@cost", (double)reserved.Cost));
        row.Read();
        return row.GetInt64(0);
    }

    /// <summary>
    /// Makes a new entry the current one of its request. The entry that was current is superseded and refers to the new entry. A request is
    /// identified by its name and variation in the batch, or else by its keys. References form a chain: if the newest entry is removed, the
    /// entry before it is current again.
    /// </summary>
    public void Supersede(long row, Uri endpoint, ImageRequest request, IReadOnlyList<string> keys)
    {
        if (request.Name is not null)
        {
            connection.Send(
                $"""
                UPDATE task SET superseded_by = @row
                WHERE batch = @batch AND name = @name AND {EndpointNames.AtService} AND superseded_by IS NULL AND row <> @row
                    AND (snapshot ->> 'Variation') IS NOT DISTINCT FROM @variation
                """,
                ("@row", row), ("@batch", request.Batch), ("@name", request.Name), ("@variation", request.Variation),
                EndpointNames.Of(endpoint));
        }
        else
        {
            foreach (string key in keys)
            {
                connection.Send(
                    "UPDATE task SET superseded_by = @row WHERE request_key = @key AND superseded_by IS NULL AND row <> @row",
                    ("@row", row), ("@key", key));
            }
        }
    }

    /// <summary>Makes an entry that may have been superseded the current one of its request again.</summary>
    public void MakeCurrent(long row, Uri endpoint, ImageRequest request, IReadOnlyList<string> keys)
    {
        Supersede(row, endpoint, request, keys);
        connection.Send("UPDATE task SET superseded_by = NULL WHERE row = @row AND superseded_by IS NOT NULL", ("@row", row));
    }

    /// <summary>Removes an intent that bought nothing, and releases its reservation.</summary>
    public void RemoveIntent(long row)
    {
        Budget.ReleaseReservation(row);
        Remove(row);
    }

    /// <summary>Removes the intent of a claim, if it was committed. Nothing was sent for it.</summary>
    /// <returns>Whether it was committed.</returns>
    public bool RemoveClaim(string claim)
    {
        if (FindClaim(claim) is not { } row)
            return false;
        RemoveIntent(row);
        return true;
    }

    /// <summary>Removes an entry. The entry that it superseded refers to its successor, or is current again.</summary>
    public bool Remove(long row)
    {
        connection.Send(
            "UPDATE task SET superseded_by = (SELECT superseded_by FROM task WHERE row = @row) WHERE superseded_by = @row", ("@row", row));
        return connection.Run("DELETE FROM task WHERE row = @row", ("@row", row)) > 0;
    }

    /// <summary>Stores the id of an accepted task, even if its entry was removed before.</summary>
    public void Accept(long row, ImageTask task, ApiProtocol protocol)
    {
        if (SetId(row, task))
            return;
        // If another entry has the id, the newest entry counts. (An emulator starts with the same ids each time.)
        int removed = connection.Run(
            $"DELETE FROM task WHERE {OtherWithId}", EndpointNames.Of(task.Endpoint), ("@id", task.Id), ("@row", row));
        if (removed == 0 || !SetId(row, task))
            Update(task, protocol);
    }

    /// <returns>False if the row does not exist, or another row has the id.</returns>
    private bool SetId(long row, ImageTask task)
    {
        (long, string?, string?, Spending)? entry;
        using (IJournalRows reader = connection.Read(
            $"""
            UPDATE task SET id = @id, status = @status, snapshot = @snapshot, images = CAST(@images AS BIGINT), tokens = @tokens,
                cost = @cost, ended_at = @ended, unsaved = @unsaved, updated_at = @now, held_key = {KeyOfGivenState}
            WHERE row = @row AND NOT EXISTS (SELECT 1 FROM task WHERE {OtherWithId}) RETURNING {SpendingLedger.AmountColumns}
            """,
            [("@id", task.Id), .. SnapshotOf(task), ("@row", row), EndpointNames.Of(task.Endpoint)]))
        {
            if (!reader.Read())
                return false;
            entry = SpendingLedger.ReadAmount(reader);
        }
        Budget.Settle(task, entry);
        return true;
    }

    /// <summary>Stores the id of an accepted task for the intent of a claim. If the entry already has an id, nothing changes.</summary>
    public bool Accept(string claim, ImageTask task, ApiProtocol protocol)
    {
        long? row;
        using (IJournalRows reader = connection.Read("SELECT row, id FROM task WHERE claim = @claim", ("@claim", claim)))
        {
            row = reader.Read() ? reader.GetInt64(0) : null;
            if (row is not null && !reader.IsDBNull(1))
                return false;
        }
        if (row is null)
            Update(task, protocol);
        else
            Accept(row.Value, task, protocol);
        return true;
    }

    /// <summary>Stores a task with the claim of its intent. The intent is in another journal.</summary>
    public bool StoreWithClaim(string claim, ImageTask task, ApiProtocol protocol)
    {
        Update(task, protocol);
        return connection.Run(
            $"UPDATE task SET claim = @claim WHERE {EndpointNames.AtService} AND id = @id",
            ("@claim", claim), EndpointNames.Of(task.Endpoint), ("@id", task.Id)) > 0;
    }

    /// <summary>Records that the outcome of a submission is unknown.</summary>
    public void MarkUnknown(long row) => connection.Send(
        "UPDATE task SET status = 'Unknown', owner = NULL, updated_at = @now WHERE row = @row", ("@row", row));

    /// <summary>Records a verdict on a submission whose outcome is unknown.</summary>
    /// <param name="row">The entry.</param>
    /// <param name="id">The id of the task; null if nothing was bought.</param>
    /// <param name="verdict">The verdict.</param>
    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.InvalidRequest"/>: the outcome is not unknown, or another entry has the id.
    /// </exception>
    public ImageTask Resolve(long row, string? id, ImageTaskVerdict verdict)
    {
        ImageTask? task;
        string sql = $"SELECT {JournalRow.Columns} FROM {JournalRow.Source} WHERE task.row = @row";
        using (IJournalRows reader = connection.Read(sql, ("@row", row)))
            task = reader.Read() ? JournalRow.Read(reader, leases).Task : null;
        if (task is null)
            throw new NanoBananaException(NanoBananaErrorKind.InvalidRequest, Messages.EntryRemoved);
        // A verdict can be corrected until the task has ended.
        if (!(task.Status == ImageTaskStatus.Unknown || task is { Verdict.IsBought: true, HasEnded: false }))
        {
            throw new NanoBananaException(NanoBananaErrorKind.InvalidRequest, Messages.OutcomeIsKnown(task.Prompt, task.Status.ToString()))
            {
                Task = task,
            };
        }
        if (id is not null && FindOther(id, task.Endpoint, row) is { } other)
            throw new NanoBananaException(NanoBananaErrorKind.InvalidRequest, Messages.IdOfAnotherEntry(id, other.Prompt)) { Task = task };
        ImageTask resolved = id is not null
            ? task with { Id = id, Status = ImageTaskStatus.Running, Verdict = verdict }
            : task with { Id = "", Status = ImageTaskStatus.Canceled, Verdict = verdict, CompletedAt = verdict.At };
        if (id is null)
            Budget.ReleaseReservation(row);
        connection.Send(
            """
            UPDATE task SET id = @id, status = @status, snapshot = @snapshot, unsaved = @unsaved, ended_at = @ended, resolved = @resolved,
                owner = NULL, held_key = CASE WHEN @status = 'Canceled' THEN NULL ELSE held_key END, updated_at = @now WHERE row = @row
            """,
            ("@id", id), ("@status", resolved.Status.ToString()), ("@snapshot", TaskSnapshot.Write(resolved)),
            ("@unsaved", id is null ? 0 : 1), ("@ended", resolved.CompletedAt?.ToUnixTimeMilliseconds()),
            ("@resolved", TaskSnapshot.Write(verdict)), ("@row", row));
        return resolved;
    }

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

    /// <summary>
    /// Writes whether this process has a lease on a task at the time of the change. A lease of another process is not changed.
    /// </summary>
    /// <returns>False if another process has a lease on it.</returns>
    public bool WriteOwner((Uri? Endpoint, string Id) task)
    {
        if (!leases.Has(task))
        {
            connection.Send($"UPDATE task SET owner = NULL WHERE {EndpointNames.AtService} AND id = @id AND owner = @mine",
                EndpointNames.Of(task.Endpoint), ("@id", task.Id), ("@mine", leases.Instance));
        }
        else
        {
            if (IsLeasedByAnother(task))
                return false;
            connection.Send($"UPDATE task SET owner = @mine WHERE {EndpointNames.AtService} AND id = @id AND owner IS DISTINCT FROM @mine",
                EndpointNames.Of(task.Endpoint), ("@id", task.Id), ("@mine", leases.Instance));
        }
        return true;
    }

    /// <summary>Sets the expiry of the lease of this process, and removes leases that expired a day ago.</summary>
    public void Renew()
    {
        connection.Send(
            """
            INSERT INTO lease (instance, process, expires_at) VALUES (@mine, @process, @expires)
            ON CONFLICT (instance) DO UPDATE SET expires_at = excluded.expires_at
            """,
            ("@mine", leases.Instance), ("@process", ProcessIdentity.Mine),
            ("@expires", connection.Now + (long)Leases.Length.TotalMilliseconds));
        connection.Send(
            "DELETE FROM lease WHERE expires_at < @old", ("@old", connection.Now - (long)TimeSpan.FromDays(1).TotalMilliseconds));
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

    /// <summary>Removes the entries of runs whose batches no longer have tasks.</summary>
    public void RemoveEmptyRuns() => connection.Send("DELETE FROM run WHERE NOT EXISTS (SELECT 1 FROM task WHERE task.batch = run.batch)");

    /// <summary>Whether an intent is still leased to this process, so that no other process has marked it as unknown.</summary>
    public bool IsIntent(long row)
    {
        using IJournalRows reader = connection.Read(
            "SELECT 1 FROM task WHERE row = @row AND status = 'Submitting' AND owner = @mine", ("@row", row), ("@mine", leases.Instance));
        return reader.Read();
    }

    /// <summary>
    /// In a portion of the rows, removes finished tasks that are in no batch and are saved, and all tasks of emulators. The tasks of an
    /// emulator end with it, and its address is different at each start (decision 0024).
    /// </summary>
    /// <param name="before">Rows that were created later stay, in Unix milliseconds.</param>
    /// <param name="after">The last row of the previous portion.</param>
    /// <returns>The number of removed entries, and the last row of the portion; null after the last portion.</returns>
    public (int Removed, long? Last) Trim(long before, long after)
    {
        long last;
        using (IJournalRows reader = connection.Read(
            "SELECT MAX(row) FROM (SELECT row FROM task WHERE row > @after ORDER BY row LIMIT 1000) AS portion", ("@after", after)))
        {
            if (!reader.Read() || reader.IsDBNull(0) || (last = reader.GetInt64(0)) <= after)
                return (0, null);
        }
        connection.Send("DELETE FROM run WHERE started_at < @before AND ended_at IS NOT NULL", ("@before", before));
        int removed = connection.Run(
            $"""
            DELETE FROM task WHERE row > @after AND row <= @last AND created_at < @before
                AND ((batch IS NULL AND (status IN ('Failed', 'Canceled') OR (status = 'Completed' AND unsaved = 0)))
                    OR endpoint LIKE 'http://127.0.0.1:%/emulator-%/')
            """, ("@after", after), ("@last", last), ("@before", before));
        return (removed, last);
    }

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

    private bool IsLeasedByAnother((Uri? Endpoint, string Id) task)
    {
        using IJournalRows reader = connection.Read(
            $"""
            SELECT {JournalRow.Columns} FROM {JournalRow.Source}
            WHERE {EndpointNames.AtService} AND id = @id AND owner IS NOT NULL AND owner <> @mine
            """,
            EndpointNames.Of(task.Endpoint), ("@id", task.Id), ("@mine", leases.Instance));
        return reader.Read() && JournalRow.Read(reader, leases).IsLeased;
    }
}
