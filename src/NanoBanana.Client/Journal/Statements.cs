using NanoBanana.Client.Files;
using NanoBanana.Client.Journal.Storage;
using NanoBanana.Client.Wire;

namespace NanoBanana.Client.Journal;

/// <summary>The changes of the journal in SQL. Each runs inside the writer's transaction.</summary>
/// <param name="connection">The writer's connection.</param>
/// <param name="leases">Those of this process.</param>
/// <param name="skew">By how many milliseconds the clock of the store is ahead of this process's.</param>
internal readonly struct Statements(JournalConnection connection, Leases leases, long skew)
{
    private const string OtherWithId = $"{EndpointNames.AtService} AND id = @id AND row <> @row";

    /// <summary>The images of a task that have a file.</summary>
    private const string FilesOfTask = "(SELECT COUNT(DISTINCT image) FROM file WHERE file.row = task.row AND saved = 1)";

    /// <summary>The key that an entry holds in a new state: none where nothing was bought that is worth keeping.</summary>
    private const string HeldOfGiven = "CASE WHEN @status IN ('Failed', 'Canceled') OR (@status = 'Completed' AND CAST(@images AS BIGINT) = 0) THEN NULL ELSE held_key END";

    private const string HeldOfExcluded =
        """
        CASE WHEN excluded.status IN ('Failed', 'Canceled') OR (excluded.status = 'Completed' AND excluded.images = 0)
            THEN NULL ELSE task.held_key END
        """;

    /// <summary>The entry that holds one of the keys of a request.</summary>
    /// <returns>The entry and the key that it holds; null when none does.</returns>
    public (JournalRow Row, string Key)? FindHolder(IReadOnlyList<string> keys)
    {
        foreach (string key in keys)
        {
            using IJournalRows reader = connection.Read($"SELECT {JournalRow.Columns} FROM {JournalRow.Source} WHERE held_key = @key", ("@key", key));
            if (reader.Read())
                return (JournalRow.Read(reader, leases), key);
        }
        return null;
    }

    /// <summary>Frees a key whose submission has an unknown outcome, because the user buys it again.</summary>
    public void FreeKey(string key) => connection.Send(
        "UPDATE task SET held_key = NULL, status = 'Unknown', owner = NULL, updated_at = @now WHERE held_key = @key", ("@key", key));

    /// <summary>The time in Unix milliseconds, by the clock of the store.</summary>
    public long Now => connection.Now;

    /// <summary>What is bought.</summary>
    public SpendingStatements Budget => new(connection, skew);

    /// <summary>The row of an intent whose commit may have succeeded though nobody heard of it.</summary>
    /// <param name="claim">What its process made before it claimed the request.</param>
    /// <returns>Null when there is none, so that nothing was committed.</returns>
    public long? FindClaim(string claim)
    {
        using IJournalRows reader = connection.Read("SELECT row FROM task WHERE claim = @claim", ("@claim", claim));
        return reader.Read() ? reader.GetInt64(0) : null;
    }

    /// <summary>Adds an intent, and what it may use to the spending of its run and day.</summary>
    /// <param name="intent">The intent.</param>
    /// <param name="protocol">Its protocol.</param>
    /// <param name="key">What makes the request the same.</param>
    /// <param name="run">The run that counts it; null for none.</param>
    /// <param name="day">The day that counts it.</param>
    /// <param name="reserved">Its worst case.</param>
    /// <param name="claim">Distinguishes the intent of this call from one of another process for the same request; null in a journal of one machine.</param>
    /// <returns>Its row.</returns>
    public long Insert(ImageTask intent, ApiProtocol protocol, string? key, string? run, string day, Spending reserved, string? claim)
    {
        Budget.Add(run, day, reserved);
        using IJournalRows row = connection.Read(
            """
            INSERT INTO task (claim, endpoint, protocol, status, batch, name, request_key, held_key, created_at, updated_at, owner, snapshot,
                run, day, spent_images, spent_tokens, spent_cost)
            VALUES (@claim, @endpoint, @protocol, 'Submitting', @batch, @name, @key, @key, @now, @now, @owner, @snapshot, @run, @day, @images, @tokens, @cost)
            RETURNING row
            """,
            ("@claim", claim), ("@endpoint", intent.Endpoint!.AbsoluteUri), ("@protocol", protocol.ToString()), ("@batch", intent.Batch), ("@name", intent.Name),
            ("@key", key), ("@owner", leases.Instance), ("@snapshot", TaskSnapshot.Write(intent)),
            ("@run", run), ("@day", day), ("@images", reserved.Images), ("@tokens", reserved.Tokens), ("@cost", (double)reserved.Cost));
        row.Read();
        return row.GetInt64(0);
    }

    /// <summary>
    /// Makes a new entry the current one of its request: the entry that was current refers to it from now on. The request is known by
    /// its name and variation in the batch, else by its keys. References form a chain, so that removing the newest entry restores the one before.
    /// </summary>
    public void Supersede(long row, Uri endpoint, ImageRequest request, IReadOnlyList<string> keys)
    {
        if (request.Name is not null)
        {
            connection.Send(
                $"""
                UPDATE task SET superseded_by = @row WHERE batch = @batch AND name = @name AND {EndpointNames.AtService} AND superseded_by IS NULL
                    AND row <> @row AND (snapshot ->> 'Variation') IS NOT DISTINCT FROM @variation
                """,
                ("@row", row), ("@batch", request.Batch), ("@name", request.Name), ("@variation", request.Variation), EndpointNames.Of(endpoint));
        }
        else
        {
            foreach (string key in keys)
                connection.Send("UPDATE task SET superseded_by = @row WHERE request_key = @key AND superseded_by IS NULL AND row <> @row", ("@row", row), ("@key", key));
        }
    }

    /// <summary>Makes an entry that may have been superseded the current one of its request again.</summary>
    public void MakeCurrent(long row, Uri endpoint, ImageRequest request, IReadOnlyList<string> keys)
    {
        Supersede(row, endpoint, request, keys);
        connection.Send("UPDATE task SET superseded_by = NULL WHERE row = @row AND superseded_by IS NOT NULL", ("@row", row));
    }

    /// <summary>Removes an intent that bought nothing; what was reserved for it is given back.</summary>
    public void Abandon(long row)
    {
        Budget.GiveBack(row);
        Remove(row);
    }

    /// <summary>Removes the intent of a claim that may not have been committed, and of which nothing was sent.</summary>
    /// <returns>Whether there was one.</returns>
    public bool AbandonClaim(string claim)
    {
        if (FindClaim(claim) is not { } row)
            return false;
        Abandon(row);
        return true;
    }

    /// <summary>Removes an entry; what it superseded is superseded by its own successor then, or current again.</summary>
    public bool Remove(long row)
    {
        connection.Send("UPDATE task SET superseded_by = (SELECT superseded_by FROM task WHERE row = @row) WHERE superseded_by = @row", ("@row", row));
        return connection.Run("DELETE FROM task WHERE row = @row", ("@row", row)) > 0;
    }

    /// <summary>Makes the id of an accepted task durable, also when its entry was removed meanwhile.</summary>
    public void Accept(long row, ImageTask task, ApiProtocol protocol)
    {
        if (SetId(row, task))
            return;
        // An id that comes again is of the same task: its newest entry counts. (An emulator starts again with the same ids.)
        if (connection.Run($"DELETE FROM task WHERE {OtherWithId}", EndpointNames.Of(task.Endpoint), ("@id", task.Id), ("@row", row)) == 0 || !SetId(row, task))
            Update(task, protocol);
    }

    /// <returns>False when there is no such row, or another one has the id.</returns>
    private bool SetId(long row, ImageTask task)
    {
        (long, string?, string?, Spending)? entry;
        using (IJournalRows reader = connection.Read(
            $"""
            UPDATE task SET id = @id, status = @status, snapshot = @snapshot, images = CAST(@images AS BIGINT), tokens = @tokens, cost = @cost, ended_at = @ended,
                unsaved = @unsaved, updated_at = @now, held_key = {HeldOfGiven}
            WHERE row = @row AND NOT EXISTS (SELECT 1 FROM task WHERE {OtherWithId}) RETURNING {SpendingStatements.Counted}
            """,
            [("@id", task.Id), .. SnapshotOf(task), ("@row", row), EndpointNames.Of(task.Endpoint)]))
        {
            if (!reader.Read())
                return false;
            entry = SpendingStatements.CountedOf(reader);
        }
        Budget.Settle(task, entry);
        return true;
    }

    /// <summary>The same later, for the intent of a claim. An entry that has an id already knows as much or more.</summary>
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

    /// <summary>Stores a task with the claim of its intent, which is in another journal.</summary>
    public bool Keep(string claim, ImageTask task, ApiProtocol protocol)
    {
        Update(task, protocol);
        return connection.Run(
            $"UPDATE task SET claim = @claim WHERE {EndpointNames.AtService} AND id = @id", ("@claim", claim), EndpointNames.Of(task.Endpoint), ("@id", task.Id)) > 0;
    }

    /// <summary>Records that the outcome of a submission is unknown.</summary>
    public void Lose(long row) => connection.Send(
        "UPDATE task SET status = 'Unknown', owner = NULL, updated_at = @now WHERE row = @row", ("@row", row));

    /// <summary>Records a verdict on a submission whose outcome is unknown.</summary>
    /// <param name="row">The entry.</param>
    /// <param name="id">The id of the task; null when nothing was bought.</param>
    /// <param name="verdict">The verdict.</param>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidRequest"/>: its outcome is known, or the id is of another entry.</exception>
    public ImageTask Resolve(long row, string? id, ImageTaskVerdict verdict)
    {
        ImageTask? task;
        using (IJournalRows reader = connection.Read($"SELECT {JournalRow.Columns} FROM {JournalRow.Source} WHERE task.row = @row", ("@row", row)))
            task = reader.Read() ? JournalRow.Read(reader, leases).Task : null;
        // A verdict can be corrected until the task has ended.
        if (task is null || !(task.Status == ImageTaskStatus.Unknown || task is { Verdict.IsBought: true, HasEnded: false }))
            throw new NanoBananaException(NanoBananaErrorKind.InvalidRequest, $"The outcome of '{TextSafety.Excerpt(task?.Prompt, 40)}' is not unknown: {(task is null ? "the journal has it no more" : $"it is {task.Status}")}. Nothing was changed.") { Task = task };
        if (id is not null && OwnerOf(id, task.Endpoint, row) is { } other)
            throw new NanoBananaException(NanoBananaErrorKind.InvalidRequest, $"Task {TextSafety.Excerpt(id)} is in the journal already, for '{TextSafety.Excerpt(other, 40)}'. Nothing was changed. Check the id in your provider account.") { Task = task };
        ImageTask resolved = id is not null
            ? task with { Id = id, Status = ImageTaskStatus.Running, Verdict = verdict }
            : task with { Id = "", Status = ImageTaskStatus.Canceled, Verdict = verdict, CompletedAt = verdict.At };
        if (id is null)
            Budget.GiveBack(row);
        connection.Send(
            """
            UPDATE task SET id = @id, status = @status, snapshot = @snapshot, unsaved = @unsaved, ended_at = @ended, resolved = @resolved, owner = NULL,
                held_key = CASE WHEN @status = 'Canceled' THEN NULL ELSE held_key END, updated_at = @now WHERE row = @row
            """,
            ("@id", id), ("@status", resolved.Status.ToString()), ("@snapshot", TaskSnapshot.Write(resolved)), ("@unsaved", id is null ? 0 : 1),
            ("@ended", resolved.CompletedAt?.ToUnixTimeMilliseconds()), ("@resolved", TaskSnapshot.Write(verdict)), ("@row", row));
        return resolved;
    }

    /// <summary>Stores a newer snapshot. An older state never replaces an end: two processes may poll the same task.</summary>
    /// <returns>Whether it was newer.</returns>
    public bool Update(ImageTask task, ApiProtocol protocol)
    {
        (long, string?, string?, Spending)? entry;
        using (IJournalRows reader = connection.Read(
            $"""
            INSERT INTO task (endpoint, protocol, id, status, batch, name, created_at, updated_at, images, tokens, cost, ended_at, unsaved, snapshot)
            VALUES (COALESCE((SELECT endpoint FROM task WHERE {EndpointNames.AtService} AND id = @id LIMIT 1), @endpoint), @protocol, @id, @status,
                @batch, @name, @now, @now, @images, @tokens, @cost, @ended, @unsaved, @snapshot)
            ON CONFLICT (id, endpoint) WHERE id IS NOT NULL DO UPDATE SET
                status = excluded.status, snapshot = excluded.snapshot, images = excluded.images, tokens = excluded.tokens, cost = excluded.cost,
                ended_at = excluded.ended_at,
                unsaved = CASE WHEN excluded.status <> 'Completed' THEN excluded.unsaved WHEN excluded.images > {FilesOfTask} THEN 1 ELSE 0 END,
                updated_at = excluded.updated_at, held_key = {HeldOfExcluded}
            WHERE excluded.status IN ('Completed', 'Failed', 'Canceled') OR task.status NOT IN ('Completed', 'Failed', 'Canceled')
            RETURNING {SpendingStatements.Counted}
            """,
            [EndpointNames.Of(task.Endpoint), ("@endpoint", task.Endpoint!.AbsoluteUri), ("@protocol", protocol.ToString()), ("@id", task.Id),
                .. SnapshotOf(task), ("@batch", task.Batch), ("@name", task.Name)]))
        {
            if (!reader.Read())
                return false;
            entry = SpendingStatements.CountedOf(reader);
        }
        Budget.Settle(task, entry);
        return true;
    }

    /// <summary>Records a file of an image: before the rename that gives it its name, and after.</summary>
    public void File(ImageTask task, int image, SavedFile file, bool saved)
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

    /// <summary>Writes whether this process works on a task, as it is when the change is made. A lease of another process is left to it.</summary>
    /// <returns>Whether no other process has a lease on it.</returns>
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

    /// <summary>Sets the expiry of this process's lease. Leases that expired a day ago are of no use to anyone.</summary>
    public void Renew()
    {
        connection.Send(
            "INSERT INTO lease (instance, process, expires_at) VALUES (@mine, @process, @expires) ON CONFLICT (instance) DO UPDATE SET expires_at = excluded.expires_at",
            ("@mine", leases.Instance), ("@process", ProcessIdentity.Mine), ("@expires", connection.Now + (long)Leases.Length.TotalMilliseconds));
        connection.Send("DELETE FROM lease WHERE expires_at < @old", ("@old", connection.Now - (long)TimeSpan.FromDays(1).TotalMilliseconds));
    }

    /// <summary>Adds the entry of a run, once.</summary>
    public void BeginRun(ImageRun run, Uri endpoint) => connection.Send(
        "INSERT INTO run (id, batch, endpoint, owner, started_at) VALUES (@id, @batch, @endpoint, @mine, @started) ON CONFLICT (id) DO NOTHING",
        ("@id", run.Id), ("@batch", run.Batch), ("@endpoint", endpoint.AbsoluteUri), ("@mine", leases.Instance), ("@started", run.StartedAt.ToUnixTimeMilliseconds() + skew));

    /// <summary>Records the numbers of a run and how it ended.</summary>
    public void StoreRun(ImageRun run) => connection.Send(
        """
        UPDATE run SET ended_at = @ended, asked = @asked, bought = @bought, held = @held, refused = @refused, unknown = @unknown,
            skipped = @skipped, saved = @saved, failed = @failed, reason = @reason, exit_code = @exit WHERE id = @id
        """,
        ("@ended", run.EndedAt?.ToUnixTimeMilliseconds() + skew), ("@asked", run.Asked), ("@bought", run.Bought), ("@held", run.Held), ("@refused", run.Refused),
        ("@unknown", run.Unknown), ("@skipped", run.Skipped), ("@saved", run.Saved), ("@failed", run.Failed), ("@reason", run.Reason?.ToString()),
        ("@exit", run.ExitCode), ("@id", run.Id));

    /// <summary>Removes the entries of runs whose batches have no tasks any more.</summary>
    public void RemoveEmptyRuns() => connection.Send("DELETE FROM run WHERE NOT EXISTS (SELECT 1 FROM task WHERE task.batch = run.batch)");

    /// <summary>Whether an intent is still this process's: nobody has taken it for lost.</summary>
    public bool IsIntent(long row)
    {
        using IJournalRows reader = connection.Read("SELECT 1 FROM task WHERE row = @row AND status = 'Submitting' AND owner = @mine", ("@row", row), ("@mine", leases.Instance));
        return reader.Read();
    }

    /// <summary>
    /// Removes the finished tasks of a portion of the rows that are in no batch and have nothing unsaved, and all tasks of emulators, which
    /// have taken them along: their addresses have a part of one start (decision 0024).
    /// </summary>
    /// <param name="before">Rows that were begun later stay, in Unix milliseconds.</param>
    /// <param name="after">The last row of the previous portion.</param>
    /// <returns>How many were removed, and the last row of the portion; null when there is no more.</returns>
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

    /// <summary>The columns that repeat a snapshot, so that it need not be read to find, count or add up entries.</summary>
    private static (string, object?)[] SnapshotOf(ImageTask task) =>
    [
        ("@status", task.Status.ToString()), ("@snapshot", TaskSnapshot.Write(task)), ("@images", task.Image.Count), ("@tokens", task.TotalTokens),
        ("@cost", (double?)task.Cost), ("@ended", task.CompletedAt?.ToUnixTimeMilliseconds()),
        ("@unsaved", task.Status is ImageTaskStatus.Pending or ImageTaskStatus.Running || task is { Status: ImageTaskStatus.Completed, Image.Count: > 0 } ? 1 : 0),
    ];

    /// <summary>The prompt of the other entry that has an id; null when none has.</summary>
    private string? OwnerOf(string id, Uri? endpoint, long row)
    {
        using IJournalRows reader = connection.Read(
            $"SELECT {JournalRow.Columns} FROM {JournalRow.Source} WHERE {EndpointNames.AtService} AND id = @id AND task.row <> @row",
            EndpointNames.Of(endpoint), ("@id", id), ("@row", row));
        return reader.Read() ? JournalRow.Read(reader, leases).Task.Prompt ?? "another request" : null;
    }

    private bool IsLeasedByAnother((Uri? Endpoint, string Id) task)
    {
        using IJournalRows reader = connection.Read(
            $"SELECT {JournalRow.Columns} FROM {JournalRow.Source} WHERE {EndpointNames.AtService} AND id = @id AND owner IS NOT NULL AND owner <> @mine",
            EndpointNames.Of(task.Endpoint), ("@id", task.Id), ("@mine", leases.Instance));
        return reader.Read() && JournalRow.Read(reader, leases).IsLeased;
    }
}
