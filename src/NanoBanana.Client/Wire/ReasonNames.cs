using System.Text.Json;

namespace NanoBanana.Client.Wire;

/// <summary>The names under which answers give reasons and codes: the usual ones first, then others of their families.</summary>
internal static class ReasonNames
{
    /// <summary>These mean an error wherever they stand.</summary>
    private static readonly string[] Strong =
        ["error", "errors", "providererror", "errormessage", "errormsg", "errmsg", "err", "errordescription", "errorinfo", "errordetail", "errorreason", "failreason",
         "failurereason", "failedreason", "failmsg", "failmessage", "failure", "failuremessage", "exception", "exceptionmessage", "blockreasonmessage", "refusal"];

    private static readonly string[] StrongParts = ["error", "fail", "exception"];

    /// <summary>These mean an error only in an answer that is one.</summary>
    private static readonly string[] Weak = ["message", "msg", "detail", "details", "reason", "description", "title", "baseresp", "info", "cause"];

    private static readonly string[] WeakEnds = ["message", "messages", "msg", "reason", "reasons", "detail", "details", "desc", "description", "cause"];

    private static readonly string[] Codes = ["errorcode", "errcode", "code", "failcode", "errno", "ret", "statuscode", "finishreason", "blockreason"];

    private static readonly string[] CodeEnds = ["errorcode", "errcode", "failcode", "failurecode", "failedcode", "reasoncode"];

    private static readonly string[] AsideEnds = ["id", "url", "urls", "type", "code", "count", "time", "at", "status", "name", "loc"];

    public static IEnumerable<string> StrongOf(Fields layer) => Of(layer, Strong, pair =>
        pair.Value.ValueKind is JsonValueKind.String or JsonValueKind.Object or JsonValueKind.Array && StrongParts.Any(pair.Key.Contains) && !IsAside(pair.Key));

    public static IEnumerable<string> WeakOf(Fields layer) => Of(layer, Weak, pair => WeakEnds.Any(end => pair.Key.EndsWith(end, StringComparison.Ordinal)) && pair.Key is not "finishreason" and not "blockreason");

    /// <summary>The code of an object, if it says that something is wrong: also its status, where that is one of HTTP.</summary>
    public static string? CodeOf(Fields layer) =>
        Of(layer, Codes, pair => CodeEnds.Any(end => pair.Key.EndsWith(end, StringComparison.Ordinal))).Select(name => layer.Text(name)).FirstOrDefault(text => !ProviderErrors.IsNone(text))
        ?? (layer.Text("status") is { Length: 3 } status && status[0] is '4' or '5' && status.All(char.IsDigit) ? status : null);

    /// <summary>Whether a name stands for something about a reason, and not the reason.</summary>
    public static bool IsAside(string key) => AsideEnds.Any(end => key.EndsWith(end, StringComparison.Ordinal));

    private static IEnumerable<string> Of(Fields layer, string[] usual, Func<KeyValuePair<string, JsonElement>, bool> isOfFamily) =>
        usual.Where(name => layer.Has(name)).Concat(layer.All.Where(pair => !usual.Contains(pair.Key) && isOfFamily(pair)).Select(pair => pair.Key));
}
