using NanoBanana.Client.Files;
using NanoBanana.Client.Journal;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Gallery;

/// <summary>An input image of a task: a file, or an address.</summary>
/// <param name="Name">The name of the file, or a short form of the address.</param>
internal sealed record GallerySource(string Name)
{
    private const string DataScheme = "data:";

    /// <summary>The full path of the file; null for an address.</summary>
    public string? Path { get; init; }

    /// <summary>The http or https address; null for a file.</summary>
    public string? Address { get; init; }

    /// <summary>The task that made the file; null if it is not known.</summary>
    public ImageTask? Task { get; init; }

    /// <summary>The reason why the file is not shown; null without a reason.</summary>
    public string? Problem { get; init; }

    /// <summary>The input images of a task, in their order.</summary>
    /// <param name="task">The task.</param>
    /// <param name="journal">The journal with the tasks of files; null without a journal.</param>
    /// <param name="metadata">The JSON of the task, if there is one. The files that it names are checked.</param>
    /// <param name="directory">The folder of the JSON.</param>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.JournalRequired"/>: the journal can't be read.</exception>
    public static IReadOnlyList<GallerySource> Of(
        ImageTask task, JournalReader? journal, ImageMetadata? metadata = null, string? directory = null)
    {
        var sources = new List<GallerySource>();
        var files = new Queue<GallerySource>((task.ImagePath ?? []).Select((path, i) => OfFile(path, metadata, directory, i)));
        foreach (string url in task.ImageUrl ?? [])
        {
            if (!url.StartsWith(DataScheme, StringComparison.OrdinalIgnoreCase))
                sources.Add(OfAddress(url));
            else
                sources.Add(files.Count > 0 ? files.Dequeue() : new GallerySource(Messages.InputNotStored));
        }
        // A snapshot of another version may have no notes for files.
        sources.AddRange(files);
        return [.. sources.Select(source => source.Path is { } path ? source with { Task = GalleryEntry.MakerOf(path, journal) } : source)];
    }

    private static GallerySource OfFile(string path, ImageMetadata? metadata, string? directory, int number)
    {
        var source = new GallerySource(System.IO.Path.GetFileName(path)) { Path = path };
        if (metadata is null)
            return source;
        if (metadata.MadeFrom?.ElementAtOrDefault(number) is not { Path: not null } recorded)
            return source with { Path = null, Problem = Messages.FileMayHaveChanged };
        string? found = recorded.Find(directory!, path, out string? problem);
        return source with { Path = found, Problem = problem };
    }

    private static GallerySource OfAddress(string url)
    {
        bool isWeb = Uri.TryCreate(url, UriKind.Absolute, out Uri? address)
            && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps);
        // Without the query, because a signature is long and has no meaning for readers.
        return isWeb
            ? new GallerySource(TextSafety.Excerpt(address!.Host + address.AbsolutePath, 80)) { Address = address.AbsoluteUri }
            : new GallerySource(TextSafety.Excerpt(url, 80));
    }
}
