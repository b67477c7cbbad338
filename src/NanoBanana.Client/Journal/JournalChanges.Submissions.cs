using NanoBanana.Client.Journal.Storage;
using NanoBanana.Client.Text;
using NanoBanana.Client.Wire;

namespace NanoBanana.Client.Journal;

/// <content>Submissions: from the intent to the id of the task or the unknown outcome.</content>
internal readonly partial struct JournalChanges
{
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

    /// <summary>Whether an intent is still leased to this process, so that no other process has marked it as unknown.</summary>
    public bool IsIntent(long row)
    {
        using IJournalRows reader = connection.Read(
            "SELECT 1 FROM task WHERE row = @row AND status = 'Submitting' AND owner = @mine", ("@row", row), ("@mine", leases.Instance));
        return reader.Read();
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
}
