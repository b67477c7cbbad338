using NanoBanana.Client.Http;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Wire;

/// <summary>
/// The provider's newer dialect: submit, status, result and cancel below <c>/model/v1/queue/{model}</c>. The addresses in its answers are
/// not used, because the key could be sent to another host. Every path is made from the id.
/// </summary>
internal sealed class QueueDialect : IWireDialect
{
    private const string Root = "/model/v1/queue/";

    public ApiProtocol Protocol => ApiProtocol.Queue;

    public WireCall Submit(ImageRequest request)
    {
        using RequestJson body = RequestJson.Begin();
        body.Json.WriteStartObject();
        body.WriteParameters(request);
        body.Json.WriteEndObject();
        return body.ToPost(Root + Uri.EscapeDataString(request.Model!));
    }

    public TaskReading ReadSubmitted(WireReply reply) => AnswerReader.ReadSubmitted(reply, Protocol);

    public WireCall Poll(string id, string? model) => new(HttpMethod.Get, PathOf(id, model, "status"));

    public TaskReading ReadPolled(WireReply reply) =>
        AnswerReader.ReadTask(reply, Protocol, isResult: false, isFinal: false) is { Status: not ImageTaskStatus.Unknown } reading
            ? reading
            : throw reply.ToInvalidAnswer(Messages.NoStatus);

    public WireCall? Result(string id, string? model) => new(HttpMethod.Get, PathOf(id, model, "response"));

    /// <summary>Reads the outputs, or with 202 the status of a task that is still running.</summary>
    public TaskReading ReadResult(WireReply reply)
    {
        TaskReading reading = AnswerReader.ReadTask(reply, Protocol, isResult: reply.Status != 202, isFinal: true);
        bool isEmpty = reading is { Status: ImageTaskStatus.Completed, Image.Count: 0, Text: null, TextUrl: null }
            && !AnswerReader.HasOutput(reply);
        return reading.Status == ImageTaskStatus.Unknown || isEmpty ? throw reply.ToInvalidAnswer(Messages.NoOutput) : reading;
    }

    public WireCall? Cancel(string id, string? model) => new(HttpMethod.Put, PathOf(id, model, "cancel"));

    private static string PathOf(string id, string? model, string what) =>
        $"{Root}{Uri.EscapeDataString(model ?? ImageModel.DefaultId)}/requests/{TaskIds.Segment(id)}/{what}";
}
