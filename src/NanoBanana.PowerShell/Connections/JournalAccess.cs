using NanoBanana.Client.Files;
using NanoBanana.Client.Journal;
using NanoBanana.Client.Purchases;
using NanoBanana.Client.Wire;
using NanoBanana.Loading;

namespace NanoBanana.Connections;

/// <summary>
/// The journal of this user, for commands that need no connection. An instance is for a command that only asks: nothing is made or
/// changed. A command before it in the pipeline may make the file, so where there is none it is looked for again.
/// </summary>
/// <param name="stop">Ends the queries of the instance.</param>
internal sealed class JournalAccess(CancellationToken stop) : IDisposable
{
    private JournalReader? _reader;
    private bool _hasFailed;

    /// <summary>The journal; null where there is none yet.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.JournalRequired"/>: there is to be none, or it can't be read.</exception>
    /// <exception cref="OperationCanceledException">The pipeline has stopped; so do all queries of the reader.</exception>
    public JournalReader? Open() => _reader ??= HandleOf(null).Read(stop);

    /// <summary>The journal for a command that does with less without it; null also where it can't be read, which is tried once.</summary>
    public JournalReader? TryOpen()
    {
        try
        {
            return _hasFailed ? null : Open();
        }
        catch (NanoBananaException e) when (e.Kind == NanoBananaErrorKind.JournalRequired)
        {
            _hasFailed = true;
            return null;
        }
    }

    public void Dispose() => _reader?.Dispose();

    /// <summary>The full path of the journal; null where there is to be none.</summary>
    public static string? Path => JournalLocation.FromEnvironment().Path;

    /// <summary>For a look that makes and waits for nothing; null where there is no journal yet.</summary>
    /// <param name="endpoint">Whose tasks are looked for; null for those of all.</param>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.JournalRequired"/>: there is to be none, or it can't be read.</exception>
    public static JournalReader? Glance(Uri? endpoint = null) => HandleOf(endpoint).Glance();

    /// <summary>
    /// Whether a file is, byte for byte, what the batch of a request has saved there for it, or for the older request of the same name
    /// that it supersedes.
    /// </summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.JournalRequired"/>: it can't be read.</exception>
    public static bool HasSaved(ImageRequest request, Uri endpoint, string path)
    {
        if (request.Batch is null)
            return false;
        using JournalReader? journal = HandleOf(endpoint).Read();
        ImageTask? task = journal?.Holder(request, endpoint)
            ?? (request.Name is null ? null : journal?.Batch(request.Batch, endpoint).FirstOrDefault(task => task.Name == request.Name));
        return task is not null && Enumerable.Range(0, task.Image.Count).Any(image => journal!.Files(task, image)
            .Any(file => PurchaseFiles.IsThere(new SavedPicture(path, task, image, file.Length, PixelSize: null, file.Sha256))));
    }

    /// <summary>The journal for a command that changes it.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.JournalRequired"/>: there is none.</exception>
    public static TaskJournal Require()
    {
        ModuleLifetime.UsesJournal();
        return HandleOf(null).Require();
    }

    private static JournalHandle HandleOf(Uri? endpoint) => JournalHandle.FromEnvironment(endpoint, TimeProvider.System);
}
