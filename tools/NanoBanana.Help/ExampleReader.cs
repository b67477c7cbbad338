using Markdig.Syntax;

namespace NanoBanana.Help;

/// <summary>Reads the EXAMPLES section: a heading, the code, and what there is to say of it.</summary>
internal static class ExampleReader
{
    private const int FewestExamples = 3;

    /// <summary>Get-Help indents examples by 4. A longer line breaks in a terminal of 80 columns, and then can't be pasted.</summary>
    private const int LongestLine = TextLayout.Width - 4;

    public static IReadOnlyList<CommandExample> Read(IReadOnlyList<Block> blocks, string file, ProblemList problems)
    {
        List<CommandExample> examples = [];
        foreach (Section section in Section.Split(blocks, 3))
        {
            string start = FormattableString.Invariant($"Example {examples.Count + 1}: ");
            if (!section.Title.StartsWith(start, StringComparison.Ordinal))
                problems.Add(file, section.Line, $"The heading is '### {start}' and a title.");
            if (section.Blocks is not [FencedCodeBlock { Info: "powershell" } code, _, ..])
                problems.Add(file, section.Line, "An example is a fenced block 'powershell', and text after it that says what it does.");
            else
                examples.Add(ReadOne(section, code, file, problems));
        }
        if (blocks.Count > 0 && examples.Count < FewestExamples)
            problems.Add(file, blocks[0].Line + 1, $"There are {examples.Count} examples; at least {FewestExamples} are wanted.");
        return examples;
    }

    private static CommandExample ReadOne(Section section, FencedCodeBlock code, string file, ProblemList problems)
    {
        string[] lines = code.Lines.ToString().Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            if (lines[i].Length > LongestLine)
                problems.Add(file, code.Line + 2 + i, $"A line of code is longer than {LongestLine} characters, so it would break in a terminal.");
        }
        return new CommandExample(section.Title, string.Join('\n', lines), PlainText.Paragraphs(section.Blocks.Skip(1), file, problems), section.Line);
    }
}
