using System.Text.Encodings.Web;
using System.Text.Json;

namespace NanoBanana.Client.Wire;

/// <summary>Writes the model's parameters, which are the same in every dialect. What the user did not give is not sent.</summary>
internal static class JsonWriting
{
    /// <summary>Plain UTF-8: the body is JSON for a JSON reader, never text in a page.</summary>
    public static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void WriteParameters(Utf8JsonWriter json, ImageRequest request)
    {
        json.WriteString("prompt", request.Prompt);
        WriteList(json, "image_urls", request.ImageUrls);
        if (request.AspectRatio is not null)
            json.WriteString("aspect_ratio", request.AspectRatio);
        if (request.Resolution is not null)
            json.WriteString("resolution", request.Resolution);
        WriteList(json, "response_modalities", request.ResponseModalities);
    }

    private static void WriteList(Utf8JsonWriter json, string name, IReadOnlyList<string>? values)
    {
        if (values is null)
            return;
        json.WriteStartArray(name);
        foreach (string value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }
}
