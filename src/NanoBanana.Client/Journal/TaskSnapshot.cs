using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using NanoBanana.Client.Text;
using NanoBanana.Client.Wire;

namespace NanoBanana.Client.Journal;

/// <summary>A task as JSON text in the journal. The serializer reads it, and code in this class writes it.</summary>
/// <remarks>
/// With the serializer, the first submission of a process would wait until the runtime has compiled hundreds of its methods. A test
/// compares both for a task with all properties.
/// </remarks>
internal static class TaskSnapshot
{
    [ThreadStatic]
    private static MemoryStream? _buffer;

    [ThreadStatic]
    private static Utf8JsonWriter? _writer;

    public static string Write(ImageTask task)
    {
        MemoryStream buffer = _buffer ??= new MemoryStream();
        Utf8JsonWriter writer = _writer ??= new Utf8JsonWriter(buffer);
        buffer.SetLength(0);
        writer.Reset(buffer);
        Write(writer, task);
        writer.Flush();
        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    private static void Write(Utf8JsonWriter writer, ImageTask task)
    {
        writer.WriteStartObject();
        Text(writer, nameof(task.Prompt), task.Prompt);
        Text(writer, nameof(task.Model), task.Model);
        Text(writer, nameof(task.AspectRatio), task.AspectRatio);
        Text(writer, nameof(task.Resolution), task.Resolution);
        Texts(writer, nameof(task.ResponseModality), task.ResponseModality);
        Texts(writer, nameof(task.ImageUrl), task.ImageUrl?.Select(SentDataUri.Shorten));
        Texts(writer, nameof(task.ImagePath), task.ImagePath);
        Text(writer, nameof(task.Name), task.Name);
        Text(writer, nameof(task.Variation), task.Variation);
        Text(writer, nameof(task.Batch), task.Batch);
        Number(writer, nameof(task.InputIndex), task.InputIndex);
        Text(writer, nameof(task.Id), task.Id);
        Text(writer, nameof(task.Status), task.Status.ToString());
        Text(writer, nameof(task.RawStatus), task.RawStatus);
        if (task.Progress is { } progress)
            writer.WriteNumber(nameof(task.Progress), progress);
        Number(writer, nameof(task.QueuePosition), task.QueuePosition);
        Time(writer, nameof(task.CreatedAt), task.CreatedAt);
        Time(writer, nameof(task.CompletedAt), task.CompletedAt);
        Text(writer, nameof(task.Elapsed), task.Elapsed?.ToString("c", CultureInfo.InvariantCulture));
        writer.WriteStartArray(nameof(task.Image));
        foreach (ImageOutput image in task.Image)
            Write(writer, image);
        writer.WriteEndArray();
        Text(writer, nameof(task.Text), task.Text);
        Text(writer, nameof(task.TextUrl), task.TextUrl?.OriginalString);
        Number(writer, nameof(task.PromptTokens), task.PromptTokens);
        Number(writer, nameof(task.CompletionTokens), task.CompletionTokens);
        Number(writer, nameof(task.TotalTokens), task.TotalTokens);
        if (task.Cost is { } cost)
            writer.WriteNumber(nameof(task.Cost), cost);
        if (task.Error is not null)
        {
            writer.WritePropertyName(nameof(task.Error));
            JsonSerializer.Serialize(writer, task.Error, TaskSnapshotContext.Default.ImageTaskError);
        }
        if (task.Metadata is not null)
        {
            writer.WritePropertyName(nameof(task.Metadata));
            JsonSerializer.Serialize(
                writer, (IReadOnlyDictionary<string, object>)task.Metadata!, TaskSnapshotContext.Default.IReadOnlyDictionaryStringObject);
        }
        if (task.Verdict is not null)
        {
            writer.WritePropertyName(nameof(task.Verdict));
            JsonSerializer.Serialize(writer, task.Verdict, TaskSnapshotContext.Default.ImageTaskVerdict);
        }
        Text(writer, nameof(task.RequestId), task.RequestId);
        Text(writer, nameof(task.Endpoint), task.Endpoint?.OriginalString);
        Text(writer, nameof(task.Protocol), task.Protocol?.ToString());
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, ImageOutput image)
    {
        writer.WriteStartObject();
        Text(writer, nameof(image.Url), image.Url.OriginalString);
        writer.WriteBoolean(nameof(image.IsInline), image.IsInline);
        Text(writer, nameof(image.Id), image.Id);
        Text(writer, nameof(image.ContentType), image.ContentType);
        Text(writer, nameof(image.FileName), image.FileName);
        Number(writer, nameof(image.FileSize), image.FileSize);
        Number(writer, nameof(image.Width), image.Width);
        Number(writer, nameof(image.Height), image.Height);
        writer.WriteEndObject();
    }

    private static void Text(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null)
            writer.WriteString(name, value);
    }

    private static void Texts(Utf8JsonWriter writer, string name, IEnumerable<string>? values)
    {
        if (values is null)
            return;
        writer.WriteStartArray(name);
        foreach (string value in values)
            writer.WriteStringValue(value);
        writer.WriteEndArray();
    }

    private static void Number(Utf8JsonWriter writer, string name, long? value)
    {
        if (value is { } number)
            writer.WriteNumber(name, number);
    }

    private static void Time(Utf8JsonWriter writer, string name, DateTimeOffset? value)
    {
        if (value is { } time)
            writer.WriteString(name, time);
    }

    public static string Write(ImageTaskVerdict verdict) => JsonSerializer.Serialize(verdict, TaskSnapshotContext.Default.ImageTaskVerdict);

    public static ImageTask Read(string json)
    {
        ImageTask task = JsonSerializer.Deserialize(json, TaskSnapshotContext.Default.ImageTask)
            ?? throw new JsonException(Messages.EntryHasNoTask);
        return task.Metadata is null
            ? task
            : task with
            {
                Metadata = task.Metadata.ToDictionary(
                    pair => pair.Key, pair => pair.Value is JsonElement element ? element.AsObject() : pair.Value),
            };
    }
}

/// <summary>
/// The generated serializer of a task. It allows a greater depth than answers have, because the task contains their metadata.
/// </summary>
[JsonSourceGenerationOptions(MaxDepth = 128, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ImageTask))]
[JsonSerializable(typeof(ImageTaskVerdict))]
[JsonSerializable(typeof(object[]))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, object?>))]
[JsonSerializable(typeof(Dictionary<string, object?>))]
[JsonSerializable(typeof(long))]
[JsonSerializable(typeof(double))]
[JsonSerializable(typeof(bool))]
internal sealed partial class TaskSnapshotContext : JsonSerializerContext;
