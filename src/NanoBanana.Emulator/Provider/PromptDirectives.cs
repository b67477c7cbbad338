using System.Globalization;
using System.Text.RegularExpressions;

namespace NanoBanana.Emulator.Provider;

/// <summary>What a prompt orders in square brackets. Other brackets are the prompt's own and mean nothing.</summary>
/// <remarks><see cref="EmulatorServer"/> lists them for those who write prompts.</remarks>
internal sealed class PromptDirectives
{
    private const string Pattern =
        @"\[((?<flag>hold|noimage|refuse)|fail:(?<fail>[0-9]{1,9})|status:(?<status>\w+)"
        + @"|seconds:(?<seconds>[0-9]{1,6}(\.[0-9]+)?)|bytes:(?<bytes>[0-9]{1,8}))\]";

    private static readonly PromptDirectives None = new();
    private static readonly Regex Directive =
        new(Pattern, RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture);

    public int? FailureCode { get; private set; }

    public bool Hold { get; private set; }

    public bool NoImage { get; private set; }

    public bool Refuse { get; private set; }

    /// <summary>Words that the first polls report, one each, in this order.</summary>
    public List<string> StatusWords { get; } = [];

    public TimeSpan? Duration { get; private set; }

    /// <summary>How large the picture's file is; null for as large as it comes.</summary>
    public int? PictureBytes { get; private set; }

    public static PromptDirectives Parse(string prompt)
    {
        if (prompt.IndexOf('[') < 0)
            return None;

        var directives = new PromptDirectives();
        foreach (Match match in Directive.Matches(prompt))
            directives.Apply(match.Groups);
        return directives;
    }

    private void Apply(GroupCollection groups)
    {
        string flag = groups["flag"].Value;
        Hold |= flag == "hold";
        NoImage |= flag == "noimage";
        Refuse |= flag == "refuse";
        if (groups["fail"].Success)
            FailureCode = int.Parse(groups["fail"].Value, CultureInfo.InvariantCulture);
        if (groups["status"].Success)
            StatusWords.Add(groups["status"].Value);
        if (groups["seconds"].Success)
            Duration = TimeSpan.FromSeconds(double.Parse(groups["seconds"].Value, CultureInfo.InvariantCulture));
        if (groups["bytes"].Success)
            PictureBytes = int.Parse(groups["bytes"].Value, CultureInfo.InvariantCulture);
    }
}
