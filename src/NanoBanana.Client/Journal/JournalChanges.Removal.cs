using NanoBanana.Client.Journal.Storage;

namespace NanoBanana.Client.Journal;

/// <content>What is removed from the journal.</content>
internal readonly partial struct JournalChanges
{
    /// <summary>Removes an entry. The entry that it superseded refers to its successor, or is current again.</summary>
    public bool Remove(long row)
    {
        connection.Send(
            "UPDATE task SET superseded_by = (SELECT superseded_by FROM task WHERE row = @row) WHERE superseded_by = @row", ("@row", row));
        return connection.Run("DELETE FROM task WHERE row = @row", ("@row", row)) > 0;
    }

    /// <summary>Removes the entries of runs whose batches no longer have tasks.</summary>
    public void RemoveEmptyRuns() => connection.Send("DELETE FROM run WHERE NOT EXISTS (SELECT 1 FROM task WHERE task.batch = run.batch)");

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
}
