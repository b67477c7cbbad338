using System.Text;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Images;

/// <summary>Finds the format of an image by its first bytes. Data from the server about the format is ignored.</summary>
internal static class ImageFormat
{
    /// <summary>The number of bytes that are needed.</summary>
    public const int SignatureLength = 16;

    private static ReadOnlySpan<byte> PngSignature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    private static ReadOnlySpan<byte> JpegSignature => [0xFF, 0xD8, 0xFF];

    private static readonly Dictionary<string, string[]> ExtensionsByFormat = new(StringComparer.Ordinal)
    {
        [".png"] = [".png"],
        [".jpg"] = [".jpg", ".jpeg", ".jpe", ".jfif"],
        [".webp"] = [".webp"],
        [".gif"] = [".gif"],
        [".avif"] = [".avif"],
    };

    /// <summary>The extension of the format, with its dot; null for an unknown format.</summary>
    public static string? ExtensionOf(ReadOnlySpan<byte> start)
    {
        if (start.StartsWith(PngSignature))
            return ".png";
        if (start.StartsWith(JpegSignature))
            return ".jpg";
        if (HasText(start, 0, "RIFF") && HasText(start, 8, "WEBP"))
            return ".webp";
        if (HasText(start, 0, "GIF87a") || HasText(start, 0, "GIF89a"))
            return ".gif";
        if (HasText(start, 4, "ftypavif") || HasText(start, 4, "ftypavis"))
            return ".avif";
        return null;
    }

    /// <summary>The media type of the format, such as <c>image/png</c>; null for an unknown format.</summary>
    public static string? MediaTypeOf(ReadOnlySpan<byte> start) => ExtensionOf(start) switch
    {
        null => null,
        ".jpg" => "image/jpeg",
        string extension => "image/" + extension.Substring(1),
    };

    /// <summary>Whether a file name has an extension of the format.</summary>
    public static bool Fits(string fileName, string formatExtension) =>
        ExtensionsByFormat[formatExtension].Contains(Path.GetExtension(fileName), StringComparer.OrdinalIgnoreCase);

    /// <summary>The content of bytes that are not an image, for a message.</summary>
    public static string Describe(ReadOnlySpan<byte> start)
    {
        if (start.IsEmpty)
            return Messages.ContentEmpty;
        string text = Encoding.UTF8.GetString(start.ToArray()).TrimStart('\uFEFF', ' ', '\r', '\n', '\t');
        if (text.StartsWith("<", StringComparison.Ordinal))
            return Messages.ContentPage;
        return text.StartsWith("{", StringComparison.Ordinal) ? Messages.ContentJson : Messages.ContentOther;
    }

    private static bool HasText(ReadOnlySpan<byte> start, int offset, string text)
    {
        if (start.Length < offset + text.Length)
            return false;
        for (int i = 0; i < text.Length; i++)
        {
            if (start[offset + i] != text[i])
                return false;
        }
        return true;
    }
}
