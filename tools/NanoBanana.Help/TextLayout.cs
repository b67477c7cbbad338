using System.Text;

namespace NanoBanana.Help;

/// <summary>Lays text out in columns.</summary>
internal static class TextLayout
{
    public const int Width = 80;

    /// <summary>Appends a text in lines that end before the last column.</summary>
    /// <param name="text">Where to.</param>
    /// <param name="paragraph">One line, however long.</param>
    /// <param name="indent">Spaces before each line.</param>
    /// <param name="marker">What stands before the first line; the others are indented below its text.</param>
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
