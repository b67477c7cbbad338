using NanoBanana.Client.Files;
using NanoBanana.Client.Journal;
using NanoBanana.Client.Purchases;
using NanoBanana.Client.Wire;

namespace NanoBanana.Connections;

/// <summary>The journal of this user, for commands that need no connection.</summary>
internal static class JournalAccess
{
    /// <summary>For a look that makes and waits for nothing; null where there is no journal yet.</summary>
    /// <param name="endpoint">Whose tasks are looked for; null for those of all.</param>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.JournalRequired"/>: there is to be none, or it can't be read.</exception>
    public static JournalReader? Glance(Uri? endpoint = null) => JournalHandle.FromEnvironment(endpoint, TimeProvider.System).Glance();

    /// <summary>
    /// Whether a file is, byte for byte, what the batch of a request has saved there for it, or for the older request of the same name
    /// that it supersedes.
    /// </summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.JournalRequired"/>: it can't be read.</exception>
    public static bool HasSaved(ImageRequest request, Uri endpoint, string path)
    {
        if (request.Batch is null)
            return false;
        using JournalReader? journal = JournalHandle.FromEnvironment(endpoint, TimeProvider.System).Read();
        ImageTask? task = journal?.Holder(request, endpoint)
            ?? (request.Name is null ? null : journal?.Batch(request.Batch, endpoint).FirstOrDefault(task => task.Name == request.Name));
        return task is not null && Enumerable.Range(0, task.Image.Count).Any(image => journal!.Files(task, image)
            .Any(file => PurchaseFiles.IsThere(new SavedPicture(path, task, image, file.Length, PixelSize: null, file.Sha256))));
    }

    /// <summary>The journal for a command that changes it.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.JournalRequired"/>: there is none.</exception>
    public static TaskJournal Require()
    {
        Loading.JournalCloser.MarkUsed();
        return JournalHandle.FromEnvironment(endpoint: null, TimeProvider.System).Require();
    }
}
