using System.Text.Json;
using NanoBanana.Emulator.Http;
using NanoBanana.Emulator.Provider;

namespace NanoBanana.Emulator.Wire;

/// <summary>Takes the JSON object out of a request.</summary>
internal static class JsonRequest
{
    /// <summary>Reads and checks the body.</summary>
    /// <param name="request">The request.</param>
    /// <param name="read">Reads the parameters out of the body's object.</param>
    /// <exception cref="ApiRefusalException">400 or 415: names what is wrong.</exception>
    public static GenerationParameters Read(HttpRequest request, Func<JsonElement, GenerationParameters> read)
    {
        string mediaType = (request.Headers["Content-Type"] ?? "").Split(';')[0].Trim();
        if (!mediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase))
            throw new ApiRefusalException(415, "unsupported_media_type", "Content-Type must be application/json.");

        try
        {
            using var document = JsonDocument.Parse(request.Body.AsMemory());
            return read(JsonFields.Object(document.RootElement, "The body"));
        }
        catch (JsonException)
        {
            throw ApiRefusalException.Invalid("The body is not valid JSON.");
        }
    }
}
