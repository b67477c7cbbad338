using System.Text.Json;

namespace NanoBanana.Client.Wire;

/// <summary>The dialect that the provider's page describes: create and poll at <c>/model/v1/generation</c>.</summary>
internal sealed class GenerationDialect : IWireDialect
{
    private const string CreatePath = "/model/v1/generation";

    public ApiProtocol Protocol => ApiProtocol.Generation;

    public WireCall Submit(ImageRequest request)
    {
        using var buffer = new MemoryStream(request.Prompt.Length + 256);
        using (var json = new Utf8JsonWriter(buffer, JsonWriting.Options))
        {
            json.WriteStartObject();
            json.WriteString("model", request.Model);
            json.WriteStartArray("input");
            json.WriteStartObject();
            json.WriteStartObject("params");
            JsonWriting.WriteParameters(json, request);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return new WireCall(HttpMethod.Post, CreatePath, buffer.ToArray());
    }

    public TaskReading ReadSubmitted(WireReply reply)
    {
        JsonElement root = reply.ReadRoot();
        if (!string.IsNullOrWhiteSpace(root.Get("id").AsText()))
            return ReadTask(root, reply);
        throw ProviderErrors.Read(root.Get("error")) is { } error ? reply.Refused(root, error) : reply.NotATask("it has no id");
    }

    public WireCall Poll(string id, string? model) =>
        new(HttpMethod.Get, $"{CreatePath}/task/{Uri.EscapeDataString(id)}");

    public TaskReading ReadPolled(WireReply reply)
    {
        JsonElement root = reply.ReadRoot();
        return string.IsNullOrWhiteSpace(root.Get("status").AsText()) ? throw reply.NotATask("it has no status") : ReadTask(root, reply);
    }

    public WireCall? Result(string id, string? model) => null;

    public TaskReading ReadResult(WireReply reply) => ReadPolled(reply);

    public WireCall? Cancel(string id, string? model) => null;

    private static TaskReading ReadTask(JsonElement root, WireReply reply)
    {
        string word = root.Get("status").AsText() ?? "";
        ImageTaskStatus status = StatusWords.Read(word, out bool known);
        JsonElement usage = root.Get("usage");
        OutputItems output = OutputItems.Read(root.Get("output").Items().SelectMany(item => item.Get("content").Items()));
        return new TaskReading
        {
            Id = root.Get("id").AsText(),
            RawStatus = word,
            Status = status,
            IsKnownStatus = known,
            Model = root.Get("model").AsText(),
            CreatedAt = root.Get("created_at").AsTime(),
            CompletedAt = root.Get("completed_at").AsTime(),
            Progress = root.Get("progress").AsNumber() is { } progress and >= 0 and <= 1 ? progress : null,
            Image = output.Images,
            Text = output.Text,
            TextUrl = output.TextUrl,
            PromptTokens = usage.Get("prompt_tokens").AsInteger(),
            CompletionTokens = usage.Get("completion_tokens").AsInteger(),
            TotalTokens = usage.Get("total_tokens").AsInteger(),
            Cost = usage.Get("cost").AsDecimal() ?? root.Get("cost").AsDecimal(),
            Error = ProviderErrors.Read(root.Get("error")) ?? (status == ImageTaskStatus.Failed ? ProviderErrors.NoReason : null),
            Metadata = root.Get("metadata").AsDictionary(),
            RequestId = root.Get("request_id").AsText() ?? reply.RequestId,
        };
    }
}
