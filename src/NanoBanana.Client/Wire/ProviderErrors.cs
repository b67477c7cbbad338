using System.Text.Json;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Wire;

/// <summary>
/// Finds the reason of an error in an answer, for failed tasks, rejections and HTTP errors. Some names mean an error in any place
/// (<c>error</c>, <c>fail_reason</c>). Others (<c>message</c>, <c>detail</c>) mean an error only in an answer that is known to be an error.
/// </summary>
internal static class ProviderErrors
{
    private const int MaximumDepth = 8;

    /// <summary>The error of an answer; null if it has no error.</summary>
    /// <param name="layers">The answer.</param>
    /// <param name="isError">Whether the answer is known to be an error, so a plain message is the reason.</param>
    public static ImageTaskError? Read(AnswerLayers layers, bool isError)
    {
        var reason = new Reason();
        foreach (Fields layer in layers.All)
        {
            ReadLayer(layer, isError, 0, reason);
            // The status of an envelope may be an object with a code and a message.
            if (layer.Inner("status", "baseresp", "promptfeedback", "incompletedetails", "state") is { } status)
                ReadLayer(status, true, 1, reason);
        }
        if (isError && reason.IsEmpty && layers.Inner("metadata", "extra", "extrainfo") is { } metadata)
            ReadLayer(metadata, false, 1, reason);
        return reason.IsEmpty ? null : Make(reason.Code, reason.Message, reason.Type);
    }

    /// <summary>The error in the place of an output.</summary>
    public static ImageTaskError? ReadOutputs(AnswerLayers layers)
    {
        var reason = new Reason();
        foreach (Fields layer in layers.All)
        {
            if (layer["output", "outputs", "results", "images", "data"] is not { ValueKind: JsonValueKind.Array } items)
                continue;
            foreach (JsonElement item in items.EnumerateArray())
            {
                if (item.ValueKind == JsonValueKind.Object)
                    ReadLayer(new Fields(item), false, 1, reason);
            }
        }
        return reason.IsEmpty ? null : Make(reason.Code, reason.Message, reason.Type);
    }

    /// <summary>The error of a model that stopped without an image, from the reason that it gave.</summary>
    public static ImageTaskError OfReason(string word, string? message) => Make(word, message, null);

    /// <summary>
    /// The error of a task that failed without a reason: its text output, or its status if that is more specific than "failed".
    /// </summary>
    public static ImageTaskError OfStatus(string? word, string? text = null) =>
        Make(null, text ?? (IsGenericStatus(word) ? Messages.NoReason : Messages.NoReasonButStatus(TextSafety.Excerpt(word, 60))), null);

    private static bool IsGenericStatus(string? status) => status is null
        || Fields.Key(status) is "failed" or "failure" or "fail" or "error" || status.All(c => !char.IsLetter(c));

    /// <summary>Whether the error has a message of the provider.</summary>
    public static bool HasWords(ImageTaskError error) => error.Message != Messages.NoReason;

    private static void ReadLayer(Fields layer, bool isError, int depth, Reason reason)
    {
        bool isStrong = false;
        foreach (string name in ReasonNames.StrongOf(layer))
        {
            Reason found = ReadValue(layer[name], depth + 1);
            if (found.Message is null && found.Code is null)
                continue;
            isStrong = true;
            reason.Message = IsGeneric(reason.Message) ? found.Message ?? reason.Message : reason.Message;
            reason.Code ??= found.Code;
        }
        if (layer.Text("errortype") is { } kind && !IsPlaceholder(kind))
        {
            isStrong = true;
            reason.Type ??= kind;
        }
        string? code = ReasonNames.CodeOf(layer);
        bool isFailure = layer["success", "succeeded", "ok", "issuccess"].AsText() is { } yes && Fields.Key(yes) == "false"
            || layer["error", "failed", "iserror"].ValueKind == JsonValueKind.True;
        bool meansSuccess = false;
        string? weakName = null;
        Reason? weak = null;
        foreach (string name in ReasonNames.WeakOf(layer))
        {
            meansSuccess |= layer.Text(name) is { } text && MeansSuccess(text);
            if (weak is null && ReadValue(layer[name], depth + 1) is { Message: not null } read)
                (weakName, weak) = (name, read);
        }
        meansSuccess &= weak is null;
        if (!isError && !isStrong && !isFailure
            && (code is null || meansSuccess || !layer.Has("code", "errorcode", "errcode", "errno", "statuscode", "ret")))
            return;
        if (isStrong || !meansSuccess)
            reason.Code ??= code;
        if (weak is not null && IsGeneric(reason.Message))
        {
            reason.Message = weak.Message;
            // The kind of a detail is used as a code only if it is more specific than the detail.
            if (layer.Unwrapped(weakName!).ValueKind == JsonValueKind.Object)
                reason.Code ??= weak.Code;
            if (reason.Code is null && ErrorCodes.Explain(weak.Code).Advice is not null)
                reason.Type ??= weak.Code;
        }
        if (isFailure && reason.IsEmpty)
            reason.Message = Messages.NoReason;
    }

