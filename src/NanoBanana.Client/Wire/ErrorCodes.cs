using System.Text.RegularExpressions;

namespace NanoBanana.Client.Wire;

/// <summary>What the provider's codes and error types mean, and what a user can do about them.</summary>
internal static class ErrorCodes
{
    private const string TryAgain = "Pipe the task to New-NanoBananaImage to try again; change the prompt if it fails the same way.";
    private const string ChangePrompt = "Change the prompt or the input images: the same request would be blocked again.";
    private const string FixRequest = "Fix what the message names: the same request would be refused again.";
    private const string TryLater = "Pipe the task to New-NanoBananaImage to try again, a little later.";
    private const string TopUp = "Add credits to the account at the provider, then run the same inputs again.";

    /// <summary>The last three digits of a code of the documented family: vendor, model, reason.</summary>
    private static readonly Dictionary<string, (string Meaning, string Advice)> Reasons = new(StringComparer.Ordinal)
    {
        ["095"] = ("Internal generation error", TryAgain),
        ["096"] = ("Result parsing error", "Try again; if it fails the same way, use a plainer prompt or -ResponseModality Image."),
        ["097"] = ("HTTP error response", "Check that anyone can open the addresses of the input images, then try again a little later."),
        ["098"] = ("Synchronous generation error", TryLater),
        ["099"] = ("Task creation error", TryLater),
    };

    private static readonly Dictionary<string, (string? Meaning, string Advice)> Words = new(StringComparer.Ordinal)
    {
        ["110001"] = ("The input image may contain sensitive content", "Use another input image: the same one would be blocked again."),
        ["190000"] = ("The input image could not be downloaded", "Check that anyone can open the addresses of the input images, then try again."),
        ["contentblocked"] = ("The content was blocked", ChangePrompt),
        ["contentpolicyviolation"] = ("The content was blocked", ChangePrompt),
        ["imagesafety"] = ("The image was blocked", ChangePrompt),
        ["prohibitedcontent"] = ("The content is prohibited", ChangePrompt),
        ["contentfilter"] = ("The content was blocked", ChangePrompt),
        ["safety"] = ("The content was blocked", ChangePrompt),
        ["requestinvalid"] = ("The request is not valid", FixRequest),
        ["inferencetimeout"] = ("The model took too long", TryLater),
        ["inferencefailure"] = (null, TryAgain),
        ["internalservererror"] = (null, TryLater),
        ["noimage"] = ("The model made no image", "Put the prompt more plainly, or use -ResponseModality Image."),
    };

    /// <summary>How providers write that the balance does not suffice.</summary>
    private static readonly string[] NoBalance =
        ["BALANCE", "CREDIT", "QUOTA", "ARREAR", "PAYMENT", "FUNDS", "BILLING", "TOP UP", "TOPUP", "RECHARGE", "OVERDUE", "余额", "欠费", "积分不足"];

    /// <summary>How providers write that a limit is per time, so that waiting helps, in messages that say "quota" too.</summary>
    private static readonly string[] RateWords =
        ["PER MINUTE", "PER SECOND", "PERMINUTE", "PERSECOND", "REQUESTS PER", "RETRY IN", "RETRY AFTER", "TRY AGAIN IN", "RESOURCE_EXHAUSTED", "RESOURCE HAS BEEN EXHAUSTED"];

    /// <summary>Words for what an image shows or would show.</summary>
    private static readonly Regex Content = new("sensitive|safety|moderat|polic(y|ies)|prohibit|block|nsfw|inappropriate|violat|敏感|违规", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    /// <summary>The documented form: nine digits for the family whose last three are 095 to 099, any other code as it came.</summary>
    public static string? Format(string? code)
    {
        if (code?.EndsWith(".0", StringComparison.Ordinal) == true)
            code = code.Substring(0, code.Length - 2);
        return IsOfFamily(code) ? code!.PadLeft(9, '0') : code;
    }

    /// <summary>Meaning and advice of a code.</summary>
    public static (string? Meaning, string? Advice) Explain(string? code)
    {
        if (code is null)
            return default;
        if (IsOfFamily(code))
            return Reasons[code.Substring(code.Length - 3)];
        if (IsBalance(code))
            return ("The balance of the account does not suffice", TopUp);
        return Words.TryGetValue(Fields.Key(code), out (string?, string) known) ? known : default;
    }

    /// <summary>How a request with this error was refused. The HTTP status decides where it says more than that.</summary>
    public static NanoBananaErrorKind KindOf(ImageTaskError error)
    {
        string code = Fields.Key(error.Code ?? "");
        string all = $"{code} {error.Message}".ToUpperInvariant();
        if (code is "401" || all.HoldsAny(
            "UNAUTHORIZED", "UNAUTHENTICATED", "AUTHENTICAT", "APIKEY", "API KEY", "API-KEY", "INVALID KEY", "INVALID TOKEN", "INVALIDTOKEN"))
            return NanoBananaErrorKind.ApiKeyRejected;
        if (all.HoldsAny("RATELIMIT", "RATE LIMIT", "RATE_LIMIT", "THROTTL", "TOO MANY REQUESTS", "TOOMANYREQUESTS"))
            return NanoBananaErrorKind.RateLimited;
        if (IsBalance(code) || code is "402" or "403" || all.HoldsAny(NoBalance)
            || (all.HoldsAny("INSUFFICIENT", "NOT ENOUGH") && !all.HoldsAny("IMAGE", "PIXEL", "RESOLUTION", "PROMPT", "SIZE"))
            || all.HoldsAny("FORBIDDEN", "PERMISSION", "ACCESSDENIED", "ACCESS DENIED", "ACCESS_DENIED"))
            return NanoBananaErrorKind.NotPermitted;
        if (code is "429")
            return NanoBananaErrorKind.RateLimited;
        return IsTransient(error) ? NanoBananaErrorKind.ServiceUnavailable : NanoBananaErrorKind.InvalidRequest;
    }

    /// <summary>Whether an error says that the balance or quota is used up, and not that a limit per time is reached.</summary>
    public static bool IsBalanceGone(ImageTaskError error)
    {
        string code = Fields.Key(error.Code ?? "");
        string all = $"{code} {error.Message}".ToUpperInvariant();
        bool isRate = all.HoldsAny(RateWords);
        return IsBalance(code) || (!isRate && all.HoldsAny(NoBalance) && KindOf(error) == NanoBananaErrorKind.NotPermitted);
    }

    /// <summary>Whether an error speaks of what the prompt asks for or an input image shows: the next input may be taken.</summary>
    public static bool IsAboutInput(ImageTaskError error) => error.Code is "110001" or "190000" || Content.IsMatch($"{error.Code} {error.Message}");

    /// <summary>Whether an error speaks of the service at this moment, and not of a task or request.</summary>
    public static bool IsTransient(ImageTaskError error) => error.Code is "408" or "425" or "429" or "500" or "502" or "503" or "504"
        || Fields.Key(error.Code ?? "") is "ratelimitexceeded" or "toomanyrequests" or "serviceunavailable" or "overloaded" or "overloadederror" or "badgateway" or "gatewaytimeout";

    private static bool IsOfFamily(string? code) =>
        code is { Length: >= 7 and <= 9 } && code.All(c => c is >= '0' and <= '9') && Reasons.ContainsKey(code.Substring(code.Length - 3));

    private static bool IsBalance(string code) => code.Length == 5 && code.StartsWith("402", StringComparison.Ordinal) && code.All(char.IsDigit);
}
