using Markdig.Syntax;

namespace NanoBanana.Help;

/// <summary>Reads the EXAMPLES section. Each example has a heading, code, optionally the output of the code, and remarks.</summary>
internal static class ExampleReader
{
    private const string CodeInfo = "powershell";
    private const string OutputInfo = "Output";
    private const int MinimumExamples = 3;

    /// <summary>Get-Help indents examples by 4. In a terminal of 80 columns, longer lines break, and their code can't be pasted.</summary>
    private const int LongestLine = TextLayout.Width - 4;

    public static IReadOnlyList<CommandExample> Read(IReadOnlyList<Block> blocks, string file, ProblemList problems)
    {
        List<CommandExample> examples = [];
        foreach (Section section in Section.Split(blocks, 3))
        {
            string start = FormattableString.Invariant($"Example {examples.Count + 1}: ");
            if (!section.Title.StartsWith(start, StringComparison.Ordinal))
                problems.Add(file, section.Line, $"The heading must be '### {start}' and a title.");
            if (section.Blocks is [FencedCodeBlock { Info: CodeInfo } code, FencedCodeBlock { Info: OutputInfo } output, _, ..])
                examples.Add(ReadOne(section, code, output, file, problems));
            else if (section.Blocks is [FencedCodeBlock { Info: CodeInfo } codeOnly, not FencedCodeBlock { Info: OutputInfo }, ..])
                examples.Add(ReadOne(section, codeOnly, output: null, file, problems));
            else
                problems.Add(file, section.Line, "An example must have a fenced block 'powershell' and then text that explains it.");
        }
        if (blocks.Count > 0 && examples.Count < MinimumExamples)
            problems.Add(file, blocks[0].Line + 1, $"The page has {examples.Count} examples. It must have at least {MinimumExamples}.");
        return examples;
    }

    private static CommandExample ReadOne(
        Section section, FencedCodeBlock code, FencedCodeBlock? output, string file, ProblemList problems)
    {
        string[] lines = code.Lines.ToString().Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            if (lines[i].Length > LongestLine)
                problems.Add(file, code.Line + 2 + i, $"A line of code must have at most {LongestLine} characters.");
        }
        IReadOnlyList<string> remarks = PlainText.Paragraphs(section.Blocks.Skip(output is null ? 1 : 2), file, problems);
        return new CommandExample(section.Title, string.Join('\n', lines), remarks, section.Line) { Output = output?.Lines.ToString() };
    }
}
