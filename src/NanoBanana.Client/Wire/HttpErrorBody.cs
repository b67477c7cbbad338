using System.Text;
using NanoBanana.Client.Http;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Wire;

/// <summary>Reads bodies that are not a task: JSON in any shape, HTML from a proxy, or nothing.</summary>
internal static class HttpErrorBody
{
    private const int MaximumBeginning = 500;

    /// <summary>The error and the id of the request in a body; null for missing values.</summary>
    public static (ImageTaskError? Error, string? RequestId) ReadError(WireReply reply)
    {
        using AnswerLayers? layers = AnswerLayers.Of(reply);
        return layers is null ? default : (ProviderErrors.Read(layers, isError: true), layers.Text("requestid"));
    }

    /// <summary>The provider's code and message in a body; null for missing values.</summary>
    public static (string? Code, string? Message, string? RequestId) Read(WireReply reply)
    {
        (ImageTaskError? error, string? requestId) = ReadError(reply);
        bool hasWords = error is not null && ProviderErrors.HasWords(error);
        return (error?.Code, hasWords ? TextSafety.Excerpt(error!.Message, 500) : null, requestId);
    }

    /// <summary>The content of a body that should be JSON, for a message.</summary>
    public static string Describe(WireReply reply)
    {
        if (reply.Body.Length == 0)
            return Messages.BodyIsEmpty;
        if (ImageText.IsImage(reply.Body))
            return Messages.BodyIsImage;
        string start = Encoding.UTF8.GetString(reply.Body, 0, Math.Min(reply.Body.Length, 200));
        return start.TrimStart('\uFEFF', ' ', '\r', '\n', '\t').StartsWith("<", StringComparison.Ordinal)
            ? Messages.BodyIsPage
            : Messages.BodyStartsWith(TextSafety.Excerpt(start, 60));
    }

    /// <summary>The objects of an answer.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidResponse"/>: it has no object.</exception>
    public static AnswerLayers ReadLayers(this WireReply reply)
    {
        AnswerLayers? layers = AnswerLayers.Of(reply);
        if (layers is { All.Count: > 0 })
            return layers;
        layers?.Dispose();
        throw reply.ToInvalidAnswer(HttpErrorBody.Describe(reply));
    }

    public static NanoBananaException ToInvalidAnswer(this WireReply reply, string reason) =>
        new(NanoBananaErrorKind.InvalidResponse, Messages.NotATask(reply.Status, reason))
        {
            StatusCode = reply.Status,
            RequestId = reply.RequestId,
            AnswerBeginning = reply.Beginning(),
        };

    /// <summary>The start of an answer, for <c>-Verbose</c>.</summary>
    public static string Beginning(this WireReply reply) =>
        TextSafety.Excerpt(Encoding.UTF8.GetString(reply.Body, 0, Math.Min(reply.Body.Length, MaximumBeginning * 4)), MaximumBeginning);

    /// <summary>The error of a submission with a successful status and without a task.</summary>
    public static NanoBananaException ToRejection(this WireReply reply, AnswerLayers layers, ImageTaskError error) =>
        new(ErrorCodes.KindOf(error), Messages.SubmissionRejected(TextSafety.Excerpt(error.ToString(), 500), error.Advice))
        {
            StatusCode = reply.Status,
            ProviderCode = error.Code,
            IsAboutInput = ErrorCodes.IsAboutInput(error),
            RequestId = layers.Text("requestid") ?? reply.RequestId,
        };
}
