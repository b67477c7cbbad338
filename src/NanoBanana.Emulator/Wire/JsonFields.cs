using System.Text.Json;
using NanoBanana.Emulator.Http;

namespace NanoBanana.Emulator.Wire;

/// <summary>Typed access to JSON. It refuses each unexpected value with a message that contains the field.</summary>
internal static class JsonFields
{
    /// <summary>Reads the JSON object of a request's body.</summary>
    /// <param name="request">The request.</param>
    /// <param name="read">Reads the parameters from the body's object.</param>
    /// <exception cref="ApiRefusalException">400 or 415: the message contains the invalid field.</exception>
    public static T ReadBody<T>(HttpRequest request, Func<JsonElement, T> read)
    {
        string mediaType = (request.Headers["Content-Type"] ?? "").Split(';')[0].Trim();
        if (!mediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase))
            throw new ApiRefusalException(415, "unsupported_media_type", "Content-Type must be application/json.");

        try
        {
            using var document = JsonDocument.Parse(request.Body.AsMemory());
            return read(Object(document.RootElement, "The body"));
        }
        catch (JsonException)
        {
            throw ApiRefusalException.Invalid("The body is not valid JSON.");
        }
    }

    public static JsonElement Object(JsonElement value, string field) =>
        value.ValueKind == JsonValueKind.Object ? value : throw Wrong(field, "an object", value);

    public static JsonElement Array(JsonElement value, string field) =>
        value.ValueKind == JsonValueKind.Array ? value : throw Wrong(field, "an array", value);

    public static string String(JsonElement value, string field)
    {
        if (value.ValueKind != JsonValueKind.String)
            throw Wrong(field, "a string", value);
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw ApiRefusalException.Invalid($"{field} is not valid Unicode text.");
        }
    }

    /// <summary>Checks a value that has no effect here.</summary>
    public static void Boolean(JsonElement value, string field)
    {
        if (value.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
            throw Wrong(field, "true or false", value);
    }

    /// <summary>Reads a string with a limited set of values.</summary>
    public static string Choice(JsonElement value, string field, IReadOnlyList<string> choices)
    {
        string text = String(value, field);
        return choices.Contains(text)
            ? text
            : throw ApiRefusalException.Invalid($"{field} must be one of {string.Join(", ", choices)}.");
    }

    public static ApiRefusalException Unknown(string field) =>
        ApiRefusalException.Invalid($"{field} is not a parameter of this request.");

    public static ApiRefusalException Missing(string field) => ApiRefusalException.Invalid($"{field} is required.");

    private static ApiRefusalException Wrong(string field, string expected, JsonElement value) =>
        ApiRefusalException.Invalid($"{field} must be {expected}, not {Describe(value.ValueKind)}.");

    private static string Describe(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "true or false",
    };
}
