using System.Xml.Linq;
using NanoBanana.Help;

namespace NanoBanana.Module.Tests.Help;

public sealed class MamlWriterTests
{
    private static readonly XNamespace Command = MamlWriter.Command;
    private static readonly XNamespace Maml = MamlWriter.Maml;
    private static readonly XNamespace Dev = MamlWriter.Dev;

    private readonly XElement _command = XDocument.Parse(MamlWriter.Write([ValidPage.Read().Page])).Root!.Element(Command + "command")!;

    [Fact]
    public void Command_has_its_name_and_texts()
    {
        Assert.Equal("Get-Thing", _command.Element(Command + "details")!.Element(Command + "name")!.Value);
        Assert.Equal("Thing", _command.Element(Command + "details")!.Element(Command + "noun")!.Value);
        Assert.Equal("Gets a thing.", _command.Element(Command + "details")!.Element(Maml + "description")!.Value);
        Assert.Equal(3, _command.Element(Maml + "description")!.Elements(Maml + "para").Count());
        Assert.Equal("A note.", _command.Element(Maml + "alertSet")!.Value);
    }

    [Fact]
    public void The_default_set_comes_first_and_a_switch_takes_no_value_in_it()
    {
        XElement[] parameters =
            [.. _command.Element(Command + "syntax")!.Elements(Command + "syntaxItem").First().Elements(Command + "parameter")];

        Assert.Equal(["Name", "Place", "Size", "Force"], parameters.Select(p => p.Element(Maml + "name")!.Value));
        Assert.Equal("String[]", parameters[0].Element(Command + "parameterValue")!.Value);
        Assert.Null(parameters[3].Element(Command + "parameterValue"));
    }

    [Fact]
    public void Parameter_has_its_facts()
    {
        XElement name = Parameter("Name");
        Assert.Equal("true", name.Attribute("required")!.Value);
        Assert.Equal("0", name.Attribute("position")!.Value);
        Assert.Equal("true", name.Attribute("globbing")!.Value);
        Assert.Equal("True (ByPropertyName, ByValue)", name.Attribute("pipelineInput")!.Value);
        Assert.Equal("ThingId, thing_id", Parameter("Id").Attribute("aliases")!.Value);
        Assert.Equal("3", Parameter("Size").Element(Dev + "defaultValue")!.Value);
    }

    [Fact]
    public void Facts_that_differ_between_parameter_sets_are_all_written()
    {
        int begin = ValidPage.Text.IndexOf("```yaml\nType: Int32", StringComparison.Ordinal);
        string size = ValidPage.Text[begin..].Split("\n```\n")[0] + "\n```\n";
        string other = size.Replace("Sets: Name", "Sets: Id", StringComparison.Ordinal)
            .Replace("input: False", "input: True (ByValue)", StringComparison.Ordinal);
        string page = ValidPage.Text.Replace(size, $"{size}\n{other}", StringComparison.Ordinal)
            .Replace("-Id <String>", "-Id <String> [-Size <Int32>]", StringComparison.Ordinal);
        var problems = new ProblemList();
        CommandPage read = CommandPageReader.Read(MarkdownPage.Parse("docs/Get-Thing.md", page), problems);

        Assert.Empty(problems);
        XElement command = XDocument.Parse(MamlWriter.Write([read])).Root!.Element(Command + "command")!;
        XElement parameter = command.Element(Command + "parameters")!.Elements().Single(p => p.Element(Maml + "name")!.Value == "Size");
        Assert.Equal("False in Name, True (ByValue) in Id", parameter.Attribute("pipelineInput")!.Value);
        Assert.Equal("false", parameter.Attribute("required")!.Value);
    }

    [Fact]
    public void Accepted_values_are_part_of_the_text() =>
        Assert.Equal("Accepted values: here, there.", Parameter("Place").Element(Maml + "description")!.Elements().Last().Value);

    [Fact]
    public void Examples_keep_their_lines()
    {
        XElement example = _command.Element(Command + "examples")!.Elements().First();
        Assert.Contains("Example 1: By name", example.Element(Maml + "title")!.Value, StringComparison.Ordinal);
        Assert.Equal("Get-Thing spoon |\n    Out-Null", example.Element(Dev + "code")!.Value);
    }

    [Fact]
    public void Output_follows_the_code_of_an_example()
    {
        CommandPage page = ValidPage.Read("And this.\n", "```Output\nName\n----\nfork\n```\n\nAnd this.\n").Page;

        XElement command = XDocument.Parse(MamlWriter.Write([page])).Root!.Element(Command + "command")!;

        Assert.Equal(
            "Get-Thing fork\n\nName\n----\nfork",
            command.Element(Command + "examples")!.Elements().ElementAt(1).Element(Dev + "code")!.Value);
    }

    private XElement Parameter(string name) =>
        _command.Element(Command + "parameters")!.Elements().Single(p => p.Element(Maml + "name")!.Value == name);
}
