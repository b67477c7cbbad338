using NanoBanana.Module.Tests.Help;

namespace NanoBanana.Module.Tests.Surface.PlainEnglish;

/// <summary>All texts of the repository are plain English, and their lines are short. <see cref="EnglishRules"/> has the rules.</summary>
public sealed class PlainEnglishTests
{
    [Fact]
    public void Files_have_no_avoided_word_and_no_long_line()
    {
        string[] problems = [.. Files("").Order(StringComparer.Ordinal).SelectMany(Problems)];
        Assert.True(problems.Length == 0, $"{problems.Length} problems:\n{string.Join('\n', problems)}");
    }

    [Theory]
    [InlineData("src")]
    [InlineData("tests")]
    [InlineData("docs")]
    [InlineData("tools")]
    [InlineData("README.md")]
    public void Check_finds_the_files_of_the_repository(string path) => Assert.NotEmpty(Files(path));

    [Theory]
    [InlineData("/// <summary>A picture of a fox.</summary>", "'picture'. Instead: image (a screenshot of a terminal).")]
    [InlineData("public void A_rate_that_is_none_is_refused()", "'is none'. Instead: has no ..., there is no ..., is not ....")]
    [InlineData("int atOnce = 4;", "'at Once'. Instead: immediately; or: at the same time.")]
    [InlineData("// The colour of the fox.", "'colour'. Instead: American spelling.")]
    public void Avoided_word_is_reported_with_file_line_and_replacement(string line, string problem) =>
        Assert.Equal($"src/A.cs(2): {problem}", Assert.Single(EnglishCheck.Check("src/A.cs", ["", line])));

    [Theory]
    [InlineData("README.md", "<picture>")]
    [InlineData("src/A.cs", "case \"cancelled\":")]
    [InlineData("src/A.cs", "\"pictureurl\", \"photourl\"")]
    [InlineData("src/A.cs", "The value is None. An attempt is logged upfront.")]
    public void Allowed_use_and_part_of_a_word_are_not_reported(string path, string line) =>
        Assert.Empty(EnglishCheck.Check(path, [line]));

    [Theory]
    [InlineData("src/A.cs", "", true)]
    [InlineData("docs/a.md", "", true)]
    [InlineData("docs/a.md", "| ", false)]
    [InlineData("docs/a.md", "    ", false)]
    public void Line_over_the_limit_is_reported_except_in_tables_and_code(string path, string start, bool isReported) =>
        Assert.Equal(isReported, EnglishCheck.Check(path, [start + new string('x', EnglishRules.LongestLine + 1)]).Any());

    [Fact]
    public void Addresses_and_fenced_code_do_not_count_as_long_lines()
    {
        string text = new('x', EnglishRules.LongestLine);
        Assert.Empty(EnglishCheck.Check("docs/a.md", [$"{text}https://example.org/a", $"[{text[..100]}]({text})"]));
        Assert.Empty(EnglishCheck.Check("docs/a.md", ["```", text + text, "```"]));
        Assert.Single(EnglishCheck.Check("docs/a.md", ["```", text + text, "```", text + text]));
    }

    /// <summary>The text files of a folder or a file. It walks the folders, because a copy of the sources can be without git.</summary>
    private static IEnumerable<string> Files(string path)
    {
        string full = Path.Combine(Paths.Repository, path);
        IEnumerable<string> files = File.Exists(full) ? [full] : Walk(full);
        return files.Select(Relative).Where(file => EnglishRules.TextFiles.IsMatch(file) && !EnglishRules.Skipped.IsMatch(file));
    }

    private static IEnumerable<string> Walk(string folder) => Directory.GetFiles(folder).Concat(
        Directory.GetDirectories(folder).Where(child => !EnglishRules.Skipped.IsMatch(Relative(child))).SelectMany(Walk));

    private static IEnumerable<string> Problems(string file) =>
        EnglishCheck.Check(file, File.ReadLines(Path.Combine(Paths.Repository, file)));

    private static string Relative(string path) => Path.GetRelativePath(Paths.Repository, path).Replace('\\', '/');
}
