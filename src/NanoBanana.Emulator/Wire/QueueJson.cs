using System.Text.Json;
using NanoBanana.Emulator.Pictures;
using NanoBanana.Emulator.Provider;

namespace NanoBanana.Emulator.Wire;

/// <summary>Writes the answers of the queue dialect.</summary>
/// <param name="pictureUrl">Where a picture of a task is fetched, by its number from 0.</param>
/// <param name="origin">The base URL of the API, without a slash at its end.</param>
internal sealed class QueueJson(Func<ProviderTask, int, string> pictureUrl, Func<string> origin)
{
    /// <summary>The error of a task that was canceled.</summary>
    public const string Canceled = "The request was canceled";

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
        // Always 0 at present, says the API reference.
        json.WriteNumber("queue_position", 0);
    });

    /// <summary>The state of a task now.</summary>
    /// <param name="task">The task.</param>
    /// <param name="word">A status word to report in place of the true one, or null.</param>
    public ArraySegment<byte> State(ProviderTask task, string? word) => Write(json =>
    {
        string status = word ?? WordOf(task);
        json.WriteString("status", status);
        json.WriteString("request_id", task.Id);
        json.WriteString("response_url", UrlOf(task, "response"));
        if (status != "COMPLETED" || word is not null)
            return;
        json.WriteStartObject("metrics");
        json.WriteNumber("inference_time", Math.Round(task.Duration.TotalSeconds, 2));
        json.WriteEndObject();
        if (task.IsCanceled)
            WriteError(json, Canceled, "CANCELED");
        else if (task.FailureCode is { } code)
            WriteError(json, ProviderErrors.Describe(code), "INFERENCE_FAILURE");
    });

    /// <summary>What a completed task made.</summary>
    public ArraySegment<byte> Result(ProviderTask task) => Write(json =>
    {
        json.WriteString("request_id", task.Id);
        json.WriteStartArray("outputs");
        for (int number = 0; task.HasImage && number < task.Sizes.Count; number++)
            WritePicture(json, task, number);
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

    /// <summary>There are only three words: a task that failed or was canceled is completed with an error.</summary>
    private static string WordOf(ProviderTask task)
    {
        if (task.IsOver)
            return "COMPLETED";
        return task.IsQueued ? "IN_QUEUE" : "IN_PROGRESS";
    }

    private static void WriteError(Utf8JsonWriter json, string error, string type)
    {
        json.WriteString("error", error);
        json.WriteString("error_type", type);
    }

    private void WritePicture(Utf8JsonWriter json, ProviderTask task, int number)
    {
        var size = task.Sizes[number];
        var picture = Picture.Of(task, number);
        json.WriteStartObject();
        json.WriteString("type", "image");
        json.WriteString("url", pictureUrl(task, number));
        json.WriteString("content_type", picture.MediaType);
        json.WriteString("file_name", FormattableString.Invariant($"{number}.png"));
        json.WriteNumber("file_size", picture.Length);
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
