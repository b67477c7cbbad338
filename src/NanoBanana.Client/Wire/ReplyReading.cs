using System.Text.Json;

namespace NanoBanana.Client.Wire;

/// <summary>What every dialect does first with a 2xx answer, and what it says of one that is no answer.</summary>
internal static class ReplyReading
{
    /// <summary>The JSON object of an answer.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidResponse"/>: it is none.</exception>
    public static JsonElement ReadRoot(this WireReply reply) =>
        JsonReading.TryParseObject(reply.Body, out JsonElement root) ? root : throw reply.NotATask(HttpErrorBody.Describe(reply));

    public static NanoBananaException NotATask(this WireReply reply, string why) =>
        new(NanoBananaErrorKind.InvalidResponse, $"The service answered {reply.Status} with something that is not a task: {why}.")
        {
            StatusCode = reply.Status,
            RequestId = reply.RequestId,
        };

    /// <summary>A submit that was answered as if all were well, but made no task.</summary>
    public static NanoBananaException Refused(this WireReply reply, JsonElement root, ImageTaskError error) =>
        new(NanoBananaErrorKind.InvalidRequest, $"The service refused the request and made no task: {TextSafety.Excerpt(error.ToString(), 500)}")
        {
            StatusCode = reply.Status,
            ProviderCode = error.Code,
            RequestId = root.Get("request_id").AsText() ?? reply.RequestId,
        };
}
