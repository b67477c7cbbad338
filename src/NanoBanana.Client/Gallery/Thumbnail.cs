using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using NanoBanana.Client.Files;
using NanoBanana.Client.Images;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Gallery;

/// <summary>A small image that stands for a large one on the page.</summary>
/// <param name="Address">Its address, relative to the page; null when it is in the page itself.</param>
/// <param name="Data">A WebP image, for the page itself.</param>
/// <param name="Problem">Why there is none; null when there is one.</param>
internal sealed record Thumbnail(string? Address, byte[]? Data, string? Problem);

/// <summary>
/// Makes the thumbnails of a gallery: as files of the folder <c>fox_files</c> beside <c>fox.html</c>, or for the page itself. A file is
/// named after the path, length and time of its image, so one that exists is current and is used again. Disposed before the gallery is
/// whole, the files that it has made are removed. Thread-safe.
/// </summary>
/// <param name="page">The full path of the first page.</param>
/// <param name="embed">Whether they go into the page itself.</param>
internal sealed class ThumbnailMaker(string page, bool embed) : IDisposable
{
    /// <summary>A smaller image is as quick as its thumbnail.</summary>
    public const int SmallFile = 64 * 1024;

    /// <summary>The most pixels: four bytes each while an image is decoded.</summary>
    private const long MaximumPixels = 128L * 1000 * 1000;

    /// <summary>A card's frame on a screen of two pixels for one: about 400 pixels wide for the usual shapes.</summary>
    private static readonly PixelSize Box = new(512, 384);

    private static readonly Regex Name = new("^[0-9a-f]{24}\\.webp$", RegexOptions.CultureInvariant);

    private readonly string _folder = FolderOf(page);
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);
    private readonly List<string> _made = [];
    private bool _isWhole;

    /// <summary>The folder of a gallery's thumbnails. The Explorer of Windows moves and copies it with a page of that name.</summary>
    public static string FolderOf(string page) =>
        Path.Combine(Path.GetDirectoryName(page)!, Path.GetFileNameWithoutExtension(page) + "_files");

    /// <summary>The thumbnail of an image; null for one that is small enough, or of a format that only the browser can decode.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.WriteFailed"/>: it can't be written.</exception>
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
            return new Thumbnail(null, null, $"There is no thumbnail of {Path.GetFileName(image.Path)}: {e.Message.TrimEnd('.')}.");
        }
    }

    /// <summary>Keeps the files, and removes those of earlier galleries at the same path that this one does not use.</summary>
    public void Keep()
    {
        _isWhole = true;
        Try(RemoveUnused);
    }

    /// <summary>Call it when nothing is being made any more.</summary>
    public void Dispose()
    {
        ImageConverter.ReleaseMemory();
        if (_isWhole || _made.Count == 0)
            return;
        _made.ForEach(TryDelete);
        RemoveIfEmpty(_folder);
    }

    private static byte[] Shrink(GalleryImage image, CancellationToken stop)
    {
        using FileStream file = image.Open(image.Path);
        // A decoder makes something of the half of an image too, without a word.
        var end = new ImageEnd();
        byte[] buffer = new byte[80 * 1024];
        for (int read; !end.IsReached && (read = file.Read(buffer, 0, buffer.Length)) > 0;)
            end.Append(buffer.AsSpan(0, read));
        if (!end.IsReached)
            throw new InvalidDataException("it is cut off");
        file.Position = 0;
        return ImageConverter.Shrink(file, Box, MaximumPixels, stop);
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
        string state = FormattableString.Invariant($"{RelativeUrl.Between(Path.GetDirectoryName(page)!, image.Path)}\n{image.Length}\n{image.Written.Ticks}\n{Box}");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(state));
        return Hex.Of(hash).Substring(0, 24) + ".webp";
    }

    private void RemoveUnused()
    {
        if (!Directory.Exists(_folder))
            return;
        string[] unused = [.. Directory.GetFiles(_folder, "*.webp").Where(path => Path.GetFileName(path) is var name && Name.IsMatch(name) && !_used.Contains(name))];
        foreach (string path in unused)
            TryDelete(path);
        if (unused.Length > 0)
            RemoveIfEmpty(_folder);
    }

    private static void RemoveIfEmpty(string folder) => Try(() =>
    {
        if (!Directory.EnumerateFileSystemEntries(folder).Any())
            Directory.Delete(folder);
    });

    private static void TryDelete(string path) => Try(() => File.Delete(path));

    /// <summary>What can't be removed stays: it is in nobody's way.</summary>
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
