namespace NanoBanana.Client.Journal;

/// <content>What is removed from the journal.</content>
public sealed partial class TaskJournal
{
    /// <summary>Removes a task from the journal.</summary>
    /// <returns>False if the journal does not have it.</returns>
    public async Task<bool> RemoveAsync(ImageTask task) => await RemoveAsync([task]).ConfigureAwait(false) > 0;

    /// <summary>Removes tasks from the journal in one transaction.</summary>
    /// <returns>The number of removed tasks.</returns>
    public async Task<int> RemoveAsync(IReadOnlyCollection<ImageTask> tasks)
    {
        // Read before the transaction: a pool with one connection has no second connection for the reader.
        long[] rows = [.. tasks.Select(task => task.JournalRow ?? Reader.RowOf(task)).OfType<long>()];
        return await WriteAsync(changes =>
        {
            int removed = rows.Count(changes.Remove);
            changes.RemoveEmptyRuns();
            return removed;
        }).ConfigureAwait(false);
    }

    /// <summary>
    /// Removes finished tasks that were created before a time: failed, canceled, or saved, and in no batch. Tasks that are not saved or
    /// have an unknown outcome stay at any age.
    /// </summary>
    /// <returns>The number of removed tasks.</returns>
    public async Task<int> TrimAsync(DateTimeOffset before)
    {
        // In portions, so that other changes wait for at most one of them in a journal of any size.
        (int removed, long? last) = (0, 0);
        while (last is { } after)
        {
            (int more, last) = await WriteAsync(changes => changes.Trim(before.ToUnixTimeMilliseconds(), after)).ConfigureAwait(false);
            removed += more;
        }
        if (removed > 0)
            await ReturnFreeSpaceAsync().ConfigureAwait(false);
        return removed;
    }

    /// <summary>Returns the free space of removed entries to the file system, in portions.</summary>
    public async Task ReturnFreeSpaceAsync()
    {
        const int Pages = 1000;
        while (await _writer.WriteAsync(connection => connection.ReturnFreePages(Pages)).ConfigureAwait(false))
        {
        }
    }
}
