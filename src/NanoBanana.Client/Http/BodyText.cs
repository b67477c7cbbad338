using System.Text;
using System.Text.RegularExpressions;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Http;

/// <summary>A body for -Debug. The text is created only when it is shown, without the data of images.</summary>
/// <param name="Utf8">The body; null without a body.</param>
public readonly record struct BodyText(byte[]? Utf8)
{
    private const int MaximumLength = 4000;

    private static readonly Regex ImageData = new("(data:image/[^;,\"]{0,80};base64,)([A-Za-z0-9+/=\\\\]*)", RegexOptions.CultureInvariant);

    /// <summary>Masks the key, including a key that is split over several texts; null for no masking.</summary>
    internal ServerText? Server { get; init; }

    /// <inheritdoc cref="Http.WireCall.LongTexts"/>
    internal IReadOnlyList<(int Index, string Text)>? LongTexts { get; init; }

    /// <summary>Whether there is no body.</summary>
    public bool IsEmpty => Utf8 is not { Length: > 0 };

    /// <summary>The text, at most 4000 characters. Image data is replaced by its length.</summary>
    public override string ToString()
    {
        if (IsEmpty)
            return "";
        string text = "";
        int shown = 0;
        foreach ((int index, string longText) in LongTexts ?? [])
        {
            int comma = longText.IndexOf(',') + 1;
            text += Part(shown, index) + longText.Substring(0, comma) + Describe(longText.Length - comma);
            shown = index;
        }
        text += Part(shown, Utf8!.Length);
        return TextSafety.Excerpt(Server?.Sanitize(text) ?? text, MaximumLength);
    }

    private string Part(int start, int end) => ImageData.Replace(
        Encoding.UTF8.GetString(Utf8!, start, end - start), match => match.Groups[1].Value + Describe(match.Groups[2].Length));

    private static string Describe(int characters) => FormattableString.Invariant($"({characters} characters)");
}
