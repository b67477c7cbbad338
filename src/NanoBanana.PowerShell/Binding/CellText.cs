using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace NanoBanana.Binding;

/// <summary>
/// Repairs changes that spreadsheets and editors make to text: ratios as times, decimal commas, and several addresses in a cell. A change
/// that can't be repaired with certainty is refused with its probable cause: dates, error values, and characters of another encoding.
/// </summary>
internal static class CellText
{
    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.IgnoreCase;

    private static readonly Regex Ratio = new(@"^(?<w>\d{1,2})\s*[:\u2236\uFF1A/x\u00D7]\s*(?<h>\d{1,2})$", Options);
    private static readonly Regex Time = new(
        @"^(?:(?<date>.*\S)[\sT]+)?(?<h>\d{1,2}):(?<m>\d{2})(?::(?<s>\d{2})(?:[.,]0+)?)?\s*(?<half>[ap]\.?m\.?)?Z?$", Options);
    private static readonly Regex DateParts = new(@"^(?<a>\d{1,4})[./\- ]+(?<b>\d{1,2}|\p{L}{3,}\.?)(?:[./\-, ]+(?<c>\d{1,4}))?"
        + @"(?:[T ]+0?0:00(?::00(?:[.,]0+)?)?Z?)?$", Options);
    private static readonly Regex MonthFirst = new(@"^(?<b>\p{L}{3,}\.?)[./\- ]+(?<a>\d{1,2})(?:[./\-, ]+(?<c>\d{1,4}))?$", Options);
    private static readonly Regex Number = new(@"^\d+([.,]\d+)?([eE][+-]?\d+)?$", Options);
    private static readonly Regex Size = new(@"^(?<whole>\d*)(?:[.,](?<part>\d+))?\s*K$", Options);
    private static readonly Regex NextAddress = new(@"(?:\s*[;,|]\s*|\s+)(?=https?://|data:image/)", Options);
    private static readonly Regex UncertainSeparator = new(@"^(?:https?://).*(?:\||[;,]\s|\s[;,])", Options | RegexOptions.Singleline);
    private static readonly Regex WordSeparator = new(@"\s*[;,|\s]\s*", Options);
    private static readonly Regex ScientificNumber = new(@"^\d([.,]\d+)?E\+\d{1,3}$", Options);

    private static readonly HashSet<string> ErrorValues = new(StringComparer.OrdinalIgnoreCase)
    {
        // English and German. A cell that starts with a hyphen, a plus or an equals sign becomes "#NAME?".
        "#N/A", "#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#GETTING_DATA", "#ERROR!",
        "#NV", "#BEZUG!", "#WERT!", "#ZAHL!", "#ÜBERLAUF!",
    };

    /// <summary>The abbreviated months in spreadsheets of some languages.</summary>
    private static readonly Dictionary<string, int> Months = new(StringComparer.OrdinalIgnoreCase)
    {
        ["jan"] = 1, ["ene"] = 1, ["gen"] = 1, ["feb"] = 2, ["fév"] = 2, ["fev"] = 2, ["mar"] = 3, ["mär"] = 3, ["mrz"] = 3, ["mrt"] = 3,
        ["apr"] = 4, ["avr"] = 4, ["abr"] = 4, ["may"] = 5, ["mai"] = 5, ["mag"] = 5, ["mei"] = 5, ["jun"] = 6, ["jui"] = 6, ["giu"] = 6,
        ["jul"] = 7, ["lug"] = 7, ["aug"] = 8, ["ago"] = 8, ["aoû"] = 8, ["sep"] = 9, ["set"] = 9, ["oct"] = 10, ["okt"] = 10, ["ott"] = 10,
        ["out"] = 10, ["nov"] = 11, ["dec"] = 12, ["dez"] = 12, ["dic"] = 12, ["déc"] = 12,
    };

    /// <summary>The characters of the bytes 0x80 to 0x9F in Windows-1252.</summary>
    private const string Windows1252 = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008DŽ\u008F\u0090‘’“”•–—˜™š›œ\u009DžŸ";

    /// <summary>The ratio before a spreadsheet changed it: <c>16:09:00</c> and <c>4:09 PM</c> were <c>16:9</c>.</summary>
    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.InvalidRequest"/>: it is a date, which several ratios can become.
    /// </exception>
    public static string? AspectRatio(string? text)
    {
        if (text is null || WithoutTextMark(text) is not { Length: > 0 } value)
            return text;
        if (Ratio.Match(value) is { Success: true } ratio && KnownRatio(ratio.Groups["w"].Value, ratio.Groups["h"].Value) is { } written
            && HasNoLeadingZeros(ratio))
            return written;
        if (RatioOfTime(value) is { } time)
            return time;
        string[] ratios = [.. RatiosOfDate(value)];
        return ratios.Length == 0
            ? value
            : throw Invalid(Messages.DateInPlaceOfRatio(text, ratios));
    }

