using System.Globalization;
using System.Text.RegularExpressions;
using NanoBanana.Emulator.Images;
using NanoBanana.Emulator.Wire;

namespace NanoBanana.Emulator.Provider;

/// <summary>The directives of a prompt, in square brackets. Other text in brackets is ignored.</summary>
/// <remarks><see cref="EmulatorServer"/> lists them.</remarks>
internal sealed class PromptDirectives
{
    private const string Pattern =
        @"\[((?<flag>hold|noimage|refuse)|fail:(?<fail>[0-9]{1,9})|status:(?<status>\w+)"
        + @"|seconds:(?<seconds>[0-9]{1,6}(\.[0-9]+)?)|bytes:(?<bytes>[0-9]{1,8})"
        + @"|size:(?<width>[1-9][0-9]{0,3})x(?<height>[1-9][0-9]{0,3})|shape:(?<shape>[A-Za-z]+[0-9]*))\]";

    private static readonly PromptDirectives None = new();
    private static readonly Regex Directive =
        new(Pattern, RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture);

    public int? FailureCode { get; private set; }

    public bool Hold { get; private set; }

    public bool NoImage { get; private set; }

    public bool Refuse { get; private set; }

    /// <summary>The status words of the first polls, one for each, in this order.</summary>
    public List<string> StatusWords { get; } = [];

    public TimeSpan? Duration { get; private set; }

    /// <summary>The size of the image's file; null for its natural size.</summary>
    public int? ImageBytes { get; private set; }

    /// <summary>The sizes of the images; empty for one image of the requested size.</summary>
    public List<ImageSize> Sizes { get; } = [];

    /// <summary>The shape of the answer with the images; null for that of the options.</summary>
    public EmulatorResultShape? Shape { get; private set; }

    /// <exception cref="ApiRefusalException">400: a shape is unknown.</exception>
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
            FailureCode = Number("fail");
        if (groups["status"].Success)
            StatusWords.Add(groups["status"].Value);
        if (groups["seconds"].Success)
            Duration = TimeSpan.FromSeconds(double.Parse(groups["seconds"].Value, CultureInfo.InvariantCulture));
        if (groups["bytes"].Success)
            ImageBytes = Number("bytes");
        if (groups["width"].Success)
            Sizes.Add(new ImageSize(Number("width"), Number("height")));
        if (groups["shape"].Success)
            Shape = ReadShape(groups["shape"].Value);

        int Number(string name) => int.Parse(groups[name].Value, CultureInfo.InvariantCulture);
    }

    private static EmulatorResultShape ReadShape(string name) => Enum.TryParse(name, ignoreCase: true, out EmulatorResultShape shape)
        ? shape
        : throw ApiRefusalException.Invalid(Messages.ShapeUnknown(name));
}
