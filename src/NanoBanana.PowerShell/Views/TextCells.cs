using System.Globalization;
using System.Text;

namespace NanoBanana.Views;

/// <summary>
/// Shortens text to a number of screen cells without splitting characters. A CJK character or an emoji takes two cells. Of a composed
/// character, each part is counted, as in PowerShell's tables, so the count can be too large but not too small.
/// </summary>
internal static class TextCells
{
    private const string Ellipsis = "…";

    // Unicode TR 11: the blocks of wide characters, and the blocks of symbols that contain emoji.
    private static readonly (char First, char Last)[] Wide =
    [
        ('\u1100', '\u115F'), ('\u231A', '\u231B'), ('\u23E9', '\u23F3'), ('\u25FD', '\u25FE'), ('\u2600', '\u27BF'),
        ('\u2B1B', '\u2B55'), ('\u2E80', '\uA4CF'), ('\uA960', '\uA97F'), ('\uAC00', '\uD7A3'), ('\uF900', '\uFAFF'),
        ('\uFE10', '\uFE19'), ('\uFE30', '\uFE6F'), ('\uFF00', '\uFF60'), ('\uFFE0', '\uFFE6'),
    ];

    /// <summary>The maximum number of cells of a text.</summary>
    public static int Count(string text) => text.Sum(c => Wide.Any(block => c >= block.First && c <= block.Last) ? 2 : 1);

    /// <summary>The text, shortened at its end to a number of cells.</summary>
    public static string Fit(string text, int cells) =>
        Count(text) <= cells ? text : Take(Elements(text), cells - 1) + Ellipsis;

    /// <summary>The text, shortened in its middle, for names whose end is as important as their beginning.</summary>
    public static string FitMiddle(string text, int cells)
    {
        if (Count(text) <= cells)
            return text;
        List<string> elements = Elements(text);
        string start = Take(elements, (cells - 1) / 2);
        elements.Reverse();
        List<string> end = Elements(Take(elements, cells - 1 - Count(start)));
        end.Reverse();
        return start + Ellipsis + string.Concat(end);
    }

    private static string Take(List<string> elements, int cells)
    {
        var taken = new StringBuilder();
        foreach (string element in elements)
        {
            cells -= Count(element);
            if (cells < 0)
                break;
            taken.Append(element);
        }
        return taken.ToString();
    }

    private static List<string> Elements(string text)
    {
        var elements = new List<string>();
        for (TextElementEnumerator all = StringInfo.GetTextElementEnumerator(text); all.MoveNext();)
            elements.Add(all.GetTextElement());
        return elements;
    }
}
