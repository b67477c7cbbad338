using NanoBanana.Client.Http;

namespace NanoBanana.Client.Wire;

/// <summary>Says what an exchange that did not succeed means. One place for all operations of all dialects.</summary>
internal static class ExchangeErrors
{
    /// <summary>The error of a request that failed for good.</summary>
    /// <param name="exchange">An exchange without a 2xx reply.</param>
    /// <param name="doing">What was being done, to begin the message: "Submitting the prompt".</param>
    /// <param name="task">The task that it was about, if it was about one.</param>
    public static NanoBananaException ToException(Exchange exchange, string doing, ImageTask? task = null)
    {
        if (exchange.Reply is not { } reply)
            return new NanoBananaException(KindOf(exchange), $"{doing} failed: {Describe(exchange)}.{Withheld(exchange)}", exchange.Cause) { TaskId = task?.Id, Task = task };
        (string? code, string? message, string? requestId) = HttpErrorBody.Read(reply);
        // A submit that did not leave again because its full time did not fit was told to come back later (invariant 4 of the design).
        NanoBananaErrorKind kind = exchange.Withheld is null ? KindOf(reply, task) : NanoBananaErrorKind.RateLimited;
        // A balance that is gone comes with other statuses too, and is nothing that another input would change.
        bool isBalance = IsBalanceGone(reply) || (task is null && reply.Status is 400 or 422 && HttpErrorBody.ReadError(reply).Error is { } said && ErrorCodes.KindOf(said) == NanoBananaErrorKind.NotPermitted);
        string what = isBalance ? "the account has no balance for this. Check the account at the provider." : DescribeReply(exchange, reply, task);
        return new NanoBananaException(isBalance ? NanoBananaErrorKind.NotPermitted : kind, $"{doing} failed: {what}{Withheld(exchange)}{Quote(reply, message)}")
        {
            StatusCode = reply.Status,
            ProviderCode = code,
            IsAboutInput = kind == NanoBananaErrorKind.InvalidRequest && HttpErrorBody.ReadError(reply).Error is { } refusal && ErrorCodes.IsAboutInput(refusal),
            RequestId = requestId ?? reply.RequestId,
            TaskId = task?.Id,
            Task = task,
        };
    }

    /// <summary>Whether a 429 is about the balance or the quota of the account, which no pause brings back, and not about the rate.</summary>
    public static bool IsBalanceGone(WireReply reply) =>
        reply.Status == 429 && HttpErrorBody.ReadError(reply).Error is { } error && ErrorCodes.IsBalanceGone(error);

    /// <summary>One phrase on what happened, for messages about a longer story.</summary>
    public static string Describe(Exchange exchange) => exchange switch
    {
        { Reply.Status: 407 } => ProxyAsks(exchange),
        { Reply: { } reply } => $"the service answered {reply.Status}",
        { Failure: ExchangeFailure.Timeout } => $"the service did not answer in time{(exchange.Proxy is { } proxy ? $" through the proxy {proxy}" : "")}",
        { Failure: ExchangeFailure.TooLarge } => "the answer is larger than any answer of this API",
        _ => exchange.Breakdown,
    };

    private static NanoBananaErrorKind KindOf(Exchange exchange) => exchange.Failure switch
    {
        ExchangeFailure.TooLarge => NanoBananaErrorKind.InvalidResponse,
        ExchangeFailure.Timeout => NanoBananaErrorKind.ServiceUnavailable,
        _ => NanoBananaErrorKind.ConnectionFailed,
    };

    private static NanoBananaErrorKind KindOf(WireReply reply, ImageTask? task) => reply.Status switch
    {
        401 => NanoBananaErrorKind.ApiKeyRejected,
        402 or 403 => NanoBananaErrorKind.NotPermitted,
        407 => NanoBananaErrorKind.ConnectionFailed,
        404 when task is not null => NanoBananaErrorKind.TaskNotFound,
        429 => NanoBananaErrorKind.RateLimited,
        408 or >= 500 => NanoBananaErrorKind.ServiceUnavailable,
        >= 400 => NanoBananaErrorKind.InvalidRequest,
        _ => NanoBananaErrorKind.InvalidResponse,
    };

    private static string DescribeReply(Exchange exchange, WireReply reply, ImageTask? task) => reply.Status switch
    {
        401 => "the service refused the API key (401). Give a valid key with Connect-NanoBanana.",
        402 or 403 => $"the key has no balance or no permission for this ({reply.Status}). Check the account at the provider.",
        404 when task is not null => $"the service does not know the task '{TextSafety.Excerpt(task.Id)}' (404). Check the id, the key and the endpoint.{(task.Endpoint?.IsLoopback == true ? " An emulator that was started again has no task of the one before." : "")}",
        404 => "the service does not know this path or model (404). Check the endpoint, its protocol and the model.",
        407 => ProxyAsks(exchange) + ".",
        429 when exchange.IsPaced => "nothing was sent: at -RequestsPerMinute of the connection its turn comes too late. Raise the limit, or lower -ThrottleLimit.",
        429 when !exchange.BodySent => $"nothing was sent. The service has asked for fewer requests (429) and for none{Until(reply)}. Try again later, or lower -ThrottleLimit.",
        429 => $"the service asks for fewer requests (429){(reply.RetryAt is null ? "" : $" and for none{Until(reply)}")}. Try again later, or lower -ThrottleLimit.",
        408 or >= 500 => $"the service is not available ({reply.Status}){(reply.RetryAt is null ? "" : $" and asks for no request{Until(reply)}")}. Try again later.",
        >= 400 => $"the service refused the request ({reply.Status}).",
        >= 300 => $"the service points elsewhere ({reply.Status}) and the key is not sent there. Connect to the right endpoint.",
        _ => $"the service answered {reply.Status}, which its protocol does not have.",
    };

    private static string Withheld(Exchange exchange) => exchange.Withheld is { } time
        ? FormattableString.Invariant($" Nothing was bought. After {time.Waited.TotalSeconds:0} seconds of waiting, another attempt would need its wait and up to {time.Needed.TotalSeconds:0} seconds, and {time.Left.TotalSeconds:0} are left for this request. Run the same inputs again later.")
        : "";

    private static string Until(WireReply reply) => FormattableString.Invariant($" before {reply.RetryAt:yyyy-MM-dd HH:mm} UTC");

    private static string Quote(WireReply reply, string? message)
    {
        if (message is not null)
            return $" The service says: {message}";
        return reply.Body.Length > 0 ? $" It gave no reason that can be read: {HttpErrorBody.Describe(reply)}." : "";
    }

    /// <summary>A proxy that sees the request itself, because it is not encrypted, answers it.</summary>
    private static string ProxyAsks(Exchange exchange) => (exchange with { ProxyStatus = 407 }).Breakdown;
}