    /// <summary>The resolution before a spreadsheet changed it: <c>0,5K</c> was <c>0.5K</c>.</summary>
    public static string? Resolution(string? text)
    {
        if (text is null || ImageModel.Resolutions.Contains(text) || Size.Match(WithoutTextMark(text)) is not { Success: true } size
            || size.Groups["whole"].Length + size.Groups["part"].Length == 0)
            return text;
        string whole = size.Groups["whole"].Value.TrimStart('0'), part = size.Groups["part"].Value.TrimEnd('0');
        return $"{(whole.Length == 0 ? "0" : whole)}{(part.Length == 0 ? "" : "." + part)}K";
    }

    /// <summary>
    /// The addresses of a cell, separated by ; , | white space or line ends. Each starts with the scheme of an address.
    /// </summary>
    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.InvalidRequest"/>: it is not certain where an address ends.
    /// </exception>
    public static IEnumerable<string> Addresses(string cell)
    {
        // A single data URI can have megabytes and is not searched.
        if (cell.LastIndexOf("data:", StringComparison.OrdinalIgnoreCase) == 0 && cell.IndexOf("://", StringComparison.Ordinal) < 0)
        {
            yield return cell;
            yield break;
        }
        foreach (string part in NextAddress.Split(cell.Trim().TrimEnd(';', ',', '|', ' ', '\r', '\n', '\t').Trim('"', '<', '>')))
        {
            if (part.Length == 0)
                continue;
            if (UncertainSeparator.IsMatch(part) || (part.Contains('\n') && !part.StartsWith("data:", StringComparison.OrdinalIgnoreCase)))
                throw Invalid(Messages.SeveralAddresses(part));
            yield return part;
        }
    }

    /// <summary>The paths of a cell: the whole cell if it is the name of a file, or its parts if all of them are names of files.</summary>
    public static IReadOnlyList<string> Paths(string cell, Func<string, bool> exists)
    {
        if (cell.IndexOfAny([';', '|', '\n', ',']) < 0 || exists(cell.Trim()))
            return [cell];
        foreach (char[] separators in (char[][])[['\n', '\r'], [';', '\n', '\r'], ['|', '\n', '\r'], [',', '\n', '\r']])
        {
            string[] parts = [.. cell.Split(separators).Select(part => part.Trim().Trim('"')).Where(part => part.Length > 0)];
            if (parts.Length > 1 && parts.All(exists))
                return parts;
        }
        return [cell];
    }

    /// <summary>The words of a cell such as <c>Text, Image</c>.</summary>
    public static IEnumerable<string> Words(string cell) => WordSeparator.Split(cell.Trim()).Where(word => word.Length > 0);

    /// <summary>Refuses a text that is certainly damaged.</summary>
    /// <param name="subject">The subject of the error message, such as "The prompt".</param>
    /// <param name="text">The text.</param>
    /// <param name="isFile">Whether it is the content of a file that the module has read.</param>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidRequest"/>: the text is damaged.</exception>
    public static void Check(string subject, string? text, bool isFile = false)
    {
        if (text is null)
            return;
        if (text.IndexOf('\uFFFD') is var at and >= 0)
            throw Invalid(Messages.ReplacementCharacter(subject, ExcerptAround(text, at), isFile));
        if (text.Contains('\0'))
            throw Invalid(Messages.NullCharacter(subject, isFile));
        if (ErrorValues.Contains(text.Trim()))
            throw Invalid(Messages.SpreadsheetError(subject, text.Trim()));
    }

    /// <summary>The first UTF-8 character that was read in another encoding, such as <c>Ã¼</c> for <c>ü</c>; null without one.</summary>
    public static (string Wrong, string Right)? Mojibake(string? text)
    {
        for (int start = 0; text is not null && start < text.Length; start++)
        {
            int length = ByteOf(text[start]) switch
            {
                >= 0xC2 and <= 0xDF => 2,
                >= 0xE0 and <= 0xEF => 3,
                >= 0xF0 and <= 0xF4 => 4,
                _ => 0,
            };
            if (length == 0 || start + length > text.Length)
                continue;
            int[] bytes = [.. text.Substring(start, length).Select(ByteOf)];
            if (!bytes.Skip(1).All(b => b is >= 0x80 and <= 0xBF))
                continue;
            try
            {
                string right = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString([.. bytes.Select(b => (byte)b)]);
                return (text.Substring(start, length), right);
            }
            catch (DecoderFallbackException)
            {
                // Correct text that only looks like UTF-8.
            }
        }
        return null;
    }

