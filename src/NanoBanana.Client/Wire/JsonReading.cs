using System.Globalization;
using System.Text.Json;

namespace NanoBanana.Client.Wire;

/// <summary>
/// Reads JSON that may differ from what was promised: a value that is missing or of another type is null, never an
/// exception. All text is cleaned of what could harm a terminal.
/// </summary>
internal static class JsonReading
{
    private static readonly JsonDocumentOptions Tolerant = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <summary>The root of a body, detached from its buffer; false when the body is not one JSON object.</summary>
    public static bool TryParseObject(byte[] utf8, out JsonElement root)
    {
        root = default;
        try
        {
            using var document = JsonDocument.Parse(WithoutByteOrderMark(ReadableJson.Of(utf8)), Tolerant);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                return false;
            root = document.RootElement.Clone();
            return true;
        }
        catch (JsonException)
        {
            return false;
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
        double.TryParse(element.AsText(), NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
        && !double.IsNaN(value) && !double.IsInfinity(value) ? value : null;

    public static long? AsInteger(this JsonElement element) =>
        element.AsNumber() is { } value and >= 0 and <= 1e15 ? (long)value : null;

    public static decimal? AsDecimal(this JsonElement element) =>
        decimal.TryParse(element.AsText(), NumberStyles.Float, CultureInfo.InvariantCulture, out decimal value) ? value : null;

    public static Uri? AsHttpAddress(this JsonElement element) =>
        Uri.TryCreate(element.AsText(), UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https" ? uri : null;

    /// <summary>Unix seconds, or ISO 8601; a time without a zone is UTC.</summary>
    public static DateTimeOffset? AsTime(this JsonElement element)
    {
        if (element.AsNumber() is { } seconds)
            return seconds is > 0 and < 253402300800 ? DateTimeOffset.FromUnixTimeMilliseconds((long)(seconds * 1000)) : null;
        return DateTimeOffset.TryParse(
            element.AsText(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time) ? time : null;
    }

    /// <summary>Any value as plain .NET objects: text, long, double, bool, null, lists, dictionaries.</summary>
    public static object? AsObject(this JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.AsDictionary(),
        JsonValueKind.Array => element.EnumerateArray().Select(AsObject).ToArray(),
        JsonValueKind.String => TextSafety.Clean(element.GetString()!),
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
