using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace NanoBanana.Client.Text;

/// <summary>
/// A text with one layer of escapes decoded (JSON, percent, HTML, quoted-printable). Each character has its position in the source. Tags,
/// escaped line ends and the rest of terminal sequences become a space, because they separate letters.
/// </summary>
/// <param name="Text">The text.</param>
/// <param name="Map">The position in the source for each character and for the end; null if the positions are the same.</param>
internal sealed record UnescapedText(string Text, int[]? Map = null)
{
    private static readonly Regex Escape = new(
        @"\\{1,8}(?:u\{(?<h>[0-9a-f]{1,6})\}|u(?<h>[0-9a-f]{4})|x(?<h>[0-9a-f]{2})|(?<o>[0-7]{3})|[bfnrtv])"
        + @"|%u(?<h>[0-9a-f]{4})|[%=](?<h>[0-9a-f]{2})|&\#x0{0,8}(?<h>[0-9a-f]{1,6});?|&\#0{0,8}(?<d>[0-9]{1,7});?"
        + @"|(?<a>&amp;)|(?<p>&percnt;)|(?<s>&bsol;)|&[a-z][a-z0-9]{1,31};|<[^<>]{1,200}>"
        + @"|\[[0-9;]{0,20}m|\[[0-9;?]{1,20}[a-z]",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture);

    /// <summary>The unchanged text, with letters of other widths and styles replaced by plain letters.</summary>
    public static UnescapedText Of(string source) => Fold(new UnescapedText(source));

    /// <summary>The position in the source of a character, or of the end.</summary>
    public int SourceIndexOf(int index) => Map is null ? index : Map[index];

    /// <summary>The next layer; null if nothing is escaped.</summary>
    public UnescapedText? Next()
    {
        if (!Text.Any(IsEscape))
            return null;
        Match match = Escape.Match(Text);
        if (!match.Success)
            return null;
        var text = new StringBuilder(Text.Length);
        var map = new List<int>(Text.Length + 1);
        int at = 0;
        for (; match.Success; match = match.NextMatch())
        {
            Copy(at, match.Index, text, map);
            text.Append(Decode(match));
            while (map.Count < text.Length)
                map.Add(SourceIndexOf(match.Index));
            at = match.Index + match.Length;
        }
        Copy(at, Text.Length, text, map);
        map.Add(SourceIndexOf(Text.Length));
        return Fold(new UnescapedText(text.ToString(), [.. map]));
    }

    /// <summary>Whether an escape can start with a character.</summary>
    public static bool IsEscape(char c) => c is '\\' or '%' or '=' or '&' or '<' or '[';

    private void Copy(int from, int to, StringBuilder text, List<int> map)
    {
        text.Append(Text, from, to - from);
        for (int i = from; i < to; i++)
            map.Add(SourceIndexOf(i));
    }

    private static string Decode(Match match)
    {
        if (match.Groups["a"].Success)
            return "&";
        if (match.Groups["p"].Success)
            return "%";
        if (match.Groups["s"].Success)
            return "\\";
        int code = match.Groups["h"] is { Success: true } hex ? int.Parse(hex.Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture)
            : match.Groups["d"] is { Success: true } digits ? int.Parse(digits.Value, CultureInfo.InvariantCulture)
            : match.Groups["o"] is { Success: true } octal ? Convert.ToInt32(octal.Value, 8)
            : ' ';
        return code is > 0 and <= 0x10FFFF and not (>= 0xD800 and <= 0xDFFF) ? char.ConvertFromUtf32(code) : " ";
    }

    /// <summary>Replaces compatibility forms (Unicode TR 15, NFKC): a full-width or mathematical letter becomes the plain letter.</summary>
    private static UnescapedText Fold(UnescapedText source)
    {
        if (source.Text.All(c => c < 128))
            return source;
        var text = new StringBuilder(source.Text.Length);
        var map = new List<int>(source.Text.Length + 1);
        for (int i = 0; i < source.Text.Length; i++)
        {
            int start = i;
            if (source.Text[i] < 128)
                text.Append(source.Text[i]);
            else if (char.IsSurrogatePair(source.Text, i))
                text.Append(Plain(source.Text.Substring(i++, 2)));
            else
                text.Append(Plain(source.Text.Substring(i, 1)));
            while (map.Count < text.Length)
                map.Add(source.SourceIndexOf(start));
        }
        map.Add(source.SourceIndexOf(source.Text.Length));
        return new UnescapedText(text.ToString(), [.. map]);
    }

    private static string Plain(string character)
    {
        try
        {
            return character.Normalize(NormalizationForm.FormKC);
        }
        catch (ArgumentException)
        {
            // Half of a surrogate pair, or not a valid code point.
            return character;
        }
    }
}
