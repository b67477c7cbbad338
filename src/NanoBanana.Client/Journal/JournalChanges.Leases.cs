using NanoBanana.Client.Files;
using NanoBanana.Client.Journal.Storage;

namespace NanoBanana.Client.Journal;

/// <content>Leases of processes on tasks.</content>
internal readonly partial struct JournalChanges
{
    /// <summary>
    /// Removes the owner of a task. With <c>=</c> for the owner, SQLite would search all entries that this process has a lease on.
    /// </summary>
    internal const string ReleaseTask =
        $"UPDATE task SET owner = NULL WHERE {EndpointNames.AtService} AND id = @id AND owner IS NOT DISTINCT FROM @mine";

    /// <summary>
    /// Writes whether this process has a lease on a task at the time of the change. A lease of another process is not changed.
    /// </summary>
    /// <returns>False if another process has a lease on it.</returns>
    public bool WriteOwner((Uri? Endpoint, string Id) task)
    {
        if (!leases.Has(task))
        {
            connection.Send(ReleaseTask, EndpointNames.Of(task.Endpoint), ("@id", task.Id), ("@mine", leases.Instance));
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
