using NanoBanana.Client.Files;
using NanoBanana.Client.Images;

namespace NanoBanana.Client.Gallery;

/// <summary>An image file as it is on the disk now.</summary>
/// <param name="Path">The full path.</param>
/// <param name="Length">Its size in bytes.</param>
/// <param name="MediaType">What its first bytes say that it is, such as <c>image/png</c>.</param>
/// <param name="Size">Width and height; null when the bytes don't say.</param>
/// <param name="Written">When it was last written (UTC).</param>
/// <param name="Open">Opens it again.</param>
internal sealed record GalleryImage(string Path, long Length, string MediaType, PixelSize? Size, DateTime Written, Func<string, FileStream> Open)
{
    /// <summary>A multiple of 3, so that only the last piece of base64 is padded.</summary>
    private const int BufferSize = 48 * 1024;

    /// <summary>Looks at a file.</summary>
    /// <param name="path">The full path.</param>
    /// <param name="open">Opens it.</param>
    /// <param name="problem">Why there is no image to show: what is to be said of its name.</param>
    public static GalleryImage? Find(string path, Func<string, FileStream> open, out string? problem)
    {
        try
        {
            problem = null;
            using FileStream file = open(path);
            var dimensions = new ImageDimensions();
            byte[] buffer = new byte[BufferSize];
            int read = Fill(file, buffer);
            if (ImageFormat.MediaTypeOf(buffer.AsSpan(0, read)) is not { } mediaType)
            {
                problem = "is not an image.";
                return null;
            }
            for (; read > 0 && dimensions.Size is null; read = Fill(file, buffer))
                dimensions.Append(buffer.AsSpan(0, read));
            (long length, DateTime written) = RegularFile.StateOf(file);
            return new GalleryImage(path, length, mediaType, dimensions.Size, written, open);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problem = Explain(e);
            return null;
        }
    }

    /// <summary>Writes its bytes as base64, a piece at a time: however large it is, it is never in memory as a whole.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidRequest"/>: it can't be read any more. A part may be written.</exception>
    public void WriteBase64(TextWriter output, CancellationToken stop)
    {
        using FileStream file = Read(() => Open(Path));
        byte[] buffer = new byte[BufferSize];
        char[] text = new char[BufferSize / 3 * 4];
        int read;
        while ((read = Read(() => Fill(file, buffer))) > 0)
        {
            stop.ThrowIfCancellationRequested();
            output.Write(text, 0, Convert.ToBase64CharArray(buffer, 0, read, text, 0));
        }
    }

    /// <summary>An error of the image is not to be taken for one of the page, which is written at the same time.</summary>
    private T Read<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new NanoBananaException(NanoBananaErrorKind.InvalidRequest, $"{System.IO.Path.GetFileName(Path)} {Explain(e)}", e);
        }
    }

    private static string Explain(Exception e) => e is FileNotFoundException or DirectoryNotFoundException
        ? "is not there any more."
        : $"can't be read: {e.Message}";

    /// <summary>Reads until the buffer is full or the file ends: a read may return less.</summary>
    private static int Fill(FileStream file, byte[] buffer)
    {
        int filled = 0;
        int read;
        while (filled < buffer.Length && (read = file.Read(buffer, filled, buffer.Length - filled)) > 0)
            filled += read;
        return filled;
    }
}

/// <summary>The way from a page to a file, as an address: the folder of both can be moved and sent as a whole.</summary>
internal static class RelativeUrl
{
    /// <param name="directory">The full path of the page's folder.</param>
    /// <param name="file">The full path of the file.</param>
    /// <returns>A relative address; an absolute one for a file on another drive.</returns>
    public static string Between(string directory, string file)
    {
        if (RelativePath.Segments(directory, file) is { } way)
            return Join(way);
        string root = Path.GetPathRoot(file)!;
        return new Uri(root).AbsoluteUri.TrimEnd('/') + "/" + Join(RelativePath.Segments(root, file)!);
    }

    // By itself: System.Uri takes a percent sign in a path for an escape that is there already.
    private static string Join(string[] segments) => string.Join("/", segments.Select(Uri.EscapeDataString));
}