    /// <summary>Whether a name is a long number that a spreadsheet has shortened. Several names can become equal in this way.</summary>
    public static bool IsShortenedNumber(string? text) => text is not null && ScientificNumber.IsMatch(text.Trim());

    private static string WithoutTextMark(string text)
    {
        string value = text.Trim();
        // Spreadsheets mark a cell as text with '16:9 or ="16:9".
        if (value.Length > 3 && value.StartsWith("=\"", StringComparison.Ordinal) && value[value.Length - 1] == '"')
            value = value.Substring(2, value.Length - 3);
        return value.TrimStart('\'', '\u2019').Trim();
    }

    /// <summary>Whether a match has no leading zeros. Only times have them.</summary>
    private static bool HasNoLeadingZeros(Match ratio) => ratio.Groups["h"].Value[0] != '0' && ratio.Groups["w"].Value[0] != '0';

    private static string? RatioOfTime(string value)
    {
        if (Time.Match(value) is { Success: true } time)
        {
            int hours = ParseInt(time.Groups["h"]), minutes = ParseInt(time.Groups["m"]);
            int seconds = time.Groups["s"].Success ? ParseInt(time.Groups["s"]) : 0;
            if (time.Groups["half"].Success)
                hours = (hours % 12) + (char.ToUpperInvariant(time.Groups["half"].Value[0]) == 'P' ? 12 : 0);
            return seconds == 0 ? KnownRatio(hours, minutes) : hours == 0 ? KnownRatio(minutes, seconds) : null;
        }
        // Excel stores a time as a fraction of a day.
        if (Number.IsMatch(value) && double.TryParse(value.Replace(',', '.'), NumberStyles.Float, CultureInfo.InvariantCulture,
            out double day) && day is > 0 and < 1)
        {
            double minutes = day * 1440;
            return Math.Abs(minutes - Math.Round(minutes)) < 0.01 ? KnownRatio((int)Math.Round(minutes) / 60, (int)Math.Round(minutes) % 60)
                : null;
        }
        return null;
    }

    private static IEnumerable<string> RatiosOfDate(string value)
    {
        Match parts = DateParts.Match(value) is { Success: true } numbers ? numbers : MonthFirst.Match(value);
        if (parts.Success)
        {
            int?[] all = [NumberOf(parts.Groups["a"]), NumberOf(parts.Groups["b"]), NumberOf(parts.Groups["c"])];
            int[] small = [.. all.Where(part => part is >= 1 and <= 31).Select(part => part!.Value)];
            // Without a year of four digits, the last of three numbers is the year.
            int[] pair = small.Length == 3 ? [small[0], small[1]] : small;
            if (pair.Length == 2)
                return new[] { KnownRatio(pair[0], pair[1]), KnownRatio(pair[1], pair[0]) }.OfType<string>().Distinct();
            return [];
        }
        // Excel stores a date as a number of days. These are the years 1990 to 2100.
        if (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int days) && days is > 32874 and < 73415)
        {
            DateTime date = DateTime.FromOADate(days);
            return new[] { KnownRatio(date.Day, date.Month), KnownRatio(date.Month, date.Day) }.OfType<string>().Distinct();
        }
        return [];
    }

    private static int? NumberOf(Group part)
    {
        if (!part.Success)
            return null;
        if (char.IsDigit(part.Value[0]))
            return ParseInt(part);
        return Months.TryGetValue(part.Value.Substring(0, 3), out int month) ? month : null;
    }

    private static int ParseInt(Group digits) => int.Parse(digits.Value, CultureInfo.InvariantCulture);

    private static string? KnownRatio(string width, string height) =>
        KnownRatio(int.Parse(width, CultureInfo.InvariantCulture), int.Parse(height, CultureInfo.InvariantCulture));

    private static string? KnownRatio(int width, int height) =>
        FormattableString.Invariant($"{width}:{height}") is var ratio && ImageModel.AspectRatios.Contains(ratio) ? ratio : null;

    private static int ByteOf(char c) => c < 0x100 ? c : Windows1252.IndexOf(c) is var at and >= 0 ? 0x80 + at : -1;

    private static string ExcerptAround(string text, int at)
    {
        int start = Math.Max(0, at - 12);
        return TextSafety.Excerpt(text.Substring(start, Math.Min(30, text.Length - start)), 40);
    }

    private static NanoBananaException Invalid(string message) => new(NanoBananaErrorKind.InvalidRequest, message);
}
