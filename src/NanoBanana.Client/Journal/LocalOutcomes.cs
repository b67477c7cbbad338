using System.Security.Cryptography;
using System.Text;
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

    /// <summary>Keeps the id of an accepted task.</summary>
    /// <param name="claim">The claim of its intent.</param>
    /// <param name="task">The task.</param>
    /// <param name="protocol">Its protocol.</param>
    /// <returns>The file; null when none can be written.</returns>
    public async Task<string?> KeepAsync(string claim, ImageTask task, ApiProtocol protocol)
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
}
