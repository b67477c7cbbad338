using System.Text.Json;
using System.Text.Json.Serialization;
using NanoBanana.Client.Wire;

namespace NanoBanana.Client.Journal;

/// <summary>A task as JSON text, the way the journal keeps it.</summary>
internal static class TaskSnapshot
{
    public static string Write(ImageTask task) => JsonSerializer.Serialize(
        task with { SavedTo = null, ImageUrl = task.ImageUrl?.Select(SentPicture.Shorten).ToArray() }, TaskSnapshotContext.Default.ImageTask);

    public static string Write(ImageTaskVerdict verdict) => JsonSerializer.Serialize(verdict, TaskSnapshotContext.Default.ImageTaskVerdict);

    public static ImageTask Read(string json)
    {
        ImageTask task = JsonSerializer.Deserialize(json, TaskSnapshotContext.Default.ImageTask) ?? throw new JsonException("There is no task.");
        return task.Metadata is null
            ? task
            : task with { Metadata = task.Metadata.ToDictionary(pair => pair.Key, pair => pair.Value is JsonElement element ? element.AsObject() : pair.Value) };
    }
}

/// <summary>The serializer that the compiler writes for a task. It goes deeper than an answer may: metadata stand in the task.</summary>
[JsonSourceGenerationOptions(MaxDepth = 128, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ImageTask))]
[JsonSerializable(typeof(ImageTaskVerdict))]
[JsonSerializable(typeof(object[]))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(Dictionary<string, object?>))]
[JsonSerializable(typeof(long))]
[JsonSerializable(typeof(double))]
[JsonSerializable(typeof(bool))]
internal sealed partial class TaskSnapshotContext : JsonSerializerContext;
