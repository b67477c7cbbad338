using System.Text.Json;

namespace NanoBanana.Client.Wire;

/// <summary>The property names for reasons and codes in answers: the usual names first, then similar names.</summary>
internal static class ReasonNames
{
    /// <summary>Names that mean an error in any place.</summary>
    private static readonly string[] Strong =
        ["error", "errors", "providererror", "errormessage", "errormsg", "errmsg", "err", "errordescription", "errorinfo", "errordetail",
         "errorreason", "failreason", "failurereason", "failedreason", "failmsg", "failmessage", "failure", "failuremessage", "exception",
         "exceptionmessage", "blockreasonmessage", "refusal"];

    private static readonly string[] StrongParts = ["error", "fail", "exception"];

    /// <summary>Names that mean an error only in an answer that is an error.</summary>
    private static readonly string[] Weak = ["message", "msg", "detail", "details", "reason", "description", "title", "baseresp", "info",
        "cause"];

    private static readonly string[] WeakEnds = ["message", "messages", "msg", "reason", "reasons", "detail", "details", "desc",
        "description", "cause"];

    private static readonly string[] Codes = ["errorcode", "errcode", "code", "failcode", "errno", "ret", "statuscode", "finishreason",
        "blockreason"];

    private static readonly string[] CodeEnds = ["errorcode", "errcode", "failcode", "failurecode", "failedcode", "reasoncode"];

    private static readonly string[] DescriptionEnds =
        ["id", "url", "urls", "type", "code", "count", "time", "at", "status", "name", "loc"];

    public static IReadOnlyList<string> StrongOf(Fields layer) => Of(layer, Strong, static (key, kind) =>
        kind is JsonValueKind.String or JsonValueKind.Object or JsonValueKind.Array && key.ContainsAny(StrongParts) && !IsAboutReason(key));

    public static IReadOnlyList<string> WeakOf(Fields layer) => Of(layer, Weak, static (key, _) =>
        key.EndsWithAny(WeakEnds) && key is not "finishreason" and not "blockreason");

    /// <summary>The code of an object that reports an error: its code, or a status that is an HTTP status.</summary>
    public static string? CodeOf(Fields layer)
    {
        foreach (string name in Of(layer, Codes, static (key, _) => key.EndsWithAny(CodeEnds)))
        {
            if (layer.Text(name) is { } code && !ProviderErrors.IsPlaceholder(code))
                return code;
        }
        return layer.Text("status") is { Length: 3 } status && status[0] is '4' or '5' && status.All(char.IsDigit) ? status : null;
    }

    /// <summary>Whether a name describes a reason and is not the reason.</summary>
    public static bool IsAboutReason(string key) => key.EndsWithAny(DescriptionEnds);

    private static IReadOnlyList<string> Of(Fields layer, string[] usual, Func<string, JsonValueKind, bool> isOfFamily)
    {
        List<string>? found = null;
        foreach (string name in usual)
        {
            if (layer.Has(name))
                (found ??= []).Add(name);
        }
        for (int i = 0; i < layer.Count; i++)
        {
            if (Array.IndexOf(usual, layer.KeyAt(i)) < 0 && isOfFamily(layer.KeyAt(i), layer.ValueAt(i).ValueKind))
                (found ??= []).Add(layer.KeyAt(i));
        }
        return found ?? (IReadOnlyList<string>)[];
    }
}
