using System.Text.Json;
using NanoBanana.Client.Http;
using NanoBanana.Client.Text;

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
            RequestJson.WriteParameters(json, request);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return new WireCall(HttpMethod.Post, CreatePath, buffer.ToArray());
    }

    public TaskReading ReadSubmitted(WireReply reply) => AnswerReader.ReadSubmitted(reply, Protocol);

    public WireCall Poll(string id, string? model) => new(HttpMethod.Get, $"{CreatePath}/task/{TaskIds.Segment(id)}");

    public TaskReading ReadPolled(WireReply reply) =>
        AnswerReader.ReadTask(reply, Protocol, isResult: false, isFinal: true) is { Status: not ImageTaskStatus.Unknown } reading
            ? reading
            : throw reply.NotATask("it has no status");

    public WireCall? Result(string id, string? model) => null;

    public TaskReading ReadResult(WireReply reply) => ReadPolled(reply);

    public WireCall? Cancel(string id, string? model) => null;
}
