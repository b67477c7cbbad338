using NanoBanana.Client.Files;
using NanoBanana.Client.Journal;
using NanoBanana.Client.Purchases;
using NanoBanana.Client.Wire;
using NanoBanana.Loading;

namespace NanoBanana.Connections;

/// <summary>
/// The journal of one command. Its path is fixed when the command starts. Reading creates and changes nothing. If the file does not exist,
/// the next read looks for it again, because an earlier command in the pipeline can create it.
/// </summary>
/// <param name="named">The value of <c>$env:NANOBANANA_JOURNAL</c>.</param>
/// <param name="fullPath">Returns the full path of a path. Any thread can call it.</param>
/// <param name="endpoint">The endpoint of the command's connection; null without a connection.</param>
/// <param name="stop">Ends the queries.</param>
internal sealed class JournalAccess(string? named, Func<string, string> fullPath, Uri? endpoint, CancellationToken stop) : IDisposable
{
    private JournalReader? _reader;
    private bool _hasFailed;

    /// <summary>The journal; null if it does not exist yet.</summary>
    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.JournalRequired"/>: it is turned off, or can't be read.
    /// </exception>
    /// <exception cref="OperationCanceledException">The pipeline has stopped. This also ends all queries of the reader.</exception>
    public JournalReader? Open() => _reader ??= Handle.Read(Location.Service, stop);

    /// <summary>The journal for a command that also works without it; null also if it can't be read. Tries only once.</summary>
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

    /// <summary>The location of the journal.</summary>
    public JournalLocation Location => JournalLocation.Of(endpoint, named, fullPath);

    /// <summary>The full path of the journal, or the address of a database without its password; null if it is turned off.</summary>
    public string? Path => Location.Path;

    /// <summary>The journal for a quick read that creates nothing and does not wait; null if it does not exist yet.</summary>
    /// <param name="service">The service of the tasks.</param>
    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.JournalRequired"/>: it is turned off, or can't be read.
    /// </exception>
    public JournalReader? ReadNow(Uri service) => HandleOf(service).ReadNow();

    /// <summary>The journal of the current connection for completion, which runs without a command.</summary>
    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.JournalRequired"/>: it is turned off, or can't be read.
    /// </exception>
    public static JournalReader? ReadNow()
    {
        JournalLocation location = JournalLocation.Of(RunspaceData.Current.Endpoint, PathReader.NamedJournal, PathReader.JournalOfSession);
        return location.Handle(TimeProvider.System).ReadNow(location.Service);
    }

    /// <summary>
    /// Whether a file is unchanged since the batch saved it for a request, or for the older request of the same name that it supersedes.
    /// </summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.JournalRequired"/>: the journal can't be read.</exception>
    public bool HasSaved(ImageRequest request, Uri service, string path)
    {
        if (request.Batch is null)
            return false;
        using JournalReader? journal = HandleOf(service).Read();
        ImageTask? task = journal?.FindByRequest(request, service)
            ?? (request.Name is null ? null : journal?.Batch(request.Batch, service).FirstOrDefault(task => task.Name == request.Name));
        return task is not null && Enumerable.Range(0, task.Image.Count).Any(image => journal!.Files(task, image)
            .Any(file => PurchaseFiles.IsSaved(new SavedImage(path, task, image, file.Length, PixelSize: null, file.Sha256))));
    }

    /// <summary>The journal for a command that changes it.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.JournalRequired"/>: it can't be used.</exception>
    public TaskJournal Require()
    {
        ModuleLifetime.UsesJournal();
        return Handle.Require();
    }

    /// <summary>A client that records its submissions in this journal.</summary>
    public NanoBananaClient ClientOf(NanoBananaConnection connection)
    {
        ModuleLifetime.UsesJournal();
        JournalLocation location = JournalLocation.Of(connection.Endpoint, named, fullPath);
        return ConnectionResolver.ClientOf(connection).With(() => location.Handle(TimeProvider.System));
    }

    private JournalHandle Handle => Location.Handle(TimeProvider.System);

    private JournalHandle HandleOf(Uri service) => JournalLocation.Of(service, named, fullPath).Handle(TimeProvider.System);
}
