using NanoBanana.Help;

namespace NanoBanana.Module.Tests.Help;

public sealed class AboutTopicWriterTests
{
    private const string Start = "# about_Thing\n\n## SHORT DESCRIPTION\n\nWhat things are.\n\n";

    [Fact]
    public void A_topic_is_written_as_GetHelp_shows_topics()
    {
        string text = Write(Start + "## LONG DESCRIPTION\n\nA `thing` is\nsmall.\n\n### Kinds\n\n- one\n- two\n\n"
            + "```powershell\nGet-Thing |\n    Out-Null\n```\n\nThe end.\n");

        Assert.Equal(
            """
            TOPIC
                about_Thing

            SHORT DESCRIPTION
                What things are.

            LONG DESCRIPTION
                A thing is small.

              Kinds
                - one
                - two

                    Get-Thing |
                        Out-Null

                The end.

            """,
            text);
    }

    [Fact]
    public void Lines_have_at_most_80_columns_and_list_items_a_hanging_indent()
    {
        string text = Write(Start + "## LONG DESCRIPTION\n\n- " + string.Join(' ', Enumerable.Repeat("word", 40)) + "\n");

        string[] lines = text.Split('\n');
        Assert.All(lines, line => Assert.True(line.Length <= 80, line));
        Assert.Contains(lines, line => line.StartsWith("    - word", StringComparison.Ordinal) && line.Length > 74);
        Assert.Contains(lines, line => line.StartsWith("      word", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("# about_Other\n", 1)]
    [InlineData(Start + "> a quotation\n", 7)]
    [InlineData(Start + "```\nA line of code that is far too long for the eighty columns of a terminal window\n```\n", 8)]
    [InlineData(
        "# about_Thing\n\n## SHORT DESCRIPTION\n\n"
        + "A sentence that is far too long to be one line of the help in eighty columns of text.\n", 5)]
    public void Invalid_topic_is_reported_with_its_line(string markdown, int line)
    {
        var problems = new ProblemList();
        AboutTopicWriter.Write(MarkdownPage.Parse("docs/about_Thing.md", markdown), problems);

        Assert.Equal(line, Assert.Single(problems).Line);
    }

    private static string Write(string markdown)
    {
        var problems = new ProblemList();
        string text = AboutTopicWriter.Write(MarkdownPage.Parse("docs/about_Thing.md", markdown), problems);
        Assert.Empty(problems);
        return text;
    }
}
