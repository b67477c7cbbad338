using NanoBanana.Client.Files;
using NanoBanana.Client.Images;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Gallery;

/// <summary>The current state of an image file.</summary>
/// <param name="Path">The full path.</param>
/// <param name="Length">The size in bytes.</param>
/// <param name="MediaType">The media type of its content, such as <c>image/png</c>.</param>
/// <param name="Size">The width and height; null if they can't be read.</param>
/// <param name="Written">The time of the last write (UTC).</param>
/// <param name="Open">Opens the file.</param>
internal sealed record GalleryImage(
    string Path, long Length, string MediaType, PixelSize? Size, DateTime Written, Func<string, FileStream> Open)
{
    /// <summary>A multiple of 3, so only the last part of base64 has padding.</summary>
    private const int BufferSize = 48 * 1024;

    /// <summary>Reads the properties of a file.</summary>
    /// <param name="path">The full path.</param>
    /// <param name="open">Opens the file.</param>
    /// <param name="problem">The reason why there is no image, as a phrase after its name; null if there is one.</param>
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
                problem = Messages.FileIsNotImage;
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

    /// <summary>Writes the file as base64 in parts, so a large file is never completely in memory.</summary>
    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.InvalidRequest"/>: the file can no longer be read. A part may be written.
    /// </exception>
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

    /// <summary>
    /// Reads the image. Its errors get another type, to distinguish them from errors of the page, which is written at the same time.
    /// </summary>
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
        ? Messages.FileGone
        : Messages.FileUnreadable(e.Message);

    /// <summary>Reads until the buffer is full or the file ends, because one read may return less.</summary>
    private static int Fill(FileStream file, byte[] buffer)
    {
        int filled = 0;
        int read;
        while (filled < buffer.Length && (read = file.Read(buffer, filled, buffer.Length - filled)) > 0)
            filled += read;
        return filled;
    }
}

/// <summary>Relative addresses from a page to a file, so the folder of both can be moved or sent as a whole.</summary>
internal static class RelativeUrl
{
    /// <param name="directory">The full path of the page's folder.</param>
    /// <param name="file">The full path of the file.</param>
    /// <returns>A relative address; an absolute one for a file on another drive.</returns>
    public static string Between(string directory, string file)
    {
        if (RelativePath.Segments(directory, file) is { } segments)
            return Join(segments);
        string root = Path.GetPathRoot(file)!;
        return new Uri(root).AbsoluteUri.TrimEnd('/') + "/" + Join(RelativePath.Segments(root, file)!);
    }

    // Escaped here, because System.Uri treats a percent sign in a path as an existing escape.
    private static string Join(string[] segments) => string.Join("/", segments.Select(Uri.EscapeDataString));
}
