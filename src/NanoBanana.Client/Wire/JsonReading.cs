using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Wire;

/// <summary>
/// Reads JSON that may differ from what was promised: a value that is missing or of another type is null, never an
/// exception. All text is cleaned of what could harm a terminal.
/// </summary>
internal static class JsonReading
{
    /// <summary>A larger body is checked before it is parsed.</summary>
    private const int LargestUnchecked = 1024 * 1024;

    /// <summary>Metadata that is data and longer than this is not kept: the journal stores what it is told with every task.</summary>
    private const int LongestMetadata = 4096;

    private static readonly JsonDocumentOptions Tolerant = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <summary>Parses a body.</summary>
    /// <param name="utf8">The body.</param>
    /// <param name="root">What it holds, until the document is disposed.</param>
    /// <returns>Null when it is not one JSON object or list.</returns>
    public static JsonDocument? Parse(byte[] utf8, out JsonElement root)
    {
        root = default;
        try
        {
            ReadOnlyMemory<byte> json = WithoutByteOrderMark(ReadableJson.Of(utf8));
            if (json.Length > LargestUnchecked)
                Check(json.Span);
            var document = JsonDocument.Parse(json, Tolerant);
            root = document.RootElement.Opened();
            if (root.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
                return document;
            document.Dispose();
        }
        catch (JsonException)
        {
            // It is a text, or nothing.
        }
        return null;
    }

    /// <summary>Reads JSON to its end. The parser rents memory in the size of a body before it looks at it, and the pool keeps it.</summary>
    private static void Check(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
        while (reader.Read())
        {
            // A body that is no JSON throws.
        }
    }

    /// <summary>What a text that holds a JSON object or list stands for; any other value as it is.</summary>
    public static JsonElement Opened(this JsonElement element) =>
        element.ValueKind == JsonValueKind.String ? Open(element.GetString()!) ?? element : element;

    /// <summary>The JSON object or list that a text holds; null where it holds none.</summary>
    public static JsonElement? Open(string text)
    {
        ReadOnlySpan<char> trimmed = text.AsSpan().Trim();
        if (trimmed is not (['{', .., '}'] or ['[', .., ']']))
            return null;
        try
        {
            using var document = JsonDocument.Parse(ReadableJson.Of(Encoding.UTF8.GetBytes(trimmed.ToString())), Tolerant);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>A property; an undefined element where there is none.</summary>
    public static JsonElement Get(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement value) ? value : default;

    /// <summary>The items of an array; none for anything else.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement element) =>
        element.ValueKind == JsonValueKind.Array ? element.EnumerateArray() : [];

    /// <summary>Text, or a number or truth value as text.</summary>
    public static string? AsText(this JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => TextSafety.Clean(element.GetString()!),
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => element.GetRawText(),
        _ => null,
    };

    public static double? AsNumber(this JsonElement element) =>
        (element.ValueKind == JsonValueKind.Number ? element.TryGetDouble(out double value)
            : double.TryParse(element.AsText(), NumberStyles.Float, CultureInfo.InvariantCulture, out value))
        && !double.IsNaN(value) && !double.IsInfinity(value) ? value : null;

    public static long? AsInteger(this JsonElement element) =>
        element.AsNumber() is { } value and >= 0 and <= 1e15 ? (long)value : null;

    /// <summary>An amount: a number, a text with or without a currency, or an object that holds one.</summary>
    public static decimal? AsDecimal(this JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Object)
            return new Fields(element)["amount", "total", "value", "cost"] is { ValueKind: not JsonValueKind.Object } inner ? inner.AsDecimal() : null;
        if (element.AsText() is not { Length: <= 60 } text)
            return null;
        text = Regex.Replace(text, @"\p{Sc}|\s|^[A-Za-z]{1,8}|(?<![0-9.][eE])[A-Za-z]{2,8}$", "", RegexOptions.CultureInvariant);
        int comma = text.IndexOf(',');
        if (comma >= 0)
            text = text.IndexOf('.') < 0 && text.LastIndexOf(',') == comma && (text.Length - comma != 4 || text[0] == '0') ? text.Replace(',', '.') : text.Replace(",", "");
        return decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal value) ? value : null;
    }

    /// <summary>A share from 0 to 1: as such, as 0 to 100, or in percent.</summary>
    public static double? AsShare(this JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Object)
            return new Fields(element)["percent", "percentage", "value", "progress"] is { ValueKind: not JsonValueKind.Object } inner ? inner.AsShare() : null;
        string? text = element.AsText()?.Trim();
        bool isPercent = text?.EndsWith("%", StringComparison.Ordinal) == true;
        if (!double.TryParse(isPercent ? text!.TrimEnd('%', ' ') : text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value))
            return null;
        double share = isPercent || value > 1 ? value / 100 : value;
        return share is >= 0 and <= 1 ? share : null;
    }

    public static Uri? AsHttpAddress(this JsonElement element) =>
        Uri.TryCreate(element.AsText(), UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https" ? uri : null;

    /// <summary>Unix time in seconds, milli-, micro- or nanoseconds, which its size tells, or ISO 8601; without a zone it is UTC.</summary>
    public static DateTimeOffset? AsTime(this JsonElement element)
    {
        if (element.AsNumber() is { } number)
        {
            double seconds = number switch { < 253402300800 => number, < 1e12 => 0, < 1e14 => number / 1e3, < 1e17 => number / 1e6, _ => number / 1e9 };
            return seconds is > 0 and < 253402300800 ? DateTimeOffset.FromUnixTimeMilliseconds((long)(seconds * 1000)) : null;
        }
        string? text = element.AsText()?.Trim();
        if (text?.EndsWith(" UTC", StringComparison.OrdinalIgnoreCase) == true)
            text = text.Substring(0, text.Length - 4);
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time) ? time : null;
    }

    /// <summary>Any value as plain .NET objects: text, long, double, bool, null, lists, dictionaries.</summary>
    public static object? AsObject(this JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.AsDictionary(),
        JsonValueKind.Array => element.EnumerateArray().Select(AsObject).ToArray(),
        JsonValueKind.String => element.GetString() is { Length: > LongestMetadata } text && ImageText.IsData(text.Trim(), isExpected: true) ? FormattableString.Invariant($"({text.Length} characters of data)") : TextSafety.Clean(element.GetString()!),
        // Zero is added so that there is no negative one, which would come back from the journal as another.
        JsonValueKind.Number => element.TryGetInt64(out long whole) ? whole : (element.AsNumber() + 0.0) as object,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    public static Dictionary<string, object?>? AsDictionary(this JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object)
            return null;
        var result = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (JsonProperty property in element.EnumerateObject())
            result[TextSafety.Clean(property.Name)] = property.Value.AsObject();
        return result;
    }

    private static ReadOnlyMemory<byte> WithoutByteOrderMark(byte[] utf8) =>
        utf8.Length >= 3 && utf8[0] == 0xEF && utf8[1] == 0xBB && utf8[2] == 0xBF ? utf8.AsMemory(3) : utf8;
}