    /// <summary>The message and the code of a value in any shape.</summary>
    private static Reason ReadValue(JsonElement value, int depth)
    {
        var reason = new Reason();
        value = value.Unwrapped();
        if (depth > MaximumDepth)
            return reason;
        switch (value.ValueKind)
        {
            case JsonValueKind.Number:
                reason.Code = Meaningful(value.AsText());
                break;
            case JsonValueKind.String:
                reason.Message = value.AsText()?.Trim() is { } text && !MeansSuccess(text) ? text : null;
                break;
            case JsonValueKind.Array:
                List<Reason> items = [.. value.EnumerateArray().Take(20).Select(item => ReadValue(item, depth + 1))];
                string all = string.Join("; ", items.Select(item => item.Message).Where(message => message is not null));
                reason.Message = all.Length > 0 ? all : null;
                reason.Code = items.Select(item => item.Code).FirstOrDefault(c => c is not null);
                break;
            case JsonValueKind.Object:
                var fields = new Fields(value);
                ReadLayer(fields, true, depth, reason);
                reason.Code ??= reason.Type ?? Meaningful(fields.Text("type", "name"));
                reason.Message ??= FieldMessages(value, depth);
                if (reason.Message is not null
                    && string.Join(".", fields["loc"].Items().Select(step => step.AsText())) is { Length: > 0 } place)
                    reason.Message = $"{place}: {reason.Message}";
                break;
        }
        return reason;
    }

    /// <summary>The messages of an object with one message for each field: <c>{"prompt":["is too long"]}</c>.</summary>
    private static string? FieldMessages(JsonElement value, int depth)
    {
        string all = string.Join("; ", value.EnumerateObject()
            .Where(p => p.Value.ValueKind is JsonValueKind.String or JsonValueKind.Array && !ReasonNames.IsAboutReason(Fields.Key(p.Name)))
            .Take(5).Select(p => (p.Name, ReadValue(p.Value, depth + 1).Message)).Where(p => p.Message is not null)
            .Select(p => $"{TextSafety.Clean(p.Name)}: {p.Message}"));
        return all.Length > 0 ? all : null;
    }

    /// <summary>Whether a message has no more information than an HTTP status, so any other message is better.</summary>
    private static bool IsGeneric(string? message) => message is null || Fields.Key(message)
        is "badrequest" or "unauthorized" or "forbidden" or "notfound" or "unprocessableentity"
        or "unprocessablecontent" or "toomanyrequests" or "internalservererror" or "badgateway" or "serviceunavailable" or "error"
        or "failed";

    private static string? Meaningful(string? code) => IsPlaceholder(code) ? null : code;

    /// <summary>Whether a code means success.</summary>
    public static bool IsPlaceholder(string? code) =>
        string.IsNullOrWhiteSpace(code)
        || Fields.Key(code!) is "success" or "succeed" or "succeeded" or "ok" or "none" or "null" or "noerror" or "200" or "201" or "202"
        or "stop"
        || code!.Trim('0', '.', '-', '+').Length == 0;

    /// <summary>Whether a message means success.</summary>
    private static bool MeansSuccess(string? message) =>
        string.IsNullOrWhiteSpace(message) || IsPlaceholder(message)
        || Fields.Key(message!) is "false" or "undefined" or "operationsuccessful" or "requestsuccessful" or "na" or "successful";

    private static ImageTaskError Make(string? code, string? message, string? type)
    {
        code = ErrorCodes.Format(code);
        (string? meaning, string? advice) = ErrorCodes.Explain(code);
        if (advice is null)
            (meaning, advice) = ErrorCodes.Explain(type);
        return new ImageTaskError
        {
            Code = code ?? type,
            Meaning = meaning,
            Advice = advice,
            Message = string.IsNullOrWhiteSpace(message) ? meaning ?? Messages.NoReason : message!,
        };
    }

    /// <summary>The reason so far; null for missing parts.</summary>
    private sealed class Reason
    {
        public string? Code { get; set; }

        public string? Message { get; set; }

        public string? Type { get; set; }

        public bool IsEmpty => Code is null && Message is null && Type is null;
    }
}
