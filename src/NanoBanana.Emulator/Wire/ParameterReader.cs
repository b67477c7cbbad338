using System.Text.Json;
using NanoBanana.Emulator.Images;
using NanoBanana.Emulator.Provider;

namespace NanoBanana.Emulator.Wire;

/// <summary>Reads and checks the parameter object. It is the same in both dialects.</summary>
internal static class ParameterReader
{
    private const int MaxPromptLength = 2500;
    private const int MaxImageUrls = 3;

    private static readonly string[] Modalities = ["Text", "Image"];

    /// <summary>Reads the parameters.</summary>
    /// <exception cref="ApiRefusalException">400, with the name of the first invalid field.</exception>
    public static GenerationParameters Read(JsonElement json)
    {
        string? prompt = null;
        string ratio = ImageSizes.DefaultRatio;
        string? resolution = null, imageSize = null;
        IReadOnlyList<string> urls = [], modalities = Modalities;
        foreach (var field in json.EnumerateObject())
        {
            switch (field.Name)
            {
                case "prompt":
                    prompt = ReadPrompt(field.Value);
                    break;
                case "image_urls":
                    urls = ReadUrls(field.Value);
                    break;
                case "aspect_ratio":
                    ratio = JsonFields.Choice(field.Value, field.Name, ImageSizes.Ratios);
                    break;
                case "resolution":
                    resolution = JsonFields.Choice(field.Value, field.Name, ImageSizes.Resolutions);
                    break;
                // Another name of the resolution, from the reference of the queue.
                case "image_size":
                    imageSize = JsonFields.Choice(field.Value, field.Name, ["512", "1K", "2K", "4K"]).Replace("512", "0.5K");
                    break;
                case "response_modalities":
                    modalities = ReadModalities(field.Value);
                    break;
                default:
                    throw JsonFields.Unknown(field.Name);
            }
        }

        return new GenerationParameters(
            prompt ?? throw JsonFields.Missing("prompt"),
            urls,
            ratio,
            resolution ?? imageSize ?? ImageSizes.DefaultResolution,
            WantsText: modalities.Contains("Text"),
            WantsImage: modalities.Contains("Image"),
            json.GetRawText());
    }

    /// <summary>The provider's "characters" of well-formed text: Unicode code points, not UTF-16 units.</summary>
    public static int CountCodePoints(string text) => text.Count(static unit => !char.IsLowSurrogate(unit));

    private static string ReadPrompt(JsonElement value)
    {
        string prompt = JsonFields.String(value, "prompt");
        int length = CountCodePoints(prompt);
        return length is >= 1 and <= MaxPromptLength
            ? prompt
            : throw ApiRefusalException.Invalid(
                $"prompt must be 1 to {MaxPromptLength} characters (Unicode code points) long, this one is {length}.");
    }

    private static string[] ReadUrls(JsonElement value)
    {
        int count = JsonFields.Array(value, "image_urls").GetArrayLength();
        if (count > MaxImageUrls)
            throw ApiRefusalException.Invalid($"image_urls takes at most {MaxImageUrls} images, not {count}.");

        return [.. value.EnumerateArray().Select(static (item, i) => ReadUrl(item, $"image_urls[{i}]"))];

        static string ReadUrl(JsonElement item, string field) => JsonFields.String(item, field) is var url && ImageUrls.IsValid(url)
            ? url
            : throw ApiRefusalException.Invalid($"{field} must be an absolute http or https URL, or a data:image/...;base64 URI.");
    }

    private static string[] ReadModalities(JsonElement value)
    {
        const string Field = "response_modalities";
        // A string on the model's page, a list in the reference of the queue.
        if (value.ValueKind == JsonValueKind.String)
            return [JsonFields.Choice(value, Field, Modalities)];
        var items = JsonFields.Array(value, Field).EnumerateArray();
        string[] modalities = [.. items.Select(static (item, i) => JsonFields.Choice(item, $"{Field}[{i}]", Modalities))];
        return modalities.Length > 0 ? modalities : throw ApiRefusalException.Invalid($"{Field} must name Text, Image or both.");
    }
}
