using System.Text.RegularExpressions;
using NanoBanana.Client.Files;
using NanoBanana.Client.Images;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Gallery;

/// <summary>A small image that the page shows instead of a large one.</summary>
/// <param name="Address">The address, relative to the page; null if it is embedded.</param>
/// <param name="Data">The WebP image, if it is embedded.</param>
/// <param name="Problem">The reason why there is no thumbnail; null if there is one.</param>
internal sealed record Thumbnail(string? Address, byte[]? Data, string? Problem);

/// <summary>
/// Creates the thumbnails of a gallery: as files in the folder <c>fox_files</c> beside <c>fox.html</c>, or embedded. A file is named after
/// the path, length and time of its image, so an existing file is current and is used again. If it is disposed before the gallery is
/// complete, the new files are removed. Thread-safe.
/// </summary>
/// <param name="page">The full path of the first page.</param>
/// <param name="embed">Whether the thumbnails are embedded.</param>
internal sealed class ThumbnailMaker(string page, bool embed) : IDisposable
{
    /// <summary>An image with at most this number of bytes needs no thumbnail.</summary>
    public const int SmallFile = 64 * 1024;

    /// <summary>
    /// The size of a card's frame on a screen with two pixels per CSS pixel: about 400 pixels wide for the usual aspect ratios.
    /// </summary>
    private static readonly PixelSize Box = new(512, 384);

    private static readonly Regex Name = new("^[0-9a-f]{24}\\.webp$", RegexOptions.CultureInvariant);

    private readonly string _folder = FolderOf(page);
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);
    private readonly List<string> _made = [];
    private bool _isComplete;

    /// <summary>The folder of a gallery's thumbnails. Windows Explorer moves and copies a folder of this name with the page.</summary>
    public static string FolderOf(string page) =>
        Path.Combine(Path.GetDirectoryName(page)!, Path.GetFileNameWithoutExtension(page) + "_files");

    /// <summary>The thumbnail of an image; null for a small image, or for a format that only the browser decodes.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.WriteFailed"/>: the thumbnail can't be written.</exception>
    public Thumbnail? Of(GalleryImage image, CancellationToken stop)
    {
        if (image.Length <= SmallFile || image.MediaType is not ("image/png" or "image/jpeg" or "image/webp"))
            return null;
        try
        {
            if (embed)
                return new Thumbnail(null, Shrink(image, stop), null);
            string path = Path.Combine(_folder, NameOf(image));
            lock (_used)
                _used.Add(Path.GetFileName(path));
            if (!File.Exists(path))
                Write(path, Shrink(image, stop));
            return new Thumbnail(RelativeUrl.Between(Path.GetDirectoryName(page)!, path), null, null);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return new Thumbnail(null, null, Messages.NoThumbnail(Path.GetFileName(image.Path), e.Message.TrimEnd('.')));
        }
    }

    /// <summary>Keeps the files, and removes files of earlier galleries at the same path that this gallery does not use.</summary>
    public void Keep()
    {
        _isComplete = true;
        Try(RemoveUnused);
    }

    /// <summary>Call this only when no thumbnail is being created.</summary>
    public void Dispose()
    {
        ImageConverter.ReleaseMemory();
        if (_isComplete || _made.Count == 0)
            return;
        _made.ForEach(PartFile.TryDelete);
        RemoveIfEmpty(_folder);
    }

    private static byte[] Shrink(GalleryImage image, CancellationToken stop)
    {
        using FileStream file = image.Open(image.Path);
        // A decoder decodes an incomplete image without an error.
        var end = new ImageEnd();
        byte[] buffer = new byte[80 * 1024];
        for (int read; !end.IsReached && (read = file.Read(buffer, 0, buffer.Length)) > 0;)
            end.Append(buffer.AsSpan(0, read));
        if (!end.IsReached)
            throw new InvalidDataException(Messages.ImageCutOff);
        file.Position = 0;
        return ImageConverter.Shrink(file, Box, InputImage.MaximumPixels, stop);
    }

    private void Write(string path, byte[] bytes)
    {
        using var draft = new DraftFile(path, DraftFile.Open);
        draft.Write(() => draft.Content.Write(bytes, 0, bytes.Length));
        lock (_used)
            _made.Add(path);
        draft.Publish(replace: true);
    }

    private string NameOf(GalleryImage image)
    {
        string address = RelativeUrl.Between(Path.GetDirectoryName(page)!, image.Path);
        string state = FormattableString.Invariant($"{address}\n{image.Length}\n{image.Written.Ticks}\n{Box}");
        return Sha256Hex.Of(state).Substring(0, 24) + ".webp";
    }

    private void RemoveUnused()
    {
        if (!Directory.Exists(_folder))
            return;
        string[] unused = [.. Directory.GetFiles(_folder, "*.webp")
            .Where(path => Path.GetFileName(path) is var name && Name.IsMatch(name) && !_used.Contains(name))];
        foreach (string path in unused)
            PartFile.TryDelete(path);
        if (unused.Length > 0)
            RemoveIfEmpty(_folder);
    }

    private static void RemoveIfEmpty(string folder) => Try(() =>
    {
        if (!Directory.EnumerateFileSystemEntries(folder).Any())
            Directory.Delete(folder);
    });

    /// <summary>A file or folder that can't be removed remains and does no harm.</summary>
    private static void Try(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }
}
