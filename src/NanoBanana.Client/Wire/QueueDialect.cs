using System.Text.Json;

namespace NanoBanana.Client.Wire;

/// <summary>
/// The provider's newer dialect: create, status, result and cancel below <c>/model/v1/queue/{model}</c>. The addresses in
/// its answers are not followed, since they may lead the key to another host: every path is made from the id.
/// </summary>
internal sealed class QueueDialect : IWireDialect
{
    private const string Root = "/model/v1/queue/";

    public ApiProtocol Protocol => ApiProtocol.Queue;

    public WireCall Submit(ImageRequest request)
    {
        using var buffer = new MemoryStream(request.Prompt.Length + 256);
        using (var json = new Utf8JsonWriter(buffer, JsonWriting.Options))
        {
            json.WriteStartObject();
            JsonWriting.WriteParameters(json, request);
            json.WriteEndObject();
        }
        return new WireCall(HttpMethod.Post, Root + Uri.EscapeDataString(request.Model), buffer.ToArray());
    }

    public TaskReading ReadSubmitted(WireReply reply)
    {
        JsonElement root = reply.ReadRoot();
        if (root.Get("request_id").AsText() is { } id && !string.IsNullOrWhiteSpace(id))
            return ReadStatus(root, reply) with { Id = id };
        if (ReadError(root) is { } error)
            throw reply.Refused(root, error);
        throw HttpErrorBody.ReadDetail(root.Get("detail")) is { } detail
            ? reply.Refused(root, new ImageTaskError { Message = detail })
            : reply.NotATask("it has no request_id");
    }

    public WireCall Poll(string id, string? model) => new(HttpMethod.Get, PathOf(id, model, "status"));

    public TaskReading ReadPolled(WireReply reply)
    {
        JsonElement root = reply.ReadRoot();
        return string.IsNullOrWhiteSpace(root.Get("status").AsText()) ? throw reply.NotATask("it has no status") : ReadStatus(root, reply);
    }

    public WireCall? Result(string id, string? model) => new(HttpMethod.Get, PathOf(id, model, "response"));

    /// <summary>Outputs, or with 202 the status of a task that goes on.</summary>
    public TaskReading ReadResult(WireReply reply)
    {
        JsonElement root = reply.ReadRoot();
        if (root.Get("outputs").ValueKind != JsonValueKind.Array)
        {
            TaskReading status = ReadPolled(reply);
            return status.Status == ImageTaskStatus.Completed ? throw reply.NotATask("it is completed and has no outputs") : status;
        }
        OutputItems output = OutputItems.Read(root.Get("outputs").Items());
        return new TaskReading
        {
            RawStatus = root.Get("status").AsText() ?? "COMPLETED",
            Status = ImageTaskStatus.Completed,
            Image = output.Images,
            Text = output.Text,
            TextUrl = output.TextUrl,
            Metadata = root.Get("metadata").AsDictionary(),
            RequestId = reply.RequestId,
        };
    }

    public WireCall? Cancel(string id, string? model) => new(HttpMethod.Put, PathOf(id, model, "cancel"));

    private static string PathOf(string id, string? model, string what) =>
        $"{Root}{Uri.EscapeDataString(model ?? ImageModel.DefaultId)}/requests/{Uri.EscapeDataString(id)}/{what}";

    private static TaskReading ReadStatus(JsonElement root, WireReply reply)
    {
        string? word = root.Get("status").AsText();
        bool known = true;
        // An accepted request has no word yet: it stands in the queue.
        ImageTaskStatus status = word is null ? ImageTaskStatus.Pending : StatusWords.Read(word, out known);
        ImageTaskError? error = ReadError(root);
        if (status == ImageTaskStatus.Completed && error is not null)
            status = SaysCanceled(error) ? ImageTaskStatus.Canceled : ImageTaskStatus.Failed;
        return new TaskReading
        {
            RawStatus = word,
            Status = status,
            IsKnownStatus = known,
            QueuePosition = root.Get("queue_position").AsInteger() is { } position and <= int.MaxValue ? (int)position : null,
            Error = status == ImageTaskStatus.Failed ? error ?? ProviderErrors.NoReason : null,
            // The root's request_id is the task's, not this request's.
            RequestId = reply.RequestId,
        };
    }

    /// <summary>The <c>error</c> in any shape, with the <c>error_type</c> for its code unless it has one of its own.</summary>
    private static ImageTaskError? ReadError(JsonElement root)
    {
        string? type = root.Get("error_type").AsText();
        ImageTaskError? error = ProviderErrors.Read(root.Get("error"));
        if (string.IsNullOrWhiteSpace(type))
            return error;
        error ??= ProviderErrors.NoReason;
        return error with { Code = error.Code ?? type };
    }

    private static bool SaysCanceled(ImageTaskError error) => error.Code?.IndexOf("CANCEL", StringComparison.OrdinalIgnoreCase) >= 0;
}
