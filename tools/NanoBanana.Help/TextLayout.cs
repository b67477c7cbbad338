using System.Text;

namespace NanoBanana.Help;

/// <summary>Wraps text.</summary>
internal static class TextLayout
{
    public const int Width = 80;

    /// <summary>Appends a text in lines of at most <see cref="Width"/> columns.</summary>
    /// <param name="text">The output.</param>
    /// <param name="paragraph">A line of any length.</param>
    /// <param name="indent">Spaces before each line.</param>
    /// <param name="marker">Text before the first line. The other lines are indented to align with the first one.</param>
    public static void Wrap(StringBuilder text, string paragraph, int indent, string marker = "")
    {
        string margin = new(' ', indent);
        string next = margin + marker;
        int column = 0;
        foreach (string word in paragraph.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (column > 0 && column + 1 + word.Length <= Width)
            {
                text.Append(' ').Append(word);
                column += 1 + word.Length;
                continue;
            }
            if (column > 0)
                text.Append('\n');
            text.Append(next).Append(word);
            column = next.Length + word.Length;
            next = margin + new string(' ', marker.Length);
        }
        text.Append('\n');
    }
}
