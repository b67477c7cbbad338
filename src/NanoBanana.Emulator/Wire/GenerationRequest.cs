using System.Text.Json;
using NanoBanana.Emulator.Http;
using NanoBanana.Emulator.Provider;

namespace NanoBanana.Emulator.Wire;

/// <summary>Takes the wrapper off a create request: <c>{"model":"…","input":[{"params":{…}}]}</c>.</summary>
internal static class GenerationRequest
{
    public const string Model = "nano_banana_2";

    /// <summary>Reads and checks the body.</summary>
    /// <exception cref="ApiRefusalException">400 or 415: names what is wrong.</exception>
    public static GenerationParameters Read(HttpRequest request)
    {
        string mediaType = (request.Headers["Content-Type"] ?? "").Split(';')[0].Trim();
        if (!mediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase))
            throw new ApiRefusalException(415, "unsupported_media_type", "Content-Type must be application/json.");

        try
        {
            using var document = JsonDocument.Parse(request.Body.AsMemory());
            return Read(JsonFields.Object(document.RootElement, "The body"));
        }
        catch (JsonException)
        {
            throw ApiRefusalException.Invalid("The body is not valid JSON.");
        }
    }

    private static GenerationParameters Read(JsonElement body)
    {
        bool hasModel = false;
        JsonElement? parameters = null;
        foreach (var field in body.EnumerateObject())
        {
            switch (field.Name)
            {
                case "model":
                    JsonFields.Choice(field.Value, field.Name, [Model]);
                    hasModel = true;
                    break;
                case "input":
                    parameters = Unwrap(field.Value);
                    break;
                default:
                    throw JsonFields.Unknown(field.Name);
            }
        }

        return hasModel
            ? ParameterReader.Read(parameters ?? throw JsonFields.Missing("input"))
            : throw JsonFields.Missing("model");
    }

    private static JsonElement Unwrap(JsonElement input)
    {
        if (JsonFields.Array(input, "input").GetArrayLength() != 1)
            throw ApiRefusalException.Invalid("input must hold exactly one object.");

        JsonElement? parameters = null;
        foreach (var field in JsonFields.Object(input[0], "input[0]").EnumerateObject())
        {
            parameters = field.Name == "params"
                ? JsonFields.Object(field.Value, "input[0].params")
                : throw JsonFields.Unknown("input[0]." + field.Name);
        }

        return parameters ?? throw JsonFields.Missing("input[0].params");
    }
}
