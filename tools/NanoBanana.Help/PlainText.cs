using System.Text;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace NanoBanana.Help;

/// <summary>Converts Markdown to plain text for a terminal.</summary>
internal static class PlainText
{
    public static string Of(ContainerInline? inlines)
    {
        var text = new StringBuilder();
        foreach (Inline inline in inlines ?? Enumerable.Empty<Inline>())
        {
            text.Append(inline switch
            {
                LiteralInline literal => literal.Content.ToString(),
                CodeInline code => code.Content,
                LineBreakInline => " ",
                HtmlEntityInline entity => entity.Transcoded.ToString(),
                AutolinkInline link => link.Url,
                LinkInline { Url: { } url } link when IsAddress(url) => $"{Of(link)} ({url})",
                ContainerInline container => Of(container),
                _ => inline.ToString(),
            });
        }
        return text.ToString();
    }

    /// <summary>Paragraphs and list items, each as one line. The help of a command can't contain other blocks.</summary>
    public static IReadOnlyList<string> Paragraphs(IEnumerable<Block> blocks, string file, ProblemList problems)
    {
        List<string> paragraphs = [];
        foreach (Block block in blocks)
        {
            if (block is ParagraphBlock paragraph)
                paragraphs.Add(Of(paragraph.Inline));
            else if (block is ListBlock list)
                paragraphs.AddRange(Items(list).Select(item => $"{item.Marker} {string.Join(" ", item.Paragraphs)}"));
            else
                problems.Add(file, block.Line + 1, $"Use a paragraph or a list instead of a {Name(block)}. Code belongs in EXAMPLES.");
        }
        return paragraphs;
    }

    /// <summary>The items of a list, one level deep.</summary>
    public static IEnumerable<(string Marker, IEnumerable<string> Paragraphs)> Items(ListBlock list)
    {
        int number = 1;
        foreach (ListItemBlock item in list.OfType<ListItemBlock>())
            yield return (list.IsOrdered ? $"{number++}." : "-", item.OfType<ParagraphBlock>().Select(p => Of(p.Inline)));
    }

    private static bool IsAddress(string url) => url.StartsWith("http", StringComparison.Ordinal);

    private static string Name(Block block) =>
        block.GetType().Name.Replace("Block", "", StringComparison.Ordinal).ToLowerInvariant() + " block";
}
