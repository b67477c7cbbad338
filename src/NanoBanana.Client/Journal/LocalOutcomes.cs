using NanoBanana.Client.Http;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Journal;

/// <summary>
/// The ids of accepted tasks that could not be stored in a shared journal, because its database was not available. They are stored in a
/// file of this machine. This or another process copies them to the database at the next contact. The file is a journal with these
/// entries only.
/// </summary>
/// <param name="paths">The possible paths of the file, the preferred one first.</param>
/// <param name="time">The clock.</param>
internal sealed class LocalOutcomes(IReadOnlyList<string> paths, TimeProvider time)
{
    /// <summary>If the database has not answered after this time, an id is also stored on this machine.</summary>
    private static readonly TimeSpan StoreAfter = TimeSpan.FromSeconds(1);

    private volatile bool _mayHaveEntries;

    /// <summary>The outcomes for a shared journal: in the user's data folder, or else in the folder for temporary files.</summary>
    /// <param name="journal">The name of the journal.</param>
    /// <param name="time">The clock.</param>
    public static LocalOutcomes Of(string journal, TimeProvider time)
    {
        string name = $"outcomes-{Sha256Hex.Of(journal).Substring(0, 16)}.db";
        string?[] folders = [DataFolder ?? JournalLocation.DataFolder(), Path.GetTempPath()];
        return new LocalOutcomes([.. folders.OfType<string>().Select(folder => Path.Combine(folder, "NanoBanana", name))], time);
    }

    /// <summary>Replaces the user's data folder in tests.</summary>
    internal static string? DataFolder { get; set; }

    /// <summary>Whether the file may have ids that the shared journal does not have.</summary>
    public bool MayHaveEntries => _mayHaveEntries;

    /// <summary>Stores the id of an accepted task on this machine if the database does not store it within a second.</summary>
    /// <param name="write">The change of the shared journal.</param>
    /// <param name="claim">The claim of its intent.</param>
    /// <param name="task">The task.</param>
    /// <param name="protocol">Its protocol.</param>
    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.JournalRequired"/>: the database has not stored the id. The message contains the file that has it.
    /// </exception>
    public async Task StoreIfLateAsync(Task write, string claim, ImageTask task, ApiProtocol protocol)
    {
        using var written = new CancellationTokenSource();
        if (await Task.WhenAny(write, time.Sleep(StoreAfter, written.Token)).ConfigureAwait(false) == write
            && write.Status == TaskStatus.RanToCompletion)
        {
#pragma warning disable CA1849 // It cancels a timer.
            written.Cancel();
#pragma warning restore CA1849
            return;
        }
        string? path = await StoreAsync(claim, task, protocol).ConfigureAwait(false);
        _mayHaveEntries = true;
        try
        {
            await write.ConfigureAwait(false);
        }
        catch (NanoBananaException e) when (path is not null && e.Kind == NanoBananaErrorKind.JournalRequired)
        {
            throw new NanoBananaException(e.Kind, Messages.IdKeptInFile(e.Message, path), e);
        }
    }

    /// <summary>Stores the id of an accepted task.</summary>
    /// <param name="claim">The claim of its intent.</param>
    /// <param name="task">The task.</param>
    /// <param name="protocol">Its protocol.</param>
    /// <returns>The file; null if no file can be written.</returns>
    private async Task<string?> StoreAsync(string claim, ImageTask task, ApiProtocol protocol)
    {
        foreach (string path in paths)
        {
            try
            {
                using TaskJournal local = TaskJournal.Open(path, time);
                await local.StoreWithClaimAsync(claim, task, protocol).ConfigureAwait(false);
                return path;
            }
            catch (NanoBananaException e) when (e.Kind == NanoBananaErrorKind.JournalRequired)
            {
                // Try the next path.
            }
        }
        return null;
    }

    /// <summary>Copies the ids to the shared journal.</summary>
    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.JournalRequired"/>: a journal can't be used. No id is lost.
    /// </exception>
    public async Task TransferAsync(TaskJournal shared)
    {
        // Cleared first, so that an id that is stored from now on sets it again.
        _mayHaveEntries = false;
        try
        {
            foreach (string path in paths.Where(File.Exists))
            {
                using TaskJournal local = TaskJournal.Open(path, time);
                foreach ((string claim, ImageTask task) in local.Reader.Claims())
                {
                    await shared.AcceptAsync(claim, task).ConfigureAwait(false);
                    await local.RemoveAsync(task).ConfigureAwait(false);
                }
            }
        }
        catch
        {
            _mayHaveEntries = true;
            throw;
        }
    }

    /// <summary>Copies the ids before the first claim, so that an accepted submission is not reported as unknown.</summary>
    public void TransferNow(TaskJournal shared)
    {
        try
        {
            TransferAsync(shared).GetAwaiter().GetResult();
        }
        catch (NanoBananaException e) when (e.Kind == NanoBananaErrorKind.JournalRequired)
        {
            // Renewals of the lease retry it.
        }
    }
}
