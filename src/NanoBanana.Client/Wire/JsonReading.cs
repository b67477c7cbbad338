using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Wire;

/// <summary>
/// Reads JSON that may not follow its documentation. A value that is missing or has another type is null, and never an exception. All texts
/// are made safe for a terminal.
/// </summary>
internal static class JsonReading
{
    /// <summary>The maximum size of a body that is parsed without a check, in bytes.</summary>
    private const int MaximumUncheckedBytes = 1024 * 1024;

    /// <summary>
    /// Longer metadata that is image data is not stored, because the journal stores the metadata of every task. In characters.
    /// </summary>
    private const int MaximumMetadataLength = 4096;

    private static readonly JsonDocumentOptions Tolerant = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <summary>Parses a body.</summary>
    /// <param name="utf8">The body.</param>
    /// <param name="root">The JSON, until the document is disposed.</param>
    /// <returns>Null if it is not a JSON object or list.</returns>
    public static JsonDocument? Parse(byte[] utf8, out JsonElement root)
    {
        root = default;
        try
        {
            ReadOnlyMemory<byte> json = WithoutByteOrderMark(ReadableJson.Of(utf8));
            if (json.Length > MaximumUncheckedBytes)
                Check(json.Span);
            var document = JsonDocument.Parse(json, Tolerant);
            root = document.RootElement.Unwrapped();
            if (root.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
                return document;
            document.Dispose();
        }
        catch (JsonException)
        {
            // The body is a text, or empty.
        }
        return null;
    }

    /// <summary>
    /// Reads JSON to its end. The parser rents memory for the complete body before it reads it, and the pool keeps the memory.
    /// </summary>
    private static void Check(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json,
            new JsonReaderOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
        while (reader.Read())
        {
            // A body that is not JSON throws.
        }
    }

    /// <summary>The JSON object or list in a text; any other value is unchanged.</summary>
    public static JsonElement Unwrapped(this JsonElement element) =>
        element.ValueKind == JsonValueKind.String ? Unwrap(element.GetString()!) ?? element : element;

    /// <summary>The JSON object or list in a text; null for any other text.</summary>
    public static JsonElement? Unwrap(string text)
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

    /// <summary>A property; an undefined element if it does not exist.</summary>
    public static JsonElement Get(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement value) ? value : default;

    /// <summary>The items of an array; empty for any other value.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement element) =>
        element.ValueKind == JsonValueKind.Array ? element.EnumerateArray() : [];

    /// <summary>A text, or a number or Boolean value as text.</summary>
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

    /// <summary>An amount: a number, a text with or without a currency, or an object with an amount.</summary>
    public static decimal? AsDecimal(this JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Object)
            return new Fields(element)["amount", "total", "value", "cost"] is { ValueKind: not JsonValueKind.Object } inner
                ? inner.AsDecimal()
                : null;
        if (element.AsText() is not { Length: <= 60 } text)
            return null;
        text = Regex.Replace(text, @"\p{Sc}|\s|^[A-Za-z]{1,8}|(?<![0-9.][eE])[A-Za-z]{2,8}$", "", RegexOptions.CultureInvariant);
        int comma = text.IndexOf(',');
        bool isDecimal = text.IndexOf('.') < 0 && text.LastIndexOf(',') == comma && (text.Length - comma != 4 || text[0] == '0');
        if (comma >= 0)
            text = text.Replace(",", isDecimal ? "." : "");
        return decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal value) ? value : null;
    }

    /// <summary>A fraction from 0 to 1, also from a number from 0 to 100 or a percentage.</summary>
    public static double? AsFraction(this JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Object)
            return new Fields(element)["percent", "percentage", "value", "progress"] is { ValueKind: not JsonValueKind.Object } inner
                ? inner.AsFraction()
                : null;
        string? text = element.AsText()?.Trim();
        bool isPercent = text?.EndsWith("%", StringComparison.Ordinal) == true;
        string? digits = isPercent ? text!.TrimEnd('%', ' ') : text;
        if (!double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out double value))
            return null;
        double fraction = isPercent || value > 1 ? value / 100 : value;
        return fraction is >= 0 and <= 1 ? fraction : null;
    }

    public static Uri? AsHttpAddress(this JsonElement element) =>
        Uri.TryCreate(element.AsText(), UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https" ? uri : null;

    /// <summary>
    /// A time: Unix time in seconds, milliseconds, microseconds or nanoseconds, by its size, or ISO 8601. A time without a zone is UTC.
    /// </summary>
    public static DateTimeOffset? AsTime(this JsonElement element)
    {
        if (element.AsNumber() is { } number)
        {
            double seconds = number switch
            {
                < 253402300800 => number,
                < 1e12 => 0,
                < 1e14 => number / 1e3,
                < 1e17 => number / 1e6,
                _ => number / 1e9,
            };
            return seconds is > 0 and < 253402300800 ? DateTimeOffset.FromUnixTimeMilliseconds((long)(seconds * 1000)) : null;
        }
        string? text = element.AsText()?.Trim();
        if (text?.EndsWith(" UTC", StringComparison.OrdinalIgnoreCase) == true)
            text = text.Substring(0, text.Length - 4);
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time)
            ? time
            : null;
    }

    /// <summary>Converts a value to plain .NET objects: text, long, double, bool, null, lists, dictionaries.</summary>
    public static object? AsObject(this JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.AsDictionary(),
        JsonValueKind.Array => element.EnumerateArray().Select(AsObject).ToArray(),
        JsonValueKind.String when element.GetString() is { Length: > MaximumMetadataLength } text
            && ImageText.IsData(text.Trim(), isExpected: true) =>
            Messages.DataNotStored(text.Length),
        JsonValueKind.String => TextSafety.Clean(element.GetString()!),
        // Adding zero removes a negative zero, which would change in the journal.
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
