using System.Text.RegularExpressions;
using Markdig.Syntax;

namespace NanoBanana.Help;

/// <summary>Reads the SYNTAX section: a fenced block below a heading for each parameter set.</summary>
internal static partial class SyntaxReader
{
    /// <summary>The name that stands for all parameter sets.</summary>
    public const string AllSets = "(All)";

    private const string CommonParameters = "[<CommonParameters>]";
    private const string DefaultMark = " (Default)";

    public static IReadOnlyList<SyntaxSet> Read(IReadOnlyList<Block> blocks, string command, string file, ProblemList problems)
    {
        List<SyntaxSet> sets = [];
        foreach (Section section in Section.Split(blocks, 3))
        {
            if (section.Blocks is not [FencedCodeBlock code])
            {
                problems.Add(file, section.Line, "The parameter set must have one fenced block with its syntax.");
                continue;
            }
            bool isDefault = section.Title.EndsWith(DefaultMark, StringComparison.Ordinal);
            string name = isDefault ? section.Title[..^DefaultMark.Length] : section.Title;
            string line = string.Join(' ', code.Lines.ToString().Split('\n').Select(part => part.Trim())).Trim();
            if (ReadItems(line, command) is { } items)
            {
                sets.Add(new SyntaxSet(name, isDefault, items, section.Line));
                continue;
            }
            problems.Add(
                file,
                code.Line + 2,
                $"The syntax is invalid. It must be '{command}', parameters such as '[-Name] <Type>', '[-Name <Type>]' "
                + $"or '[-Switch]', and '{CommonParameters}'.");
        }
        return sets;
    }

    private static List<SyntaxItem>? ReadItems(string line, string command)
    {
        if (!line.StartsWith(command, StringComparison.Ordinal) || !line.EndsWith(CommonParameters, StringComparison.Ordinal))
            return null;
        string parameters = line[command.Length..^CommonParameters.Length].TrimEnd();
        List<SyntaxItem> items = [];
        int end = 0;
        foreach (Match match in Item().Matches(parameters))
        {
            items.Add(new SyntaxItem(
                match.Groups["name"].Value,
                match.Groups["type"].Success ? match.Groups["type"].Value : null,
                IsRequired: !match.Groups["optional"].Success,
                IsPositional: match.Groups["positional"].Success));
            end = match.Index + match.Length;
        }
        return end == parameters.Length ? items : null;
    }

    /// <summary>
    /// Matches <c>[-Name] &lt;Type></c>, <c>-Name &lt;Type></c>, both in brackets, and switches. A name in brackets is positional. If no
    /// type follows, it is an optional switch.
    /// </summary>
    [GeneratedRegex(
        @"\G\s+(?<optional>\[(?=\[-\w+\] <|-\w+ <|-\w+\](?! <)))?(?<positional>\[)?-(?<name>\w+)(?(positional)\])"
        + @"( <(?<type>[^>]+)>)?(?(optional)\])",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Item();
}
