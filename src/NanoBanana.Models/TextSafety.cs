using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace NanoBanana.Client;

/// <summary>
/// Makes text from the outside harmless for a terminal: no control or escape characters, no marks that reverse or hide
/// what is written. See Unicode TR 36 and CVE-2021-42574 for why the direction marks go too.
/// </summary>
internal static class TextSafety
{
    /// <summary>A black flag, the letters and digits of a region as tags, and the tag that ends them: the flag of Scotland.</summary>
    private static readonly Regex Flag = new("\\G\uD83C\uDFF4(?:\uDB40[\uDC30-\uDC39\uDC61-\uDC7A]){3,6}\uDB40\uDC7F", RegexOptions.CultureInvariant);

    /// <summary>The text without dangerous characters; line ends and tabs stay, and a return without a line end is one.</summary>
    public static string Clean(string text) => Filter(text, keepLines: true);

    /// <summary>One line of at most <paramref name="length"/> characters for use in a message.</summary>
    public static string Excerpt(string? text, int length = 80)
    {
        string line = Filter(text ?? "", keepLines: false).Trim();
        if (line.Length <= length)
            return line;
        int end = char.IsHighSurrogate(line[length - 2]) ? length - 2 : length - 1;
        return line.Substring(0, end) + "…";
    }

    /// <summary>Whether a character stays as it is wherever it stands.</summary>
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
            // What follows a return alone is written over what stands before it.
            if (c == '\r' && keepLines && (i + 1 == text.Length || text[i + 1] != '\n'))
                clean.Append('\n');
            else if (c is '\n' or '\r' or '\t')
                clean.Append(keepLines ? c : ' ');
            else if (char.IsSurrogatePair(text, i))
                i += AppendPair(text, i, clean) - 1;
            else if (!IsDangerous(c))
                clean.Append(c);
        }
        // The very same text when nothing was removed: callers compare references.
        return clean.Length == text.Length && clean.ToString() is var same && same == text ? text : clean.ToString();
    }

    /// <summary>
    /// Appends the character of two units at a place, or the flag that begins there, unless it is a format character: tag
    /// characters (U+E0020 to U+E007F) hide a text in a text, and have a meaning only in flags (Unicode TS 51, ED-14a).
    /// </summary>
    /// <returns>The number of units that were read.</returns>
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
