using System.Text.RegularExpressions;

namespace NanoBanana.Module.Tests.Transcripts;

/// <summary>
/// A session as it looks on the screen: lines after <c>PS&gt;</c> are typed, those after <c>&gt;&gt;</c> belong to the line before,
/// and what follows must be shown. <c>&lt;id&gt;</c>, <c>&lt;n&gt;</c> and <c>&lt;any&gt;</c> stand for what differs from run to run; blank lines
/// and the spaces at the ends of lines are not looked at.
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
        // A column is as wide as what is in it.
        return new Regex("^" + Spaces().Replace(pattern, @"\s+") + "$");
    }

    [GeneratedRegex(@"(\\ )+")]
    private static partial Regex Spaces();
}
