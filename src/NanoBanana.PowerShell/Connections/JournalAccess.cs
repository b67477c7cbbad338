using NanoBanana.Client.Files;
using NanoBanana.Client.Journal;
using NanoBanana.Client.Purchases;
using NanoBanana.Client.Wire;
using NanoBanana.Loading;

namespace NanoBanana.Connections;

/// <summary>
/// The journal of one command. Where it is was decided when the command began. What only asks makes and changes nothing; a command
/// before it in the pipeline may make the file, so where there is none it is looked for again.
/// </summary>
/// <param name="named">The value of <c>$env:NANOBANANA_JOURNAL</c>.</param>
/// <param name="fullPath">Makes a full path of it. Called from any thread.</param>
/// <param name="endpoint">Where the connection of the command leads; null where there is none.</param>
/// <param name="stop">Ends the queries.</param>
internal sealed class JournalAccess(string? named, Func<string, string> fullPath, Uri? endpoint, CancellationToken stop) : IDisposable
{
    private JournalReader? _reader;
    private bool _hasFailed;

    /// <summary>The journal; null where there is none yet.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.JournalRequired"/>: there is to be none, or it can't be read.</exception>
    /// <exception cref="OperationCanceledException">The pipeline has stopped; so do all queries of the reader.</exception>
    public JournalReader? Open() => _reader ??= Handle.Read(Location.Service, stop);

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

    /// <summary>Where the journal is.</summary>
    public JournalLocation Location => JournalLocation.Of(endpoint, named, fullPath);

    /// <summary>The full path of the journal, or the address of a database without its password; null where there is to be none.</summary>
    public string? Path => Location.Path;

    /// <summary>For a look that makes and waits for nothing; null where there is no journal yet.</summary>
    /// <param name="service">Whose tasks are looked for.</param>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.JournalRequired"/>: there is to be none, or it can't be read.</exception>
    public JournalReader? Glance(Uri service) => HandleOf(service).Glance();

    /// <summary>The same for completion, where no command runs: the journal of the current connection.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.JournalRequired"/>: there is to be none, or it can't be read.</exception>
    public static JournalReader? Glance()
    {
        JournalLocation location = JournalLocation.Of(RunspaceData.Current.Endpoint, PathReader.NamedJournal, PathReader.JournalOfSession);
        return location.Handle(TimeProvider.System).Glance(location.Service);
    }

    /// <summary>
    /// Whether a file is, byte for byte, what the batch of a request has saved there for it, or for the older request of the same name
    /// that it supersedes.
    /// </summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.JournalRequired"/>: it can't be read.</exception>
    public bool HasSaved(ImageRequest request, Uri service, string path)
    {
        if (request.Batch is null)
            return false;
        using JournalReader? journal = HandleOf(service).Read();
        ImageTask? task = journal?.Holder(request, service)
            ?? (request.Name is null ? null : journal?.Batch(request.Batch, service).FirstOrDefault(task => task.Name == request.Name));
        return task is not null && Enumerable.Range(0, task.Image.Count).Any(image => journal!.Files(task, image)
            .Any(file => PurchaseFiles.IsThere(new SavedImage(path, task, image, file.Length, PixelSize: null, file.Sha256))));
    }

    /// <summary>The journal for a command that changes it.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.JournalRequired"/>: there is none.</exception>
    public TaskJournal Require()
    {
        ModuleLifetime.UsesJournal();
        return Handle.Require();
    }

    /// <summary>A client that records its purchases here.</summary>
    public NanoBananaClient ClientOf(NanoBananaConnection connection)
    {
        ModuleLifetime.UsesJournal();
        JournalLocation location = JournalLocation.Of(connection.Endpoint, named, fullPath);
        return ConnectionResolver.ClientOf(connection).With(() => location.Handle(TimeProvider.System));
    }

    private JournalHandle Handle => Location.Handle(TimeProvider.System);

    private JournalHandle HandleOf(Uri service) => JournalLocation.Of(service, named, fullPath).Handle(TimeProvider.System);
}
