using NanoBanana.Client.Http;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Wire;

/// <summary>The dialect of the provider's page for the model: submit and poll at <c>/model/v1/generation</c>.</summary>
internal sealed class GenerationDialect : IWireDialect
{
    private const string CreatePath = "/model/v1/generation";

    public ApiProtocol Protocol => ApiProtocol.Generation;

    public WireCall Submit(ImageRequest request)
    {
        using RequestJson body = RequestJson.Begin();
        body.Json.WriteStartObject();
        body.Json.WriteString("model", request.Model);
        body.Json.WriteStartArray("input");
        body.Json.WriteStartObject();
        body.Json.WriteStartObject("params");
        body.WriteParameters(request);
        body.Json.WriteEndObject();
        body.Json.WriteEndObject();
        body.Json.WriteEndArray();
        body.Json.WriteEndObject();
        return body.ToPost(CreatePath);
    }

    public TaskReading ReadSubmitted(WireReply reply) => AnswerReader.ReadSubmitted(reply, Protocol);

    public WireCall Poll(string id, string? model) => new(HttpMethod.Get, $"{CreatePath}/task/{TaskIds.Segment(id)}");

    public TaskReading ReadPolled(WireReply reply) =>
        AnswerReader.ReadTask(reply, Protocol, isResult: false, isFinal: true) is { Status: not ImageTaskStatus.Unknown } reading
            ? reading
            : throw reply.ToInvalidAnswer(Messages.NoStatus);

    public WireCall? Result(string id, string? model) => null;

    public TaskReading ReadResult(WireReply reply) => ReadPolled(reply);

    public WireCall? Cancel(string id, string? model) => null;
}
