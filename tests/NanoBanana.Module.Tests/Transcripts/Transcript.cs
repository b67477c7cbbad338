using System.Text.RegularExpressions;

namespace NanoBanana.Module.Tests.Transcripts;

/// <summary>
/// A session as it appears on the screen. Lines after <c>PS&gt;</c> are typed, lines after <c>&gt;&gt;</c> continue the line before,
/// and the other lines are the expected output. <c>&lt;id&gt;</c>, <c>&lt;n&gt;</c> and <c>&lt;any&gt;</c> stand for text that
/// changes from run to run. Blank lines and spaces at the ends of lines are ignored.
/// </summary>
internal static partial class Transcript
{
    private const string Prompt = "PS> ";
    private const string Continued = ">> ";

    public static void Play(ShellSession shell, string transcript)
    {
        var differences = new List<string>();
        var script = new List<string>();
        var expected = new List<string>();
        foreach (string line in transcript.ReplaceLineEndings("\n").Split('\n').Append(Prompt))
        {
            if (line.StartsWith(Prompt, StringComparison.Ordinal) && script.Count > 0)
            {
                differences.AddRange(Difference(string.Join('\n', script), expected, shell));
                script.Clear();
                expected.Clear();
            }
            if (line.StartsWith(Prompt, StringComparison.Ordinal))
                script.Add(line[Prompt.Length..]);
            else if (line.StartsWith(Continued, StringComparison.Ordinal))
                script.Add(line[Continued.Length..]);
            else if (line.Trim().Length > 0)
                expected.Add(line.TrimEnd());
        }
        Assert.True(differences.Count == 0, string.Join("\n\n", differences));
    }

    private static IEnumerable<string> Difference(string script, List<string> expected, ShellSession shell)
    {
        string[] shown = [.. shell.Show(script).Select(line => line.TrimEnd()).Where(line => line.Length > 0)];
        bool same = shown.Length == expected.Count && shown.Zip(expected).All(pair => Pattern(pair.Second).IsMatch(pair.First));
        return same ? [] : [$"{Prompt}{script}\nmust show:\n{string.Join('\n', expected)}\nand shows:\n{string.Join('\n', shown)}"];
    }

    private static Regex Pattern(string line)
    {
        string pattern = Regex.Escape(line).Replace("<id>", "[0-9a-v]{20}", StringComparison.Ordinal)
            .Replace("<n>", "[0-9.]+", StringComparison.Ordinal).Replace("<any>", ".*", StringComparison.Ordinal);
        // The width of a column depends on its content.
        return new Regex("^" + Spaces().Replace(pattern, @"\s+") + "$");
    }

    [GeneratedRegex(@"(\\ )+")]
    private static partial Regex Spaces();
}
