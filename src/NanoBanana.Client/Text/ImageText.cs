using System.Text.RegularExpressions;

namespace NanoBanana.Client.Text;

/// <summary>Recognizes text of an answer that is an image: an address in one of its forms, a data URI, or base64.</summary>
internal static class ImageText
{
    private static readonly Regex DataUri = new(@"^data:(?<type>image/[\w.+-]+|application/octet-stream)?[^,]{0,100};base64,",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);
    private static readonly Regex HostAndPath = new(@"^[a-z0-9-]+(\.[a-z0-9-]+)+(:\d{1,5})?/\S+$",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);
    private static readonly Regex Separator = new(@"\s*[,;|\s]\s*(?=https?://)", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);
    private static readonly Regex ImageExtension = new(@"\.(png|jpe?g|webp|gif|avif|heic|bmp)$",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);
    private static readonly Regex OtherExtension = new(
        @"\.(txt|md|json|html?|mp4|webm|mov|mp3|wav|ogg|pdf|zip|glb|obj|csv|xml|js|css|svg)$",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);

    /// <summary>
    /// The start of base64 of PNG, JPEG, WebP (RIFF) and GIF. AVIF and HEIC start with a length; see <see cref="IsIsoMediaFile"/>.
    /// </summary>
    private static readonly string[] Signatures = ["iVBORw0KGgo", "/9j/", "_9j_", "UklGR", "R0lGOD"];

    /// <summary>The address in a text; null if the text is not an address.</summary>
    /// <param name="text">The text.</param>
    /// <param name="answer">The address of the answer, for relative addresses.</param>
    /// <param name="isExpected">Whether an image is expected here. Then an address may have no scheme or no host.</param>
    public static Uri? AddressOf(string text, Uri? answer, bool isExpected)
    {
        text = text.Trim();
        if (text.Length is < 4 or > 16_000 || text.Any(char.IsWhiteSpace))
            return null;
        Uri? address = null;
        if (text.StartsWith("http://", StringComparison.OrdinalIgnoreCase)
            || text.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
            Uri.TryCreate(text, UriKind.Absolute, out address);
        else if (text.StartsWith("//", StringComparison.Ordinal))
            Uri.TryCreate($"{answer?.Scheme ?? "https"}:{text}", UriKind.Absolute, out address);
        else if (isExpected && text[0] == '/' && answer is not null)
            Uri.TryCreate(answer, text, out address);
        else if (isExpected && HostAndPath.IsMatch(text))
            Uri.TryCreate("https://" + text, UriKind.Absolute, out address);
        else if (isExpected && answer is not null && !text.Contains(':') && text.Contains('/') && HasImageExtension(text))
            Uri.TryCreate(answer, "/" + text, out address);
        return address is { Scheme: "http" or "https", Host.Length: > 0 } && !OtherExtension.IsMatch(address.AbsolutePath) ? address : null;
    }

    /// <summary>The addresses of a list in one text, separated by commas, semicolons, vertical bars or white space.</summary>
    public static IReadOnlyList<string> Addresses(string text) =>
        text.IndexOf("http", 1, StringComparison.OrdinalIgnoreCase) > 0 && text.Length <= 16_000
            && text.StartsWith("http", StringComparison.OrdinalIgnoreCase)
            ? Separator.Split(text)
            : [];

    public static bool HasImageExtension(string path) => ImageExtension.IsMatch(path);

    /// <summary>Whether a text has the form of image data.</summary>
    /// <param name="text">The text.</param>
    /// <param name="isExpected">Whether base64 of an image is expected here. Then any base64 counts.</param>
    public static bool IsData(string text, bool isExpected) =>
        text.StartsWith("data:image/", StringComparison.OrdinalIgnoreCase)
        || (text.StartsWith("data:", StringComparison.OrdinalIgnoreCase) && DataUri.IsMatch(text))
        || (text.Length >= 24 && IsBase64(text)
            && (Signatures.Any(start => text.StartsWith(start, StringComparison.Ordinal)) || IsIsoMediaFile(text)))
        || (isExpected && text.Length >= 64 && IsBase64(text));

    /// <summary>The bytes and the media type of image data; null if it can't be decoded.</summary>
    public static (byte[] Bytes, string? Type)? Decode(string text)
    {
        string? type = null;
        if (text.StartsWith("data:", StringComparison.OrdinalIgnoreCase))
        {
            Match match = DataUri.Match(text);
            if (!match.Success)
                return null;
            type = match.Groups["type"] is { Success: true, Length: > 0 } group ? group.Value.ToLowerInvariant() : null;
            text = text.Substring(match.Length);
        }
        if (text.Contains('%'))
            text = Uri.UnescapeDataString(text);
        text = text.Replace('-', '+').Replace('_', '/').TrimEnd('=', ' ', '\r', '\n');
        int length = text.Length;
        foreach (char c in text)
            length -= c is '\r' or '\n' or ' ' or '\t' ? 1 : 0;
        try
        {
            byte[] bytes = Convert.FromBase64String(text + new string('=', (4 - length % 4) % 4));
            return bytes.Length > 0 ? (bytes, type) : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>Whether a body is an image: PNG, JPEG or WebP by its first bytes.</summary>
    public static bool IsImage(ReadOnlySpan<byte> body) =>
        body.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G'])
        || body.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF])
        || (body.Length > 12 && body.StartsWith("RIFF"u8) && body.Slice(8).StartsWith("WEBP"u8));

    /// <summary>Whether base64 has the box <c>ftyp</c> at its start (ISO/IEC 14496-12), as AVIF and HEIC have.</summary>
    private static bool IsIsoMediaFile(string text) =>
        text.StartsWith("AAAA", StringComparison.Ordinal)
            && text.IndexOf("Z0eXB", 4, Math.Min(12, text.Length - 4), StringComparison.Ordinal) >= 0;

    private static bool IsBase64(string text)
    {
        foreach (char c in text)
        {
            if (!(c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '+' or '/' or '-' or '_' or '=' or '\r'
                or '\n'))
                return false;
        }
        return true;
    }
}

/// <summary>
/// Finds images in a text, as chat models write them: <c>![a fox](https://…)</c>, an HTML element, or an address among words.
/// </summary>
internal static class Markup
{
    private static readonly Regex Image = new(
        @"!\[[^\]]{0,500}\]\(\s*<?(?<target>[^)\s>]+)|<img\b[^>]{0,500}?\bsrc\s*=\s*[""'](?<target>[^""']+)",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);

    private static readonly Regex Address = new(
        @"(?<target>https?://[^\s<>()\[\]""']{1,4000}\.(png|jpe?g|webp|avif|heic)(\?[^\s<>()\[\]""']{0,4000})?)"
        + @"(?=[\s<>()\[\]""',.;!]|$)",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);

    /// <summary>The addresses of the images that a text embeds.</summary>
    public static IReadOnlyList<string> ImagesOf(string text) => TargetsOf(Image, text);

    /// <summary>The addresses of images in plain text.</summary>
    public static IReadOnlyList<string> AddressesOf(string text) => TargetsOf(Address, text);

    private static string[] TargetsOf(Regex pattern, string text) =>
        pattern.IsMatch(text) ? [.. pattern.Matches(text).Cast<Match>().Select(match => match.Groups["target"].Value)] : [];
}
