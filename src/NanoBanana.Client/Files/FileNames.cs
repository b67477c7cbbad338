using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace NanoBanana.Client.Files;

/// <summary>
/// Converts any text to a file name that is valid on Windows, macOS and Linux, so a folder can be moved between them. Source of the rules:
/// "Naming Files, Paths, and Namespaces" (Microsoft Learn). The limit is 255 bytes on most Linux file systems, and 143 bytes on eCryptfs,
/// which encrypts home folders.
/// </summary>
internal static class FileNames
{
    /// <summary>
    /// The maximum length of a name without its extension, in UTF-8 bytes. It leaves space for a number and an extension.
    /// </summary>
    internal const int MaximumBytes = 128;

    private const int SlugLength = 60;

    private const int MostOnStack = 256;
    private static readonly Regex ImageExtension = new(@"\.(png|jpe?g|webp|gif|avif)$",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);

    private const string Forbidden = "<>:\"/\\|?*";

    private static readonly HashSet<string> Reserved = new(StringComparer.OrdinalIgnoreCase)
    {
        "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$",
        "COM0", "COM1", "COM2", "COM3", "COM4", "COM5", "COM6", "COM7", "COM8", "COM9", "COM¹", "COM²", "COM³",
        "LPT0", "LPT1", "LPT2", "LPT3", "LPT4", "LPT5", "LPT6", "LPT7", "LPT8", "LPT9", "LPT¹", "LPT²", "LPT³",
    };

    /// <summary>
    /// Converts a text to one path segment. The result is never empty, never <c>.</c> or <c>..</c>, and never looks like an option on a
    /// command line.
    /// </summary>
    public static string Sanitize(string text)
    {
        Span<char> name = text.Length <= MostOnStack ? stackalloc char[MostOnStack] : new char[text.Length];
        int length = 0;
        foreach (char c in text)
        {
            if (char.IsWhiteSpace(c))
                name[length++] = ' ';
            else if (Forbidden.Contains(c) || char.IsControl(c)
                || CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.OtherNotAssigned)
                name[length++] = '-';
            else if (!TextSafety.IsDangerous(c))
                name[length++] = c;
        }
        string harmless = name.Slice(0, length).SequenceEqual(text.AsSpan()) ? text : name.Slice(0, length).ToString();
        string trimmed = Shorten(Normalize(harmless).Trim(), MaximumBytes).Trim(' ', '.');
        if (trimmed.Length == 0)
            return "image";
        string stem = (trimmed.IndexOf('.') is >= 0 and var dot ? trimmed.Substring(0, dot) : trimmed).TrimEnd();
        return Reserved.Contains(stem) || trimmed[0] == '-' ? Shorten("_" + trimmed, MaximumBytes).TrimEnd(' ', '.') : trimmed;
    }

    /// <summary>Removes the extension of an image at the end. The file gets the extension of its content.</summary>
    public static string WithoutImageExtension(string text) =>
        ImageExtension.Replace(text.TrimEnd(), "") is { Length: > 0 } rest ? rest : text;

    /// <summary>The key of a name. Two names with the same key would be the same file.</summary>
    public static string KeyOfName(string name) => ComparisonKey(Sanitize(WithoutImageExtension(name)));

    /// <summary>
    /// A key for comparing names. Names with the same key are the same on some file system: macOS and Windows ignore case, and macOS also
    /// ignores the Unicode form of accents, and joiners, which are not visible.
    /// </summary>
    public static string ComparisonKey(string name) => Normalize(
        name.Replace("\u200C", "").Replace("\u200D", "").Replace("ß", "ss").Replace("ẞ", "ss"),
        NormalizationForm.FormKC).ToUpperInvariant();

    /// <summary>The first words of a prompt as a name: letters and digits, separated by hyphens.</summary>
    public static string Slug(string prompt)
    {
        Span<char> slug = stackalloc char[SlugLength];
        int length = 0;
        foreach (char c in Normalize(prompt))
        {
            if (char.IsLetterOrDigit(c) || char.IsSurrogate(c)
                || char.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark)
                slug[length++] = char.ToLowerInvariant(c);
            else if (length > 0 && slug[length - 1] != '-')
                slug[length++] = '-';
            if (length == SlugLength)
                break;
        }
        string words = Shorten(slug.Slice(0, length).ToString(), 100);
        // A shortened prompt ends with a complete word, if enough of it remains.
        int lastWord = length == SlugLength ? words.LastIndexOf('-') : words.Length;
        return (lastWord > SlugLength / 2 ? words.Substring(0, lastWord) : words).Trim('-');
    }

    private static string Normalize(string text, NormalizationForm form = NormalizationForm.FormC)
    {
        // Some file systems reject half of a surrogate pair, and some runtimes can't normalize it.
        string whole = WithoutHalfPairs(text);
        try
        {
            return whole.Normalize(form);
        }
        catch (ArgumentException)
        {
            // Windows rejects invalid code points, such as U+FFFF.
            return whole;
        }
    }

    private static string WithoutHalfPairs(string text)
    {
        bool hasNoSurrogate = true;
        foreach (char c in text)
            hasNoSurrogate &= !char.IsSurrogate(c);
        if (hasNoSurrogate)
            return text;
        var whole = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogatePair(text, i))
                whole.Append(text[i++]).Append(text[i]);
            else if (!char.IsSurrogate(text[i]))
                whole.Append(text[i]);
        }
        return whole.ToString();
    }

    /// <summary>The start of a text with at most this number of bytes.</summary>
    public static string Shorten(string text, int maximumBytes)
    {
        // A character has at least one byte, so this is fast for a long text too.
        int end = Math.Min(text.Length, maximumBytes);
        while (end * 3 > maximumBytes && Encoding.UTF8.GetByteCount(text.Substring(0, end)) > maximumBytes)
            end--;
        if (end > 0 && char.IsHighSurrogate(text[end - 1]))
            end--;
        return text.Substring(0, end);
    }
}
