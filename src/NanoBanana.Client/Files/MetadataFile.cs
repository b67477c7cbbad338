using System.Text.Json;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Files;

/// <summary>The JSON file beside an image: <c>fox.json</c> beside <c>fox.png</c>.</summary>
internal static class MetadataFile
{
    /// <summary>Far more than one has, in bytes; a larger file is something else.</summary>
    private const int MaximumBytes = 1024 * 1024;

    public static string PathFor(string imagePath) => Path.ChangeExtension(imagePath, ".json");

    /// <summary>What a file says; null when it is not there or is not such a file.</summary>
    public static ImageMetadata? Read(string path) => Read(path, out _);

    /// <param name="path">The file.</param>
    /// <param name="problem">Why a file that is there is not used; null when it is, and for the JSON of another program.</param>
    public static ImageMetadata? Read(string path, out string? problem)
    {
        problem = null;
        try
        {
            if (RegularFile.ReadAll(path, MaximumBytes) is { } content)
                return Parse(content, out problem);
            problem = $"It is larger than {ByteSize.Describe(MaximumBytes)}, the most that is read.";
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // Most images have none.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problem = e.Message;
        }
        return null;
    }

    /// <summary>Writes it, whole or not at all.</summary>
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
            if (JsonSerializer.Deserialize(content, ImageMetadata.Json) is { Id.Length: > 0, File: { Name: not null, Sha256: not null } } metadata)
                return metadata;
            problem = "It lacks the id of the task, or the name or the hash of the file.";
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or NotSupportedException or ArgumentException)
        {
            problem = $"It can't be read as JSON of this module: {e.Message}";
        }
        return null;
    }

    /// <summary>Whether it says so itself: the JSON beside an image can be anybody's.</summary>
    private static bool IsOurs(byte[] content)
    {
        using JsonDocument document = JsonDocument.Parse(content);
        return document.RootElement.ValueKind == JsonValueKind.Object
            && document.RootElement.TryGetProperty(nameof(ImageMetadata.Schema), out JsonElement schema)
            && schema.ValueKind == JsonValueKind.Number && schema.TryGetInt32(out int version) && version == ImageMetadata.CurrentSchema;
    }
}
