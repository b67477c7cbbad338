using System.Globalization;
using System.Text;

namespace NanoBanana.Client;

/// <summary>
/// Makes text from the outside harmless for a terminal: no control or escape characters, no marks that reverse or hide
/// what is written. See Unicode TR 36 and CVE-2021-42574 for why the direction marks go too.
/// </summary>
public static class TextSafety
{
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

    private static string Filter(string text, bool keepLines)
    {
        if (!text.Any(c => IsDangerous(c) || c == '\r' || (!keepLines && c is '\n' or '\t')))
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
            else if (!IsDangerous(c))
                clean.Append(c);
        }
        return clean.ToString();
    }

    internal static bool IsDangerous(char c) =>
        (char.IsControl(c) && c is not ('\n' or '\r' or '\t'))
        || c is '\u2028' or '\u2029'
        || (c != '\u200D' && c != '\u200C' && CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.Format);
}
