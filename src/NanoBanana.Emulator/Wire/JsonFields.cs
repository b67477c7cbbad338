using System.Text.Json;

namespace NanoBanana.Emulator.Wire;

/// <summary>Typed access to JSON that turns every surprise into a refusal which names the field.</summary>
internal static class JsonFields
{
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

    /// <summary>Checks a value that changes nothing here.</summary>
    public static void Boolean(JsonElement value, string field)
    {
        if (value.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
            throw Wrong(field, "true or false", value);
    }

    /// <summary>Reads a string that must be one of a few.</summary>
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
