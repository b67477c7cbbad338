using System.Text.Json;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Files;

/// <summary>The JSON file beside an image: <c>fox.json</c> beside <c>fox.png</c>.</summary>
internal static class MetadataFile
{
    /// <summary>The maximum size of a file that is read, in bytes. A larger file is something else.</summary>
    private const int MaximumBytes = 1024 * 1024;

    public static string PathFor(string imagePath) => Path.ChangeExtension(imagePath, ".json");

    /// <summary>Reads a file; null if it does not exist or is not such a file.</summary>
    public static ImageMetadata? Read(string path) => Read(path, out _);

    /// <param name="path">The path of the file.</param>
    /// <param name="problem">The reason why an existing file is not used; null if it is used, and for the JSON of another program.</param>
    public static ImageMetadata? Read(string path, out string? problem)
    {
        problem = null;
        try
        {
            if (RegularFile.ReadAll(path, MaximumBytes) is { } content)
                return Parse(content, out problem);
            problem = Messages.MetadataTooLarge(ByteSize.Describe(MaximumBytes));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // Most images have no such file.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problem = e.Message;
        }
        return null;
    }

    /// <summary>Writes the file completely or not at all.</summary>
    public static void Write(string path, ImageMetadata metadata, bool replace)
    {
        using var draft = new DraftFile(path, DraftFile.Open);
        draft.Write(() =>
        {
            JsonSerializer.Serialize(draft.Content, metadata, ImageMetadata.Json);
            draft.Content.WriteByte((byte)'\n');
        });
        draft.Publish(replace);
    }

    private static ImageMetadata? Parse(byte[] content, out string? problem)
    {
        problem = null;
        try
        {
            if (!IsOurs(content))
                return null;
            if (JsonSerializer.Deserialize(content, ImageMetadata.Json) is { Id.Length: > 0 } metadata
                && metadata.File is { Name: not null, Sha256: not null })
                return metadata;
            problem = Messages.MetadataIncomplete;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or NotSupportedException
            or ArgumentException)
        {
            problem = Messages.MetadataInvalid(e.Message);
        }
        return null;
    }

    /// <summary>Whether the JSON has the schema of this module. The JSON beside an image may belong to another program.</summary>
    private static bool IsOurs(byte[] content)
    {
        using JsonDocument document = JsonDocument.Parse(content);
        return document.RootElement.ValueKind == JsonValueKind.Object
            && document.RootElement.TryGetProperty(nameof(ImageMetadata.Schema), out JsonElement schema)
            && schema.ValueKind == JsonValueKind.Number && schema.TryGetInt32(out int version) && version == ImageMetadata.CurrentSchema;
    }
}
