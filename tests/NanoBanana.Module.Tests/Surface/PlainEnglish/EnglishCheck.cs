using System.Text.RegularExpressions;

namespace NanoBanana.Module.Tests.Surface.PlainEnglish;

/// <summary>Checks the words and the length of the lines of one file.</summary>
internal static partial class EnglishCheck
{
    private static readonly (Regex Pattern, string Instead)[] Words =
        [.. EnglishRules.Words.Select(word => (Compile($@"\b({word.Pattern})\b", RegexOptions.IgnoreCase), word.Instead))];

    private static readonly (string Path, Regex Context)[] Allowed =
        [.. EnglishRules.Allowed.Select(use => (use.Path, Compile(use.Context, RegexOptions.None)))];

    /// <param name="path">The relative path of the file, with slashes.</param>
    /// <param name="lines">Its lines.</param>
    /// <returns>A message for each problem, with the file, the line, the problem and what to write instead.</returns>
    public static IEnumerable<string> Check(string path, IEnumerable<string> lines)
    {
        bool isMarkdown = path.EndsWith(".md", StringComparison.Ordinal);
        bool isCode = false;
        int number = 0;
        foreach (string line in lines)
        {
            number++;
            foreach ((string word, string instead) in AvoidedWords(path, line))
                yield return $"{path}({number}): '{word}'. Instead: {instead}.";
            if (isMarkdown && line.TrimStart().StartsWith("```", StringComparison.Ordinal))
                isCode = !isCode;
            bool canBeLong = EnglishRules.LongLines.IsMatch(path)
                || (isMarkdown && (isCode || line.StartsWith("    ", StringComparison.Ordinal) || line.StartsWith('|')));
            int length = LengthWithoutLinks(line, isMarkdown);
            if (!canBeLong && length > EnglishRules.LongestLine)
                yield return $"{path}({number}): a line of {length} characters. Use at most {EnglishRules.LongestLine}.";
        }
    }

    private static IEnumerable<(string Word, string Instead)> AvoidedWords(string path, string line)
    {
        string text = SplitNames(line);
        foreach ((Regex pattern, string instead) in Words)
        {
            foreach (Match match in pattern.Matches(text))
            {
                if (!IsAllowed(path, line, match.Value))
                    yield return (match.Value, instead);
            }
        }
    }

    /// <summary>Whether all uses of the word in the line are in an allowed context.</summary>
    private static bool IsAllowed(string path, string line, string word)
    {
        string rest = line;
        foreach ((string part, Regex context) in Allowed)
        {
            if (path.Contains(part, StringComparison.Ordinal))
                rest = context.Replace(rest, "");
        }
        return !SplitNames(rest).Contains(word, StringComparison.Ordinal);
    }

    /// <summary>Splits names into words, such as <c>AtOnce</c> or <c>at_once</c>.</summary>
    private static string SplitNames(string text) => Boundary().Replace(text, " ").Replace('_', ' ');

    /// <summary>An address can't be broken, so it is not counted.</summary>
    private static int LengthWithoutLinks(string line, bool isMarkdown)
    {
        string text = Address().Replace(line, "");
        return (isMarkdown ? LinkTarget().Replace(text, "") : text).EnumerateRunes().Count();
    }

    private static Regex Compile(string pattern, RegexOptions options) =>
        new(pattern, options | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture);

    [GeneratedRegex(@"(?<=[a-z0-9])(?=[A-Z])")]
    private static partial Regex Boundary();

    [GeneratedRegex(@"https?://[^\s""'<>)]+")]
    private static partial Regex Address();

    [GeneratedRegex(@"\]\([^)]*\)")]
    private static partial Regex LinkTarget();
}
