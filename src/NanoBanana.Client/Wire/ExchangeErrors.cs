using NanoBanana.Client.Http;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Wire;

/// <summary>Converts failed exchanges to errors, for all operations of all dialects.</summary>
internal static class ExchangeErrors
{
    /// <summary>The error of a request that is not sent again.</summary>
    /// <param name="exchange">An exchange without a 2xx reply.</param>
    /// <param name="operation">The operation, for the start of the message, such as <c>Submitting the prompt</c>.</param>
    /// <param name="task">The task of the request; null without a task.</param>
    public static NanoBananaException ToException(Exchange exchange, string operation, ImageTask? task = null)
    {
        if (exchange.Reply is not { } reply)
        {
            bool isTimeout = exchange.Failure == ExchangeFailure.Timeout;
            string reasons = $"{Describe(exchange)}.{NoTimeForAttempt(exchange, hasAdvice: isTimeout)}";
            return new NanoBananaException(KindOf(exchange), Messages.OperationFailed(operation, reasons), exchange.Cause)
            {
                HasAdvice = exchange.IsRefusedConnection,
                TaskId = task?.Id,
                Task = task,
            };
        }
        (string? code, string? message, string? requestId) = HttpErrorBody.Read(reply);
        // If the time left was too short for another attempt of a submission, the user can run it again later (invariant 4 of the design).
        NanoBananaErrorKind kind = exchange.NoTimeForAttempt is null ? KindOf(reply, task) : NanoBananaErrorKind.RateLimited;
        // A missing balance can have other statuses too, and affects every input.
        bool isBalance = IsBalanceGone(reply)
            || (task is null && reply.Status is 400 or 422 && HttpErrorBody.ReadError(reply).Error is { } error
                && ErrorCodes.KindOf(error) == NanoBananaErrorKind.NotPermitted);
        string reason = isBalance ? Messages.AccessDenied(reply.Status) : DescribeReply(exchange, reply, task);
        return new NanoBananaException(
            isBalance ? NanoBananaErrorKind.NotPermitted : kind,
            Messages.OperationFailed(operation, $"{reason}{NoTimeForAttempt(exchange, hasAdvice: true)}{Quote(reply, message)}"))
        {
            HasAdvice = exchange.IsRefusedConnection,
            StatusCode = reply.Status,
            ProviderCode = code,
            IsAboutInput = kind == NanoBananaErrorKind.InvalidRequest
                && HttpErrorBody.ReadError(reply).Error is { } refusal && ErrorCodes.IsAboutInput(refusal),
            RequestId = requestId ?? reply.RequestId,
            TaskId = task?.Id,
            Task = task,
        };
    }

    /// <summary>Whether a 429 is about the balance or the quota of the account, where no pause helps, and not about the rate.</summary>
    public static bool IsBalanceGone(WireReply reply) =>
        reply.Status == 429 && HttpErrorBody.ReadError(reply).Error is { } error && ErrorCodes.IsBalanceGone(error);

    /// <summary>The failure as a phrase, for a longer message.</summary>
    public static string Describe(Exchange exchange) => exchange switch
    {
        { Reply.Status: 407 } => ProxyNeedsCredentials(exchange),
        { Reply: { } reply } => Messages.Answered(exchange.Peer, reply.Status),
        { Failure: ExchangeFailure.Timeout } => Messages.NoAnswerInTime(exchange.Proxy),
        { Failure: ExchangeFailure.TooLarge } => Messages.AnswerTooLarge,
        _ => exchange.FailureText,
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
        401 => Messages.ServiceRejectedKey,
        402 or 403 => Messages.AccessDenied(reply.Status),
        404 when task is not null => Messages.TaskUnknown(TextSafety.Excerpt(task.Id), task.Endpoint?.IsLoopback == true),
        404 => Messages.PathNotFound,
        407 => ProxyNeedsCredentials(exchange) + ".",
        429 when exchange.ExceedsPace => Messages.TurnTooLate,
        429 when !exchange.BodySent => Messages.PausedBeforeSending(reply.RetryAt),
        429 => Messages.RateLimited(reply.RetryAt),
        408 or >= 500 => Messages.ServiceUnavailable(reply.Status, reply.RetryAt),
        >= 400 => Messages.RequestRejected(reply.Status),
        >= 300 => Messages.Redirected(reply.Status),
        _ => Messages.StatusUnexpected(reply.Status),
    };

    private static string NoTimeForAttempt(Exchange exchange, bool hasAdvice) => exchange.NoTimeForAttempt is { } time
        ? Messages.NoTimeForAttempt(time.Waited, time.Needed, time.Left, hasAdvice)
        : "";

    private static string Quote(WireReply reply, string? message)
    {
        if (message is not null)
            return Messages.ServiceReports(message);
        return reply.Body.Length > 0 ? Messages.NoReadableReason(HttpErrorBody.Describe(reply)) : "";
    }

    /// <summary>For an unencrypted request, the proxy itself returns the reply.</summary>
    private static string ProxyNeedsCredentials(Exchange exchange) => (exchange with { ProxyStatus = 407 }).FailureText;
}
