using System.Globalization;
using Markdig.Syntax;

namespace NanoBanana.Help;

/// <summary>Reads the PARAMETERS section. Each parameter has a heading, text and a block of facts.</summary>
internal static class ParameterReader
{
    private const string CommonParameters = "CommonParameters";

    private static readonly string[] Keys =
        [
            "Type", "Parameter Sets", "Aliases", "Accepted values", "Required", "Position", "Default value",
            "Accept pipeline input", "Accept wildcard characters",
        ];

    private static readonly string[] PipelineInputs =
        ["False", "True (ByValue)", "True (ByPropertyName)", "True (ByPropertyName, ByValue)"];

    public static IReadOnlyList<CommandParameter> Read(IReadOnlyList<Block> blocks, string file, ProblemList problems)
    {
        List<CommandParameter> parameters = [];
        bool hasCommonParameters = false;
        foreach (Section section in Section.Split(blocks, 3))
        {
            if (section.Title == CommonParameters)
                hasCommonParameters = true;
            else if (section.Title is ['-', ..])
                parameters.Add(ReadOne(section, file, problems));
            else
                problems.Add(file, section.Line, $"'{section.Title}' is not a parameter. Use '### -Name' or '### {CommonParameters}'.");
        }
        if (blocks.Count > 0 && !hasCommonParameters)
            problems.Add(file, blocks[0].Line + 1, $"The section '### {CommonParameters}' is missing.");
        return parameters;
    }

    private static CommandParameter ReadOne(Section section, string file, ProblemList problems)
    {
        List<FencedCodeBlock> facts = [.. section.Blocks.OfType<FencedCodeBlock>().Where(block => block.Info == "yaml")];
        IReadOnlyList<string> text = PlainText.Paragraphs(section.Blocks.Except(facts), file, problems);
        if (facts.Count == 0)
            problems.Add(file, section.Line, $"The parameter {section.Title} must have a block 'yaml' with its facts.");
        if (text.Count == 0)
            problems.Add(file, section.Line, $"The parameter {section.Title} must have a description.");
        return new CommandParameter(section.Title[1..], text, [.. facts.Select(block => ReadFacts(block, file, problems))], section.Line);
    }

    private static ParameterFacts ReadFacts(FencedCodeBlock block, string file, ProblemList problems)
    {
        Dictionary<string, YamlLine> lines = [];
        foreach (YamlLine line in YamlLine.ReadAll(block))
        {
            if (!Keys.Contains(line.Key) || !lines.TryAdd(line.Key, line))
                problems.Add(file, line.Line, $"'{line.Key}' is not a fact, or the block has it twice. Facts: {string.Join(", ", Keys)}.");
        }
        foreach (string missing in Keys.Where(key => key != "Accepted values" && !lines.ContainsKey(key)))
            problems.Add(file, block.Line + 1, $"The fact '{missing}' is missing.");

        string Value(string key, Func<string, bool> isValid, string expected)
        {
            if (!lines.TryGetValue(key, out YamlLine? line))
                return "";
            if (!isValid(line.Value))
                problems.Add(file, line.Line, $"'{key}' can't be '{line.Value}'. Use {expected}.");
            return line.Value;
        }
        const StringSplitOptions WithoutBlanks = StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries;
        string[] Values(string key) => lines.TryGetValue(key, out YamlLine? line) ? line.Value.Split(',', WithoutBlanks) : [];
        bool Flag(string key) => Value(key, value => value is "True" or "False", "True or False") == "True";

        string position = Value(
            "Position",
            value => value == "Named" || int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _),
            "Named, or a number from 0");
        return new ParameterFacts
        {
            Type = Value("Type", value => value.Length > 0, "the name of a type"),
            Sets = Values("Parameter Sets"),
            Aliases = Values("Aliases"),
            AcceptedValues = Values("Accepted values"),
            IsRequired = Flag("Required"),
            Position = int.TryParse(position, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null,
            DefaultValue = Value("Default value", value => value.Length > 0, "a value, or None"),
            PipelineInput = Value("Accept pipeline input", PipelineInputs.Contains, string.Join(", or ", PipelineInputs)),
            AcceptsWildcards = Flag("Accept wildcard characters"),
        };
    }
}
