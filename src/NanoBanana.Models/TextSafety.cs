using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace NanoBanana.Client;

/// <summary>
/// Makes text from other sources safe for a terminal: removes control and escape characters, and characters that reverse or hide text. See
/// Unicode TR 36, and CVE-2021-42574 for characters that change the direction of text.
/// </summary>
internal static class TextSafety
{
    /// <summary>
    /// The flag of a region, such as Scotland: a black flag, the letters and digits of the region as tag characters, and the end tag.
    /// </summary>
    private static readonly Regex Flag = new("\\G\uD83C\uDFF4(?:\uDB40[\uDC30-\uDC39\uDC61-\uDC7A]){3,6}\uDB40\uDC7F",
        RegexOptions.CultureInvariant);

    /// <summary>
    /// The text without dangerous characters. Line ends and tabs are kept, and a carriage return without a line feed becomes a line feed.
    /// </summary>
    public static string Clean(string text) => Filter(text, keepLines: true);

    /// <summary>One line of at most <paramref name="length"/> characters, for a message.</summary>
    public static string Excerpt(string? text, int length = 80)
    {
        string line = Filter(text ?? "", keepLines: false).Trim();
        if (line.Length <= length)
            return line;
        int end = char.IsHighSurrogate(line[length - 2]) ? length - 2 : length - 1;
        return line.Substring(0, end) + "…";
    }

    /// <summary>Whether a character is safe regardless of its neighbors.</summary>
    internal static bool IsPlain(char c, bool keepLines = true) => c is >= ' ' and <= '~'
        || !(IsDangerous(c) || c == '\r' || (!keepLines && c is '\n' or '\t') || char.IsHighSurrogate(c));

    private static string Filter(string text, bool keepLines)
    {
        bool isPlain = true;
        foreach (char c in text)
            isPlain = isPlain && IsPlain(c, keepLines);
        if (isPlain)
            return text;
        var clean = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            // A terminal writes the text after a lone carriage return over the text before it.
            if (c == '\r' && keepLines && (i + 1 == text.Length || text[i + 1] != '\n'))
                clean.Append('\n');
            else if (c is '\n' or '\r' or '\t')
                clean.Append(keepLines ? c : ' ');
            else if (char.IsSurrogatePair(text, i))
                i += AppendPair(text, i, clean) - 1;
            else if (!IsDangerous(c))
                clean.Append(c);
        }
        // Returns the same reference if nothing was removed, because callers compare references.
        return clean.Length == text.Length && clean.ToString() is var same && same == text ? text : clean.ToString();
    }

    /// <summary>
    /// Appends the surrogate pair at an index, or the flag that starts there. A format character is not appended: tag characters (U+E0020
    /// to U+E007F) can hide text, and have a meaning in flags only (Unicode TS 51, ED-14a).
    /// </summary>
    /// <returns>The number of UTF-16 code units that were read.</returns>
    private static int AppendPair(string text, int at, StringBuilder clean)
    {
        int length = Flag.Match(text, at) is { Success: true } flag ? flag.Length : 2;
        if (length > 2 || CharUnicodeInfo.GetUnicodeCategory(text, at) != UnicodeCategory.Format)
            clean.Append(text, at, length);
        return length;
    }

    internal static bool IsDangerous(char c) =>
        (char.IsControl(c) && c is not ('\n' or '\r' or '\t'))
        || c is '\u2028' or '\u2029'
        || (c != '\u200D' && c != '\u200C' && CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.Format);
}
