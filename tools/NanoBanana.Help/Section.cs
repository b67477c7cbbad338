using Markdig.Syntax;

namespace NanoBanana.Help;

/// <summary>A heading and its content.</summary>
/// <param name="Title">The heading's text.</param>
/// <param name="Line">The line number of the heading, from 1.</param>
/// <param name="Blocks">The blocks up to the next heading of the same level, including deeper headings.</param>
internal sealed record Section(string Title, int Line, IReadOnlyList<Block> Blocks)
{
    /// <summary>The blocks before the first heading of the level.</summary>
    public static IEnumerable<Block> Before(IEnumerable<Block> blocks, int level) =>
        blocks.TakeWhile(block => !IsHeading(block, level));

    /// <summary>The sections of the headings of the level.</summary>
    public static IEnumerable<Section> Split(IEnumerable<Block> blocks, int level)
    {
        HeadingBlock? heading = null;
        List<Block> below = [];
        foreach (Block block in blocks)
        {
            if (!IsHeading(block, level))
            {
                below.Add(block);
                continue;
            }
            if (heading is not null)
                yield return Create(heading, below);
            heading = (HeadingBlock)block;
            below = [];
        }
        if (heading is not null)
            yield return Create(heading, below);
    }

    private static bool IsHeading(Block block, int level) => block is HeadingBlock heading && heading.Level <= level;

    private static Section Create(HeadingBlock heading, List<Block> below) =>
        new(PlainText.Of(heading.Inline), heading.Line + 1, below);
}
