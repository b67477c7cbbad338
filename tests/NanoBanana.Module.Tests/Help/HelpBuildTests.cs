using NanoBanana.Help;

namespace NanoBanana.Module.Tests.Help;

public sealed class HelpBuildTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("nanobanana-help-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Help_files_of_removed_topics_are_deleted()
    {
        string stale = Path.Combine(_folder, "about_Gone.help.txt");
        File.WriteAllText(stale, "");
        var problems = new ProblemList();

        HelpBuild.Run(Path.Combine(Paths.Repository, "docs"), _folder, problems);

        Assert.Empty(problems);
        Assert.False(File.Exists(stale));
        Assert.True(File.Exists(Path.Combine(_folder, "NanoBanana.dll-Help.xml")));
    }

    [Fact]
    public void Nothing_is_written_if_a_page_is_invalid()
    {
        string docs = Path.Combine(_folder, "docs"), output = Path.Combine(_folder, "out");
        Directory.CreateDirectory(Path.Combine(docs, "commands"));
        Directory.CreateDirectory(Path.Combine(docs, "about"));
        File.WriteAllText(
            Path.Combine(docs, "commands", "Get-Thing.md"), ValidPage.Text.Replace("schema: 2.0.0", "", StringComparison.Ordinal));
        File.WriteAllText(Path.Combine(docs, "about", "about_Thing.md"), "# about_Thing\n\n## SHORT DESCRIPTION\n\nThings.\n");
        var problems = new ProblemList();

        HelpBuild.Run(docs, output, problems);

        Assert.Single(problems);
        Assert.False(Directory.Exists(output));
    }
}
