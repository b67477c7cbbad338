using System.Text.Json;
using NanoBanana.Emulator.Pictures;
using NanoBanana.Emulator.Provider;

namespace NanoBanana.Emulator.Wire;

/// <summary>Writes the task object of the generation dialect.</summary>
/// <param name="pictureUrl">Where the picture of a task is fetched.</param>
internal sealed class GenerationJson(Func<ProviderTask, int, string> pictureUrl)
{
    /// <summary>Prompt tokens of an input image, whatever its size.</summary>
    private const int InputImageTokens = 1120;

    public static ArraySegment<byte> Accepted(ProviderTask task) => JsonBody.Write(task, static (json, task) =>
    {
        json.WriteStartObject();
        WriteHead(json, task, "in_progress");
        json.WriteEndObject();
    });

    /// <summary>A submission that is turned down although the HTTP status says 200.</summary>
    public static ArraySegment<byte> Refused() => JsonBody.Write(0, static (json, _) =>
    {
        json.WriteStartObject();
        json.WriteString("model", GenerationRequest.Model);
        WriteError(json, 5001097, "The submission was refused");
        json.WriteEndObject();
    });

    /// <summary>The state of a task now.</summary>
    /// <param name="task">The task.</param>
    /// <param name="word">A status word to report in place of the true one, or null.</param>
    public ArraySegment<byte> State(ProviderTask task, string? word) =>
        JsonBody.Write((this, task, word), static (json, now) => now.Item1.WriteState(json, now.task, now.word));

    private void WriteState(Utf8JsonWriter json, ProviderTask task, string? word)
    {
        json.WriteStartObject();
        if (word is not null || !task.IsOver)
        {
            WriteHead(json, task, word ?? "in_progress");
            json.WriteNumber("progress", task.Progress);
        }
        else if (task.FailureCode is { } code)
        {
            WriteHead(json, task, "failed");
            WriteError(json, code, ProviderErrors.Describe(code));
        }
        else
        {
            WriteHead(json, task, "completed");
            WriteOutput(json, task);
            WriteUsage(json, task);
        }

        json.WriteStartObject("metadata");
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteHead(Utf8JsonWriter json, ProviderTask task, string status)
    {
        json.WriteString("id", task.Id);
        json.WriteNumber("created_at", task.AcceptedAt.ToUnixTimeSeconds());
        json.WriteString("status", status);
        json.WriteString("model", GenerationRequest.Model);
    }

    private static void WriteError(Utf8JsonWriter json, int code, string message)
    {
        json.WriteStartObject("error");
        json.WriteNumber("code", code);
        json.WriteString("error_message", message);
        json.WriteEndObject();
    }

    private void WriteOutput(Utf8JsonWriter json, ProviderTask task)
    {
        json.WriteStartArray("output");
        json.WriteStartObject();
        json.WriteStartArray("content");
        for (int number = 0; task.HasImage && number < task.Sizes.Count; number++)
            WriteItem(json, "image", "url", pictureUrl(task, number));
        if (task.HasText)
            WriteItem(json, "text", "text", task.Text);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void WriteItem(Utf8JsonWriter json, string type, string name, string value)
    {
        json.WriteStartObject();
        json.WriteString("type", type);
        json.WriteString(name, value);
        json.WriteEndObject();
    }

    private static void WriteUsage(Utf8JsonWriter json, ProviderTask task)
    {
        int prompt = EstimateTokens(task.Parameters.Prompt) + (task.Parameters.ImageUrls.Count * InputImageTokens);
        int completion = task.HasImage
            ? PictureSizes.Tokens(task.Parameters.Resolution)
            : EstimateTokens(task.Text);
        json.WriteStartObject("usage");
        json.WriteNumber("prompt_tokens", prompt);
        json.WriteNumber("completion_tokens", completion);
        json.WriteNumber("total_tokens", prompt + completion);
        json.WriteEndObject();
    }

    /// <summary>Four characters a token, rounded up: the usual estimate for English.</summary>
    private static int EstimateTokens(string text) => (CodePoints.Count(text) + 3) / 4;
}
