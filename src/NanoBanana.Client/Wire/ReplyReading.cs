using System.Text;
using NanoBanana.Client.Http;

namespace NanoBanana.Client.Wire;

/// <summary>What is said of a 2xx answer that is no task.</summary>
internal static class ReplyReading
{
    private const int LongestBeginning = 500;

    /// <summary>The objects of an answer.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidResponse"/>: it has none.</exception>
    public static AnswerLayers ReadLayers(this WireReply reply)
    {
        AnswerLayers? layers = AnswerLayers.Of(reply);
        if (layers is { All.Count: > 0 })
            return layers;
        layers?.Dispose();
        throw reply.NotATask(HttpErrorBody.Describe(reply));
    }

    public static NanoBananaException NotATask(this WireReply reply, string why) =>
        new(NanoBananaErrorKind.InvalidResponse, $"The service answered {reply.Status} with something that is not a task: {why}.")
        {
            StatusCode = reply.Status,
            RequestId = reply.RequestId,
            AnswerBeginning = reply.Beginning(),
        };

    /// <summary>The beginning of an answer, for <c>-Verbose</c>.</summary>
    public static string Beginning(this WireReply reply) =>
        TextSafety.Excerpt(Encoding.UTF8.GetString(reply.Body, 0, Math.Min(reply.Body.Length, LongestBeginning * 4)), LongestBeginning);

    /// <summary>A submit that was answered as if all were well, but made no task.</summary>
    public static NanoBananaException Refused(this WireReply reply, AnswerLayers layers, ImageTaskError error) =>
        new(ErrorCodes.KindOf(error), $"The service refused the request and made no task: {TextSafety.Excerpt(error.ToString(), 500)}{(error.Advice is null ? "" : " " + error.Advice)}")
        {
            StatusCode = reply.Status,
            ProviderCode = error.Code,
            RequestId = layers.Text("requestid") ?? reply.RequestId,
        };
}
