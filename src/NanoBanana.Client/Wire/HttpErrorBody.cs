using System.Text;
using System.Text.Json;

namespace NanoBanana.Client.Wire;

/// <summary>
/// What the body of a failed request says. Bodies seen: <c>message</c>, <c>error</c> (text or object) with or without an
/// <c>error_type</c>, <c>detail</c> (text, object, or a list of what is wrong where), HTML from a proxy, nothing at all.
/// </summary>
internal static class HttpErrorBody
{
    /// <summary>The provider's code and message, as far as the body has them.</summary>
    public static (string? Code, string? Message, string? RequestId) Read(WireReply reply)
    {
        if (!JsonReading.TryParseObject(reply.Body, out JsonElement root))
            return (null, null, null);
        ImageTaskError? error = ProviderErrors.Read(root.Get("error"));
        string? message = error?.Message ?? root.Get("message").AsText() ?? ReadDetail(root.Get("detail"));
        string? code = error?.Code ?? ProviderErrors.FormatCode(root.Get("code").AsText()) ?? root.Get("error_type").AsText();
        return (code, message is null ? null : TextSafety.Excerpt(message, 500), root.Get("request_id").AsText());
    }

    /// <summary>Text, or the <c>msg</c> of each item after where it is: <c>body.prompt: Field required</c>.</summary>
    public static string? ReadDetail(JsonElement detail)
    {
        if (detail.ValueKind != JsonValueKind.Array)
            return detail.AsText() ?? detail.Get("message").AsText() ?? detail.Get("msg").AsText();
        string all = string.Join("; ", detail.Items().Select(ReadDetailItem).Where(text => text is not null));
        return all.Length > 0 ? all : null;
    }

    private static string? ReadDetailItem(JsonElement item)
    {
        string? message = item.AsText() ?? item.Get("msg").AsText();
        string place = string.Join(".", item.Get("loc").Items().Select(step => step.AsText()));
        return place.Length > 0 ? $"{place}: {message}" : message;
    }

    /// <summary>What a body looks like that should have been JSON, for a message.</summary>
    public static string Describe(WireReply reply)
    {
        if (reply.Body.Length == 0)
            return "the body is empty";
        string start = Encoding.UTF8.GetString(reply.Body, 0, Math.Min(reply.Body.Length, 200));
        return start.TrimStart('\uFEFF', ' ', '\r', '\n', '\t').StartsWith("<", StringComparison.Ordinal)
            ? "the body is an HTML page, perhaps of a proxy on the way"
            : $"the body begins with '{TextSafety.Excerpt(start, 60)}'";
    }
}
