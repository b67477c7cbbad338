using System.Text.Json;

namespace NanoBanana.Client.Wire;

/// <summary>Writes the model's parameters, which are the same in both dialects. Parameters that were not given are not sent.</summary>
internal static class RequestJson
{
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
