using System.Text;
using Markdig.Syntax;

namespace NanoBanana.Help;

/// <summary>
/// Writes a page of docs/about as Get-Help shows such topics, in 80 columns:
/// https://learn.microsoft.com/powershell/scripting/developer/help/writing-help-for-windows-powershell-modules.
/// </summary>
internal static class AboutTopicWriter
{
    /// <summary>How far below its heading text stands.</summary>
    private const int Indent = 4;

    public static string Write(MarkdownPage page, ProblemList problems)
    {
        string name = Path.GetFileNameWithoutExtension(page.File);
        if (page.Blocks is not [HeadingBlock { Level: 1 } title, HeadingBlock { Level: 2 } first, ParagraphBlock summary, ..]
            || PlainText.Of(title.Inline) != name || PlainText.Of(first.Inline) != "SHORT DESCRIPTION")
        {
            problems.Add(page.File, 1, $"The page begins with '# {name}', '## SHORT DESCRIPTION' and a sentence.");
            return "";
        }
        // Get-Help takes the fifth line, and no other, for the synopsis of a topic.
        if (PlainText.Of(summary.Inline).Length > TextLayout.Width - Indent)
            problems.Add(page.File, summary.Line + 1, $"The short description is longer than {TextLayout.Width - Indent} characters, so it is not one line of the help.");

        var text = new StringBuilder($"TOPIC\n    {name}\n");
        foreach (Block block in page.Blocks.Skip(1))
            WriteBlock(text, block, page.File, problems);
        return text.ToString();
    }

    private static void WriteBlock(StringBuilder text, Block block, string file, ProblemList problems)
    {
        switch (block)
        {
            case HeadingBlock { Level: 2 } heading:
                text.Append('\n').Append(PlainText.Of(heading.Inline).ToUpperInvariant()).Append('\n');
                break;
            case HeadingBlock { Level: 3 } heading:
                text.Append("\n  ").Append(PlainText.Of(heading.Inline)).Append('\n');
                break;
            case ParagraphBlock paragraph:
                Separate(text);
                TextLayout.Wrap(text, PlainText.Of(paragraph.Inline), Indent);
                break;
            case ListBlock list:
                Separate(text);
                foreach ((string marker, IEnumerable<string> paragraphs) in PlainText.Items(list))
                    TextLayout.Wrap(text, string.Join(" ", paragraphs), Indent, marker + " ");
                break;
            case FencedCodeBlock code:
                Separate(text);
                WriteCode(text, code, file, problems);
                break;
            default:
                problems.Add(file, block.Line + 1, "Only headings of level 2 and 3, paragraphs, lists and fenced code can stand here.");
                break;
        }
    }

    private static void WriteCode(StringBuilder text, FencedCodeBlock code, string file, ProblemList problems)
    {
        for (int i = 0; i < code.Lines.Count; i++)
        {
            string line = code.Lines.Lines[i].ToString();
            if (line.Length > TextLayout.Width - (2 * Indent))
                problems.Add(file, code.Line + 2 + i, $"A line of code is longer than {TextLayout.Width - (2 * Indent)} characters, so it does not fit the help.");
            text.Append(line.Length > 0 ? new string(' ', 2 * Indent) + line : "").Append('\n');
        }
    }

    /// <summary>An empty line between blocks, but none below a heading.</summary>
    private static void Separate(StringBuilder text)
    {
        string soFar = text.ToString();
        string last = soFar[(soFar.LastIndexOf('\n', soFar.Length - 2) + 1)..];
        bool isHeading = last.Length - last.TrimStart(' ').Length < Indent;
        if (!isHeading)
            text.Append('\n');
    }
}
