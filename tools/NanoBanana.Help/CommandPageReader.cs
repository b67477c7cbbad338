using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace NanoBanana.Help;

/// <summary>
/// Reads the page of a command, in the format of platyPS (schema 2.0.0):
/// https://github.com/PowerShell/platyPS/blob/v2/docs/Microsoft.PowerShell.PlatyPS.md.
/// </summary>
internal static class CommandPageReader
{
    private static readonly string[] SectionTitles =
        ["SYNOPSIS", "SYNTAX", "DESCRIPTION", "EXAMPLES", "PARAMETERS", "INPUTS", "OUTPUTS", "NOTES", "RELATED LINKS"];

    public static CommandPage Read(MarkdownPage page, ProblemList problems)
    {
        string name = Path.GetFileNameWithoutExtension(page.File);
        CheckFrontMatter(page, problems);
        Dictionary<string, Section> sections = ReadSections(page, name, problems);
        IReadOnlyList<Block> Below(string title) => sections.TryGetValue(title, out Section? section) ? section.Blocks : [];
        IReadOnlyList<string> Text(string title) => PlainText.Paragraphs(Below(title), page.File, problems);

        var command = new CommandPage
        {
            Name = name,
            OnlineVersion = page.FrontMatter.GetValueOrDefault("online version", ""),
            Synopsis = Text("SYNOPSIS"),
            Syntax = SyntaxReader.Read(Below("SYNTAX"), name, page.File, problems),
            Description = Text("DESCRIPTION"),
            Examples = ExampleReader.Read(Below("EXAMPLES"), page.File, problems),
            Parameters = ParameterReader.Read(Below("PARAMETERS"), page.File, problems),
            Inputs = ReadTypes(Below("INPUTS"), page.File, problems),
            Outputs = ReadTypes(Below("OUTPUTS"), page.File, problems),
            Notes = Text("NOTES"),
            Links = ReadLinks(Below("RELATED LINKS"), page.File, problems),
        };
        foreach (Section section in sections.Values.Where(section => section.Blocks.Count == 0))
            problems.Add(page.File, section.Line, $"The section {section.Title} is empty.");
        PageChecks.Check(command, page.File, problems);
        return command;
    }

    private static void CheckFrontMatter(MarkdownPage page, ProblemList problems)
    {
        void Require(string key, string? value)
        {
            if (!page.FrontMatter.TryGetValue(key, out string? found) || (value is not null && found != value))
                problems.Add(page.File, 1, $"The front matter must have a line '{key}: {value}'.");
        }
        Require("external help file", HelpBuild.HelpFile);
        Require("Module Name", "NanoBanana");
        Require("online version", null);
        Require("schema", "2.0.0");
    }

    private static Dictionary<string, Section> ReadSections(MarkdownPage page, string name, ProblemList problems)
    {
        if (Section.Split(page.Blocks, 1).FirstOrDefault() is not { } top || top.Title != name)
            problems.Add(page.File, 1, $"The page must start with '# {name}', the name of its file.");
        Dictionary<string, Section> sections = [];
        int last = -1;
        foreach (Section section in Section.Split(page.Blocks.SkipWhile(block => block is not HeadingBlock { Level: 2 }), 2))
        {
            int place = Array.IndexOf(SectionTitles, section.Title);
            if (place < 0)
                problems.Add(page.File, section.Line, $"'{section.Title}' is not a section. Use {string.Join(", ", SectionTitles)}.");
            else if (!sections.TryAdd(section.Title, section))
                problems.Add(page.File, section.Line, $"The page has the section {section.Title} twice.");
            else if (place < last)
                problems.Add(page.File, section.Line, $"The section {section.Title} must be before {SectionTitles[last]}.");
            last = Math.Max(last, place);
        }
        foreach (string missing in SectionTitles.Where(title => !sections.ContainsKey(title)))
            problems.Add(page.File, 1, $"The section '## {missing}' is missing.");
        return sections;
    }

    private static List<TypeDescription> ReadTypes(IReadOnlyList<Block> blocks, string file, ProblemList problems)
    {
        foreach (Block block in Section.Before(blocks, 3))
            problems.Add(file, block.Line + 1, "The section must start with a type, such as '### System.String', or with '### None'.");
        return [.. Section.Split(blocks, 3)
            .Select(type => new TypeDescription(type.Title, PlainText.Paragraphs(type.Blocks, file, problems)))];
    }

    private static List<RelatedLink> ReadLinks(IReadOnlyList<Block> blocks, string file, ProblemList problems)
    {
        List<RelatedLink> links = [];
        foreach (LinkInline link in blocks.SelectMany(block => block.Descendants<LinkInline>()))
        {
            string url = link.Url ?? "";
            bool isPage = !url.Contains("://", StringComparison.Ordinal);
            if (isPage && !File.Exists(Path.Combine(Path.GetDirectoryName(file)!, url)))
                problems.Add(file, link.Line + 1, $"The page '{url}' does not exist.");
            links.Add(new RelatedLink(PlainText.Of(link), isPage ? "" : url));
        }
        return links;
    }
}
