using System.Security.Cryptography;
using System.Text;
using NanoBanana.Client.Http;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Journal;

/// <summary>
/// Ids of accepted tasks that a shared journal could not take, because its database was away: they are kept in a file of this machine,
/// and go to the database at the next contact, of this process or of another one. The file is a journal with these entries alone.
/// </summary>
/// <param name="paths">Where the file can be, the best place first.</param>
/// <param name="time">The clock.</param>
internal sealed class LocalOutcomes(IReadOnlyList<string> paths, TimeProvider time)
{
    /// <summary>After this long without an answer of the database, an id is kept on this machine too.</summary>
    private static readonly TimeSpan KeepAfter = TimeSpan.FromSeconds(1);

    private volatile bool _mayHaveSome;

    /// <summary>Those of a shared journal: in the user's data folder, or in the folder for temporary files where that can't be written.</summary>
    /// <param name="journal">The name of the journal.</param>
    /// <param name="time">The clock.</param>
    public static LocalOutcomes Of(string journal, TimeProvider time)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(journal));
        string name = $"outcomes-{Hex.Of(hash).Substring(0, 16)}.db";
        string?[] folders = [DataFolder ?? JournalLocation.DataFolder(), Path.GetTempPath()];
        return new LocalOutcomes([.. folders.OfType<string>().Select(folder => Path.Combine(folder, "NanoBanana", name))], time);
    }

    /// <summary>Stands in for the user's data folder.</summary>
    internal static string? DataFolder { get; set; }

    /// <summary>Whether there may be some that the shared journal does not have.</summary>
    public bool MayHaveSome => _mayHaveSome;

    /// <summary>
    /// Keeps the id of an accepted task when the database does not take it soon: it may be away for longer than this process lives.
    /// </summary>
    /// <param name="write">The change of the shared journal.</param>
    /// <param name="claim">The claim of its intent.</param>
    /// <param name="task">The task.</param>
    /// <param name="protocol">Its protocol.</param>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.JournalRequired"/>: the database has not taken it; says where it is kept.</exception>
    public async Task KeepIfLateAsync(Task write, string claim, ImageTask task, ApiProtocol protocol)
    {
        using var written = new CancellationTokenSource();
        if (await Task.WhenAny(write, time.Sleep(KeepAfter, written.Token)).ConfigureAwait(false) == write && write.Status == TaskStatus.RanToCompletion)
        {
#pragma warning disable CA1849 // It cancels a timer.
            written.Cancel();
#pragma warning restore CA1849
            return;
        }
        string? path = await KeepAsync(claim, task, protocol).ConfigureAwait(false);
        _mayHaveSome = true;
        try
        {
            await write.ConfigureAwait(false);
        }
        catch (NanoBananaException e) when (path is not null && e.Kind == NanoBananaErrorKind.JournalRequired)
        {
            throw new NanoBananaException(e.Kind, $"{e.Message} The id is in '{path}' and goes to the journal when the database is there again.", e);
        }
    }

    /// <summary>Keeps the id of an accepted task.</summary>
    /// <param name="claim">The claim of its intent.</param>
    /// <param name="task">The task.</param>
    /// <param name="protocol">Its protocol.</param>
    /// <returns>The file; null when none can be written.</returns>
    private async Task<string?> KeepAsync(string claim, ImageTask task, ApiProtocol protocol)
    {
        foreach (string path in paths)
        {
            try
            {
                using TaskJournal local = TaskJournal.Open(path, time);
                await local.KeepAsync(claim, task, protocol).ConfigureAwait(false);
                return path;
            }
            catch (NanoBananaException e) when (e.Kind == NanoBananaErrorKind.JournalRequired)
            {
                // The next place may do.
            }
        }
        return null;
    }

    /// <summary>Gives what is kept to the shared journal.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.JournalRequired"/>: one of the two can't be used; nothing is lost.</exception>
    public async Task SettleAsync(TaskJournal shared)
    {
        // First: what is kept from now on is for the next time.
        _mayHaveSome = false;
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
            _mayHaveSome = true;
            throw;
        }
    }

    /// <summary>The same before the first claim: a submission that was accepted must not be told as unknown.</summary>
    public void SettleNow(TaskJournal shared)
    {
        try
        {
            SettleAsync(shared).GetAwaiter().GetResult();
        }
        catch (NanoBananaException e) when (e.Kind == NanoBananaErrorKind.JournalRequired)
        {
            // It is tried again with the renewals of the lease.
        }
    }
}
