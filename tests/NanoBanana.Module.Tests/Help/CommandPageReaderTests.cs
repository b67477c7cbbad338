using NanoBanana.Help;

namespace NanoBanana.Module.Tests.Help;

public sealed class CommandPageReaderTests
{
    [Fact]
    public void Valid_page_is_read_completely()
    {
        (CommandPage page, IReadOnlyList<Problem> problems) = ValidPage.Read();

        Assert.Empty(problems);
        Assert.Equal("Get-Thing", page.Name);
        Assert.Equal(["Gets a thing."], page.Synopsis);
        Assert.Equal(["First, with emphasis and a line break.", "- one", "- two"], page.Description);
        Assert.Equal([("Name", true), ("Id", false)], page.Syntax.Select(set => (set.Name, set.IsDefault)));
        Assert.Equal(
            [
                new SyntaxItem("Name", "String[]", IsRequired: true, IsPositional: true),
                new SyntaxItem("Place", "String", IsRequired: false, IsPositional: true),
                new SyntaxItem("Size", "Int32", IsRequired: false, IsPositional: false),
                new SyntaxItem("Force", null, IsRequired: false, IsPositional: false),
            ],
            page.Syntax[0].Items);
        Assert.Equal(new SyntaxItem("Id", "String", IsRequired: true, IsPositional: false), page.Syntax[1].Items[0]);
        Assert.Equal("Get-Thing spoon |\n    Out-Null", page.Examples[0].Code);
        Assert.Equal(["Force", "Id", "Name", "Place", "Size"], page.Parameters.Select(p => p.Name));
        Assert.Equal(["ThingId", "thing_id"], page.Parameters[1].Facts[0].Aliases);
        Assert.Equal(0, page.Parameters[2].Facts[0].Position);
        Assert.Equal(["here", "there"], page.Parameters[3].Facts[0].AcceptedValues);
        Assert.Equal("System.String", page.Inputs.Single().Type);
        Assert.Equal(new RelatedLink("Elsewhere", "https://example.org/"), page.Links.Single());
    }

    [Theory]
    [InlineData("## NOTES\n", "## REMARKS\n", "'REMARKS' is not a section")]
    [InlineData("## NOTES\n\nA note.\n", "", "The section '## NOTES' is missing")]
    [InlineData("A note.\n", "", "The section NOTES is empty")]
    [InlineData("## NOTES\n\nA note.\n", "## INPUTS\n\nA note.\n", "has the section INPUTS twice")]
    [InlineData("# Get-Thing\n", "# Get-Things\n", "must start with '# Get-Thing'")]
    [InlineData("schema: 2.0.0\n", "", "'schema: 2.0.0'")]
    [InlineData("Module Name: NanoBanana\n", "Module Name: Other\n", "'Module Name: NanoBanana'")]
    [InlineData("Accept pipeline input: True (ByPropertyName)\n", "Accept pipeline input: Yes\n", "can't be 'Yes'")]
    [InlineData("Default value: 3\n", "", "'Default value' is missing")]
    [InlineData("Default value: 3\n", "Defaults: 3\n", "'Defaults' is not a fact")]
    [InlineData("Position: 1\n", "Position: Named\n", "position of -Place differs")]
    [InlineData("[-Size <Int32>]\n", "[-Size <String>]\n", "position of -Size differs")]
    [InlineData("[-Size <Int32>]\n", "\n", "-Size is not in the syntax of Name")]
    [InlineData("[-Size <Int32>]\n", "[-Size <Int32>] [-Weight <Int32>]\n", "has -Weight, but PARAMETERS does not have it")]
    [InlineData("[-Size <Int32>]\n", "[-Size <Int32>\n", "The syntax is invalid")]
    [InlineData("### -Size\n", "### Size\n", "'Size' is not a parameter")]
    [InlineData("### -Size\n", "### -Place\n", "describes -Place twice")]
    [InlineData("The size.\n", "", "-Size must have a description")]
    [InlineData("Parameter Sets: Id\n", "Parameter Sets: Key\n", "SYNTAX does not have the parameter set 'Key'")]
    [InlineData("### CommonParameters\n\nThe usual ones.\n", "", "'### CommonParameters' is missing")]
    [InlineData("### Example 2: Two\n", "### Two\n", "The heading must be '### Example 2: '")]
    [InlineData("And this.\n", "", "and then text")]
    [InlineData(
        "Get-Thing fork\n",
        "Get-Thing fork -Place 'a place with a name that is far too long for one line of a terminal'\n",
        "at most 76 characters")]
    [InlineData("And that.\n", "```Output\nA knife.\n```\n", "and then text")]
    [InlineData("And that.\n", "```Output\nA knife.\n```\n\n```Output\nA knife.\n```\n\nAnd that.\n", "Code belongs in EXAMPLES")]
    [InlineData("First, with", "```\ncode\n```\n\nFirst, with", "Code belongs in EXAMPLES")]
    [InlineData("### Thing\n", "", "must start with a type")]
    [InlineData("https://example.org/", "No-Such-Page.md", "The page 'No-Such-Page.md' does not exist")]
    public void Invalid_page_is_refused(string valid, string invalid, string message)
    {
        (_, IReadOnlyList<Problem> problems) = ValidPage.Read(valid, invalid);

        Assert.Contains(problems, problem => problem.Message.Contains(message, StringComparison.Ordinal));
    }

    [Fact]
    public void Output_of_an_example_is_optional()
    {
        (CommandPage page, IReadOnlyList<Problem> problems) = ValidPage.Read("And that.\n", "```Output\nA knife.\n```\n\nAnd that.\n");

        Assert.Empty(problems);
        Assert.Equal([null, null, "A knife."], page.Examples.Select(example => example.Output));
        Assert.Equal("Get-Thing knife", page.Examples[2].Code);
        Assert.Equal(["And that."], page.Examples[2].Remarks);
    }

    [Fact]
    public void Parameter_without_facts_is_reported_with_its_line()
    {
        int start = ValidPage.Text.IndexOf("```yaml\nType: Int32", StringComparison.Ordinal);
        string block = ValidPage.Text[start..(ValidPage.Text.IndexOf("```\n", start + 3, StringComparison.Ordinal) + 4)];

        (_, IReadOnlyList<Problem> problems) = ValidPage.Read(block, "");

        Problem problem = Assert.Single(problems, p => p.Message.Contains("-Size must have a block 'yaml'", StringComparison.Ordinal));
        Assert.Equal("### -Size", ValidPage.Text.Split('\n')[problem.Line - 1]);
    }

    [Fact]
    public void Problem_is_written_in_the_format_of_MSBuild_errors() =>
        Assert.Equal("/docs/Get-Thing.md(12,1): error HELP001: It is so.", new Problem("/docs/Get-Thing.md", 12, "It is so.").ToString());
}
