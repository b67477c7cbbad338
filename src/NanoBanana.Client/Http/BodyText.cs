using System.Text;
using System.Text.RegularExpressions;
using NanoBanana.Client.Text;

namespace NanoBanana.Client;

/// <summary>A body for -Debug. It becomes text only when it is shown, and then without the data of pictures.</summary>
/// <param name="Utf8">The body; null for none.</param>
public readonly record struct BodyText(byte[]? Utf8)
{
    private const int LongestShown = 4000;

    private static readonly Regex PictureData = new("(data:image/[^;,\"]{0,80};base64,)([A-Za-z0-9+/=\\\\]*)", RegexOptions.CultureInvariant);

    /// <summary>Hides the key, also one that a server has split over several texts; null for none.</summary>
    internal ServerText? Server { get; init; }

    /// <summary>True when there is nothing to show.</summary>
    public bool IsEmpty => Utf8 is not { Length: > 0 };

    /// <summary>The text, with picture data counted in place of shown, at most some 4000 characters.</summary>
    public override string ToString()
    {
        if (IsEmpty)
            return "";
        string text = PictureData.Replace(
            Encoding.UTF8.GetString(Utf8!), match => FormattableString.Invariant($"{match.Groups[1].Value}({match.Groups[2].Length} characters)"));
        return TextSafety.Excerpt(Server?.Show(text) ?? text, LongestShown);
    }
}
