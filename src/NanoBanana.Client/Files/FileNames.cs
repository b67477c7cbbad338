using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace NanoBanana.Client.Files;

/// <summary>
/// Turns any text into one harmless file name on Windows, macOS and Linux alike, so that a folder can be moved between
/// them. Source of the rules: "Naming Files, Paths, and Namespaces" (Microsoft Learn). 255 bytes is the limit of most
/// Linux file systems, and 143 that of eCryptfs, which encrypts home folders.
/// </summary>
internal static class FileNames
{
    /// <summary>The longest name without its extension, in UTF-8 bytes: room is left for number and extension.</summary>
    internal const int MaximumBytes = 128;

    private const int SlugLength = 60;

    private const int MostOnStack = 256;
    private static readonly Regex ImageExtension = new(@"\.(png|jpe?g|webp|gif|avif)$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);

    private const string Forbidden = "<>:\"/\\|?*";

    private static readonly HashSet<string> Reserved = new(StringComparer.OrdinalIgnoreCase)
    {
        "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$",
        "COM0", "COM1", "COM2", "COM3", "COM4", "COM5", "COM6", "COM7", "COM8", "COM9", "COM¹", "COM²", "COM³",
        "LPT0", "LPT1", "LPT2", "LPT3", "LPT4", "LPT5", "LPT6", "LPT7", "LPT8", "LPT9", "LPT¹", "LPT²", "LPT³",
    };

    /// <summary>
    /// The text as one path segment; never empty, never <c>.</c> or <c>..</c>, never what a command line takes for an option.
    /// </summary>
    public static string Sanitize(string text)
    {
        Span<char> name = text.Length <= MostOnStack ? stackalloc char[MostOnStack] : new char[text.Length];
        int length = 0;
        foreach (char c in text)
        {
            if (char.IsWhiteSpace(c))
                name[length++] = ' ';
            else if (Forbidden.Contains(c) || char.IsControl(c) || CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.OtherNotAssigned)
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

    /// <summary>The text without the extension of an image at its end: the file gets that of its bytes.</summary>
    public static string WithoutImageExtension(string text) =>
        ImageExtension.Replace(text.TrimEnd(), "") is { Length: > 0 } rest ? rest : text;

    /// <summary>Whether two of the user's names make one file, where a file is named by its name alone.</summary>
    public static string KeyOfName(string name) => ComparisonKey(Sanitize(WithoutImageExtension(name)));

    /// <summary>
    /// What is the same for two names that some file system takes for one: macOS and Windows look past the case, macOS past
    /// the form in which a letter and its accent are written, and past joiners, which nobody sees.
    /// </summary>
    public static string ComparisonKey(string name) => Normalize(
        name.Replace("\u200C", "").Replace("\u200D", "").Replace("ß", "ss").Replace("ẞ", "ss"), NormalizationForm.FormKC).ToUpperInvariant();

    /// <summary>The first words of a prompt as a name: letters and digits, joined by hyphens.</summary>
    public static string Slug(string prompt)
    {
        Span<char> slug = stackalloc char[SlugLength];
        int length = 0;
        foreach (char c in Normalize(prompt))
        {
            if (char.IsLetterOrDigit(c) || char.IsSurrogate(c) || char.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark)
                slug[length++] = char.ToLowerInvariant(c);
            else if (length > 0 && slug[length - 1] != '-')
                slug[length++] = '-';
            if (length == SlugLength)
                break;
        }
        string words = Shorten(slug.Slice(0, length).ToString(), 100);
        // A cut prompt ends at a whole word, where that leaves enough of it.
        int lastWord = length == SlugLength ? words.LastIndexOf('-') : words.Length;
        return (lastWord > SlugLength / 2 ? words.Substring(0, lastWord) : words).Trim('-');
    }

    private static string Normalize(string text, NormalizationForm form = NormalizationForm.FormC)
    {
        // Half of a surrogate pair is not text that a file system must take, nor one that every runtime can normalize.
        string whole = Whole(text);
        try
        {
            return whole.Normalize(form);
        }
        catch (ArgumentException)
        {
            // Windows takes offence at code points that are none, such as U+FFFF.
            return whole;
        }
    }

    private static string Whole(string text)
    {
        bool isWhole = true;
        foreach (char c in text)
            isWhole &= !char.IsSurrogate(c);
        if (isWhole)
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

    /// <summary>The beginning of a text that has so many bytes at most.</summary>
    public static string Shorten(string text, int maximumBytes)
    {
        // No character has less than a byte, so a text of megabytes is as quick as a short one.
        int end = Math.Min(text.Length, maximumBytes);
        while (end * 3 > maximumBytes && Encoding.UTF8.GetByteCount(text.Substring(0, end)) > maximumBytes)
            end--;
        if (end > 0 && char.IsHighSurrogate(text[end - 1]))
            end--;
        return text.Substring(0, end);
    }
}
