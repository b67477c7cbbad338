using System.Text;
using NanoBanana.Client.Http;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Wire;

/// <summary>What is said of a body that is no task: JSON in whichever shape, HTML from a proxy, nothing at all.</summary>
internal static class HttpErrorBody
{
    private const int LongestBeginning = 500;

    /// <summary>The error that the body gives, and the id of the request, as far as the body has them.</summary>
    public static (ImageTaskError? Error, string? RequestId) ReadError(WireReply reply)
    {
        using AnswerLayers? layers = AnswerLayers.Of(reply);
        return layers is null ? default : (ProviderErrors.Read(layers, isError: true), layers.Text("requestid"));
    }

    /// <summary>The provider's code and message, as far as the body has them.</summary>
    public static (string? Code, string? Message, string? RequestId) Read(WireReply reply)
    {
        (ImageTaskError? error, string? requestId) = ReadError(reply);
        bool hasWords = error is not null && ProviderErrors.HasWords(error);
        return (error?.Code, hasWords ? TextSafety.Excerpt(error!.Message, 500) : null, requestId);
    }

    /// <summary>What a body looks like that should have been JSON, for a message.</summary>
    public static string Describe(WireReply reply)
    {
        if (reply.Body.Length == 0)
            return "the body is empty";
        if (ImageText.IsImage(reply.Body))
            return "the body is an image";
        string start = Encoding.UTF8.GetString(reply.Body, 0, Math.Min(reply.Body.Length, 200));
        return start.TrimStart('\uFEFF', ' ', '\r', '\n', '\t').StartsWith("<", StringComparison.Ordinal)
            ? "the body is an HTML page, perhaps of a proxy on the way"
            : $"the body begins with '{TextSafety.Excerpt(start, 60)}'";
    }


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
        new(ErrorCodes.KindOf(error), "The service refused the request and made no task: "
            + $"{TextSafety.Excerpt(error.ToString(), 500)}{(error.Advice is null ? "" : " " + error.Advice)}")
        {
            StatusCode = reply.Status,
            ProviderCode = error.Code,
            IsAboutInput = ErrorCodes.IsAboutInput(error),
            RequestId = layers.Text("requestid") ?? reply.RequestId,
        };
}
