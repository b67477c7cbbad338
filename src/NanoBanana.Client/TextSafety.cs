using System.Globalization;
using System.Text;

namespace NanoBanana.Client;

/// <summary>
/// Makes text from the outside harmless for a terminal: no control or escape characters, no marks that reverse or hide
/// what is written. See Unicode TR 36 and CVE-2021-42574 for why the direction marks go too.
/// </summary>
public static class TextSafety
{
    /// <summary>The text without dangerous characters; line ends and tabs stay.</summary>
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
        if (!text.Any(c => IsDangerous(c) || (!keepLines && c is '\n' or '\r' or '\t')))
            return text;
        var clean = new StringBuilder(text.Length);
        foreach (char c in text)
        {
            if (c is '\n' or '\r' or '\t')
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
