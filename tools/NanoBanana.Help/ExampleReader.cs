using Markdig.Syntax;

namespace NanoBanana.Help;

/// <summary>Reads the EXAMPLES section: a heading, the code, and what there is to say of it.</summary>
internal static class ExampleReader
{
    private const int FewestExamples = 3;

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
                examples.Add(new CommandExample(section.Title, code.Lines.ToString(), PlainText.Paragraphs(section.Blocks.Skip(1), file, problems), section.Line));
        }
        if (blocks.Count > 0 && examples.Count < FewestExamples)
            problems.Add(file, blocks[0].Line + 1, $"There are {examples.Count} examples; at least {FewestExamples} are wanted.");
        return examples;
    }
}
