using System.Text.RegularExpressions;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Wire;

/// <summary>The meanings of the provider's codes and error types, and advice for the user.</summary>
internal static class ErrorCodes
{
    /// <summary>
    /// Meanings and advice by the last three digits of a code of the documented family (vendor, model, reason). The meanings are the
    /// provider's words.
    /// </summary>
    private static readonly Dictionary<string, (string Meaning, string Advice)> Reasons = new(StringComparer.Ordinal)
    {
        ["095"] = ("Internal generation error", Messages.AdviceTryAgain),
        ["096"] = ("Result parsing error", Messages.AdviceSimplerPrompt),
        ["097"] = ("HTTP error response", Messages.AdviceCheckAddressesLater),
        ["098"] = ("Synchronous generation error", Messages.AdviceTryLater),
        ["099"] = ("Task creation error", Messages.AdviceTryLater),
    };

    private static readonly Dictionary<string, (string? Meaning, string Advice)> Words = new(StringComparer.Ordinal)
    {
        ["110001"] = (Messages.InputSensitive, Messages.AdviceOtherImage),
        ["190000"] = (Messages.InputNotDownloaded, Messages.AdviceCheckAddresses),
        ["contentblocked"] = (Messages.ContentBlocked, Messages.AdviceChangePrompt),
        ["contentpolicyviolation"] = (Messages.ContentBlocked, Messages.AdviceChangePrompt),
        ["imagesafety"] = (Messages.ImageBlocked, Messages.AdviceChangePrompt),
        ["prohibitedcontent"] = (Messages.ContentProhibited, Messages.AdviceChangePrompt),
        ["contentfilter"] = (Messages.ContentBlocked, Messages.AdviceChangePrompt),
        ["safety"] = (Messages.ContentBlocked, Messages.AdviceChangePrompt),
        ["requestinvalid"] = (Messages.RequestInvalid, Messages.AdviceFixRequest),
        ["inferencetimeout"] = (Messages.ModelTimedOut, Messages.AdviceTryLater),
        ["inferencefailure"] = (null, Messages.AdviceTryAgain),
        ["internalservererror"] = (null, Messages.AdviceTryLater),
        ["noimage"] = (Messages.NoImageMade, Messages.AdviceClearerPrompt),
    };

    /// <summary>Words of providers for a balance that is too low.</summary>
    private static readonly string[] NoBalance =
        ["BALANCE", "CREDIT", "QUOTA", "ARREAR", "PAYMENT", "FUNDS", "BILLING", "TOP UP", "TOPUP", "RECHARGE", "OVERDUE",
         "余额", "欠费", "积分不足"];

    /// <summary>Words of providers for a limit per time, where waiting helps. Messages with the word "quota" can also have them.</summary>
    private static readonly string[] RateWords =
        ["PER MINUTE", "PER SECOND", "PERMINUTE", "PERSECOND", "REQUESTS PER", "RETRY IN", "RETRY AFTER", "TRY AGAIN IN",
         "RESOURCE_EXHAUSTED", "RESOURCE HAS BEEN EXHAUSTED"];

    /// <summary>Words about the content of a prompt or an image.</summary>
    private static readonly Regex Content = new(
        "sensitive|safety|moderat|polic(y|ies)|prohibit|block|nsfw|inappropriate|violat|敏感|违规",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    /// <summary>
    /// The documented form of a code: nine digits for the family whose last three digits are 095 to 099. Any other code is unchanged.
    /// </summary>
    public static string? Format(string? code)
    {
        if (code?.EndsWith(".0", StringComparison.Ordinal) == true)
            code = code.Substring(0, code.Length - 2);
        return IsDocumentedCode(code) ? code!.PadLeft(9, '0') : code;
    }

    /// <summary>The meaning and the advice of a code.</summary>
    public static (string? Meaning, string? Advice) Explain(string? code)
    {
        if (code is null)
            return default;
        if (IsDocumentedCode(code))
            return Reasons[code.Substring(code.Length - 3)];
        if (IsBalanceCode(code))
            return (Messages.BalanceTooLow, Messages.AdviceAddCredits);
        return Words.TryGetValue(Fields.Key(code), out (string?, string) known) ? known : default;
    }

    /// <summary>The kind of a rejection with this error. A more specific HTTP status has priority.</summary>
    public static NanoBananaErrorKind KindOf(ImageTaskError error)
    {
        string code = Fields.Key(error.Code ?? "");
        string all = $"{code} {error.Message}".ToUpperInvariant();
        if (code is "401" || all.ContainsAny(
            "UNAUTHORIZED", "UNAUTHENTICATED", "AUTHENTICAT", "APIKEY", "API KEY", "API-KEY", "INVALID KEY", "INVALID TOKEN",
            "INVALIDTOKEN"))
            return NanoBananaErrorKind.ApiKeyRejected;
        if (all.ContainsAny("RATELIMIT", "RATE LIMIT", "RATE_LIMIT", "THROTTL", "TOO MANY REQUESTS", "TOOMANYREQUESTS"))
            return NanoBananaErrorKind.RateLimited;
        if (IsBalanceCode(code) || code is "402" or "403" || all.ContainsAny(NoBalance)
            || (all.ContainsAny("INSUFFICIENT", "NOT ENOUGH") && !all.ContainsAny("IMAGE", "PIXEL", "RESOLUTION", "PROMPT", "SIZE"))
            || all.ContainsAny("FORBIDDEN", "PERMISSION", "ACCESSDENIED", "ACCESS DENIED", "ACCESS_DENIED"))
            return NanoBananaErrorKind.NotPermitted;
        if (code is "429")
            return NanoBananaErrorKind.RateLimited;
        return IsTransient(error) ? NanoBananaErrorKind.ServiceUnavailable : NanoBananaErrorKind.InvalidRequest;
    }

    /// <summary>Whether an error reports that the balance or the quota is used up, and not that a limit per time is reached.</summary>
    public static bool IsBalanceGone(ImageTaskError error)
    {
        string code = Fields.Key(error.Code ?? "");
        string all = $"{code} {error.Message}".ToUpperInvariant();
        bool isRate = all.ContainsAny(RateWords);
        return IsBalanceCode(code) || (!isRate && all.ContainsAny(NoBalance) && KindOf(error) == NanoBananaErrorKind.NotPermitted);
    }

    /// <summary>Whether an error is about the content of a prompt or an input image, so the next input may be accepted.</summary>
    public static bool IsAboutInput(ImageTaskError error) =>
        error.Code is "110001" or "190000" || IsAboutContent($"{error.Code} {error.Message}");

    /// <summary>Whether the reason of a rejection is the content of a prompt or an image, so the same input is always rejected.</summary>
    public static bool IsAboutContent(string reason) => Content.IsMatch(reason);

    /// <summary>Whether an error is about the current state of the service, and not about a task or a request.</summary>
    public static bool IsTransient(ImageTaskError error) => error.Code is "408" or "425" or "429" or "500" or "502" or "503" or "504"
        || Fields.Key(error.Code ?? "") is "ratelimitexceeded" or "toomanyrequests" or "serviceunavailable" or "overloaded"
            or "overloadederror" or "badgateway" or "gatewaytimeout";

    private static bool IsDocumentedCode(string? code) =>
        code is { Length: >= 7 and <= 9 } && code.All(c => c is >= '0' and <= '9') && Reasons.ContainsKey(code.Substring(code.Length - 3));

    private static bool IsBalanceCode(string code) =>
        code.Length == 5 && code.StartsWith("402", StringComparison.Ordinal) && code.All(char.IsDigit);
}
