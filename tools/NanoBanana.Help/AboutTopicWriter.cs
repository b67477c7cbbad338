using System.Text;
using Markdig.Syntax;

namespace NanoBanana.Help;

/// <summary>
/// Writes a page of docs/about as an about topic of Get-Help, in 80 columns:
/// https://learn.microsoft.com/powershell/scripting/developer/help/writing-help-for-windows-powershell-modules.
/// </summary>
internal static class AboutTopicWriter
{
    /// <summary>The indentation of text below a heading.</summary>
    private const int Indent = 4;

    public static string Write(MarkdownPage page, ProblemList problems)
    {
        string name = Path.GetFileNameWithoutExtension(page.File);
        if (page.Blocks is not [HeadingBlock { Level: 1 } title, HeadingBlock { Level: 2 } first, ParagraphBlock summary, ..]
            || PlainText.Of(title.Inline) != name || PlainText.Of(first.Inline) != "SHORT DESCRIPTION")
        {
            problems.Add(page.File, 1, $"The page must start with '# {name}', '## SHORT DESCRIPTION' and a sentence.");
            return "";
        }
        // Get-Help uses only the fifth line as the synopsis of a topic.
        const int LongestSummary = TextLayout.Width - Indent;
        if (PlainText.Of(summary.Inline).Length > LongestSummary)
            problems.Add(page.File, summary.Line + 1, $"The short description must be one line of at most {LongestSummary} characters.");

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
                problems.Add(
                    file, block.Line + 1, "An about topic can contain only headings of level 2 and 3, paragraphs, lists and fenced code.");
                break;
        }
    }

    private static void WriteCode(StringBuilder text, FencedCodeBlock code, string file, ProblemList problems)
    {
        const int LongestLine = TextLayout.Width - (2 * Indent);
        for (int i = 0; i < code.Lines.Count; i++)
        {
            string line = code.Lines.Lines[i].ToString();
            if (line.Length > LongestLine)
                problems.Add(file, code.Line + 2 + i, $"A line of code must have at most {LongestLine} characters.");
            text.Append(line.Length > 0 ? new string(' ', 2 * Indent) + line : "").Append('\n');
        }
    }

    /// <summary>Adds an empty line between blocks, but not below a heading.</summary>
    private static void Separate(StringBuilder text)
    {
        string soFar = text.ToString();
        string last = soFar[(soFar.LastIndexOf('\n', soFar.Length - 2) + 1)..];
        bool isHeading = last.Length - last.TrimStart(' ').Length < Indent;
        if (!isHeading)
            text.Append('\n');
    }
}
