using System.Text;
using NanoBanana.Client.Http;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Wire;

/// <summary>What the body of a failed request says: JSON in whichever shape, HTML from a proxy, nothing at all.</summary>
internal static class HttpErrorBody
{
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
}
