using System.Text.Json;
using NanoBanana.Emulator.Pictures;
using NanoBanana.Emulator.Provider;

namespace NanoBanana.Emulator.Wire;

/// <summary>Writes the answers of the queue dialect.</summary>
/// <param name="pictureUrl">Where the picture of a task is fetched.</param>
/// <param name="origin">The base URL of the API, without a slash at its end.</param>
internal sealed class QueueJson(Func<ProviderTask, string> pictureUrl, Func<string> origin)
{
    /// <summary>An error: <c>{"detail":"…"}</c>.</summary>
    public static ArraySegment<byte> Detail(string message) => Single("detail", message);

    /// <summary>The answer to a cancel.</summary>
    public static ArraySegment<byte> Status(string word) => Single("status", word);

    public ArraySegment<byte> Accepted(ProviderTask task) => Write(json =>
    {
        json.WriteString("request_id", task.Id);
        json.WriteString("response_url", UrlOf(task, "response"));
        json.WriteString("status_url", UrlOf(task, "status"));
        json.WriteString("cancel_url", UrlOf(task, "cancel"));
        json.WriteNumber("queue_position", task.QueuePosition ?? 0);
    });

    /// <summary>The state of a task now.</summary>
    /// <param name="task">The task.</param>
    /// <param name="word">A status word to report in place of the true one, or null.</param>
    public ArraySegment<byte> State(ProviderTask task, string? word) => Write(json =>
    {
        int? position = task.QueuePosition;
        string status = word ?? WordOf(task, position);
        json.WriteString("status", status);
        json.WriteString("request_id", task.Id);
        json.WriteString("response_url", UrlOf(task, "response"));
        if (status == "IN_QUEUE")
            json.WriteNumber("queue_position", position ?? 0);
        if (status != "COMPLETED" || word is not null)
            return;
        json.WriteStartObject("metrics");
        json.WriteNumber("inference_time", Math.Round(task.Duration.TotalSeconds, 2));
        json.WriteEndObject();
        if (task.FailureCode is not { } code)
            return;
        json.WriteString("error", ProviderErrors.Describe(code));
        json.WriteString("error_type", "INFERENCE_FAILURE");
    });

    /// <summary>What a completed task made.</summary>
    public ArraySegment<byte> Result(ProviderTask task) => Write(json =>
    {
        json.WriteString("request_id", task.Id);
        json.WriteStartArray("outputs");
        if (task.HasImage)
            WritePicture(json, task);
        if (task.HasText)
        {
            json.WriteStartObject();
            json.WriteString("type", "text");
            json.WriteString("text", task.Text);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartObject("metadata");
        json.WriteEndObject();
    });

    private static string WordOf(ProviderTask task, int? position)
    {
        if (task.IsOver)
            return task.IsCanceled ? "CANCELED" : "COMPLETED";
        return position is null ? "IN_PROGRESS" : "IN_QUEUE";
    }

    private void WritePicture(Utf8JsonWriter json, ProviderTask task)
    {
        var size = PictureSizes.Find(task.Parameters.AspectRatio, task.Parameters.Resolution);
        json.WriteStartObject();
        json.WriteString("type", "image");
        json.WriteString("url", pictureUrl(task));
        json.WriteString("content_type", "image/png");
        json.WriteString("file_name", "0.png");
        json.WriteNumber("file_size", Picture.Of(task).Length);
        json.WriteNumber("width", size.Width);
        json.WriteNumber("height", size.Height);
        json.WriteEndObject();
    }

    private string UrlOf(ProviderTask task, string what) =>
        $"{origin()}{QueueDialect.Root}{GenerationRequest.Model}/requests/{task.Id}/{what}";

    private static ArraySegment<byte> Single(string name, string value) =>
        JsonBody.Write((name, value), static (json, pair) =>
        {
            json.WriteStartObject();
            json.WriteString(pair.name, pair.value);
            json.WriteEndObject();
        });

    private static ArraySegment<byte> Write(Action<Utf8JsonWriter> write) =>
        JsonBody.Write(write, static (json, write) =>
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        });
}
