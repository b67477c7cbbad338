using Markdig;
using Markdig.Extensions.Yaml;
using Markdig.Syntax;

namespace NanoBanana.Help;

/// <summary>A parsed page: its front matter and the other blocks.</summary>
internal sealed class MarkdownPage
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().UseYamlFrontMatter().Build();

    private MarkdownPage(string file, string text)
    {
        File = file;
        MarkdownDocument document = Markdown.Parse(text, Pipeline);
        FrontMatter = document.OfType<YamlFrontMatterBlock>().Take(1)
            .SelectMany(block => YamlLine.ReadAll(block)).ToDictionary(line => line.Key, line => line.Value);
        Blocks = [.. document.Where(block => block is not (YamlFrontMatterBlock or HtmlBlock))];
    }

    public string File { get; }

    public IReadOnlyDictionary<string, string> FrontMatter { get; }

    /// <summary>The blocks without HTML. HTML contains comments for writers.</summary>
    public IReadOnlyList<Block> Blocks { get; }

    /// <summary>The texts of the fenced blocks of a language.</summary>
    public IEnumerable<string> Code(string language) =>
        Blocks.OfType<FencedCodeBlock>().Where(block => block.Info == language).Select(block => block.Lines.ToString());

    public static MarkdownPage Load(string file) => new(file, System.IO.File.ReadAllText(file));

    public static MarkdownPage Parse(string file, string text) => new(file, text);
}
