using System.Text.Json;

namespace NanoBanana.Client.Files;

/// <summary>The JSON file beside a picture: <c>fox.json</c> beside <c>fox.png</c>.</summary>
internal static class MetadataFile
{
    /// <summary>Far more than one has, in bytes; a larger file is something else.</summary>
    private const int MaximumBytes = 1024 * 1024;

    public static string PathFor(string picturePath) => Path.ChangeExtension(picturePath, ".json");

    /// <summary>What a file says; null when it is not there or is not such a file.</summary>
    public static PictureMetadata? Read(string path)
    {
        try
        {
            return new System.IO.FileInfo(path) is { Exists: true, Length: <= MaximumBytes }
                && JsonSerializer.Deserialize(File.ReadAllBytes(path), PictureMetadata.Json) is { Schema: PictureMetadata.CurrentSchema, File.Sha256: not null } metadata
                ? metadata
                : null;
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Writes it, whole or not at all.</summary>
    public static void Write(string path, PictureMetadata metadata, bool replace)
    {
        using var draft = new DraftFile(path, DraftFile.Open);
        draft.Write(() =>
        {
            JsonSerializer.Serialize(draft.Content, metadata, PictureMetadata.Json);
            draft.Content.WriteByte((byte)'\n');
        });
        draft.Publish(replace);
    }
}
