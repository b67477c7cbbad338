using NanoBanana.Client.Http;

namespace NanoBanana.Client.Retries;

/// <summary>
/// The rules for sending a request again. A submission costs money, so it is sent again only if the service certainly did not act on it.
/// Reading costs nothing, so it is sent again after every error that may be temporary.
/// </summary>
internal static class RetryRules
{
    private static readonly TimeSpan FirstCap = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LastCap = TimeSpan.FromSeconds(30);

    /// <summary>
    /// A submission is sent again if its body was not sent (unless the certificate or the proxy is the reason), and after 429 or 503 with
    /// Retry-After. Never if it may have been accepted.
    /// </summary>
    public static bool MaySubmitAgain(Exchange exchange) => exchange switch
    {
        { Reply: null } => !exchange.BodySent && !exchange.IsRefusedConnection,
        { Reply.Status: 429 } => true,
        { Reply: { Status: 503, RetryAfter: not null } } => true,
        _ => false,
    };

    /// <summary>
    /// Whether the outcome of a submission is unknown: it was sent, and no answer has its outcome. A redirect means that the service did
    /// not act on it, except for 303, which refers to a result.
    /// </summary>
    public static bool IsOutcomeUnknown(Exchange exchange) => exchange switch
    {
        { Reply: null } => exchange.BodySent,
        { Reply: { Status: 503, RetryAfter: not null } } => false,
        { Reply.Status: 303 or 408 or >= 500 } => true,
        _ => false,
    };

    /// <summary>
    /// A read is sent again after 408, 429, 5xx, and a broken or missing answer. An answer that is too large, forbidden or not trusted does
    /// not change.
    /// </summary>
    public static bool MayReadAgain(Exchange exchange) => exchange switch
    {
        { Reply: null } => !exchange.IsRefusedConnection && exchange.Failure is not (ExchangeFailure.TooLarge or ExchangeFailure.Forbidden),
        { Reply.Status: 408 or 429 or >= 500 } => true,
        _ => false,
    };

    /// <summary>
    /// A cancellation is sent again like a read, because a second cancellation changes nothing. Not after 501, which is permanent.
    /// </summary>
    public static bool MayCancelAgain(Exchange exchange) => exchange is not { Reply.Status: 501 } && MayReadAgain(exchange);

    /// <summary>Whether a refusal is about one task or path, and not about the key, the account or the whole service.</summary>
    public static bool IsAboutTheTask(Exchange exchange) =>
        exchange.Reply?.Status is 501 or (>= 400 and < 500 and not (401 or 402 or 403 or 408 or 429));

    /// <summary>
    /// The time before the next attempt: full jitter up to a limit that doubles, with Retry-After as the minimum. See Brooker, "Exponential
    /// Backoff And Jitter" (AWS Architecture Blog, 2015): full jitter causes the least work under contention.
    /// </summary>
    /// <param name="failures">The number of failed attempts so far, from 1.</param>
    /// <param name="retryAfter">The time that the server asked for.</param>
    /// <param name="random">A number in [0, 1).</param>
    public static TimeSpan Backoff(int failures, TimeSpan? retryAfter, double random)
    {
        double cap = Math.Min(FirstCap.TotalSeconds * Math.Pow(2, Math.Min(failures - 1, 16)), LastCap.TotalSeconds);
        // In ticks, because FromSeconds of .NET Framework rounds to whole milliseconds.
        var jitter = TimeSpan.FromTicks((long)(cap * random * TimeSpan.TicksPerSecond));
        return retryAfter is { } floor ? floor + TimeSpan.FromSeconds(Math.Min(cap, 1) * random) : jitter;
    }
}
