using NanoBanana.Client.Http;

namespace NanoBanana.Client.Retries;

/// <summary>
/// When a request may be sent again. A submit costs money, so it is sent again only when it is certain that the service
/// did not act on it; reading costs nothing, so it is sent again on everything that may heal.
/// </summary>
internal static class RetryRules
{
    private static readonly TimeSpan FirstCap = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LastCap = TimeSpan.FromSeconds(30);

    /// <summary>Again on: body never left (unless the certificate or the proxy is the reason), 429, 503 with Retry-After. Never on what may have been bought.</summary>
    public static bool MaySubmitAgain(Exchange exchange) => exchange switch
    {
        { Reply: null } => !exchange.BodySent && !exchange.IsRefusedConnection,
        { Reply.Status: 429 } => true,
        { Reply: { Status: 503, RetryAfter: not null } } => true,
        _ => false,
    };

    /// <summary>
    /// Whether the fate of a submit is unknown: it left, and no answer says what became of it. A redirect was not acted
    /// on, but for 303, which says where the result is.
    /// </summary>
    public static bool MayHaveBeenBought(Exchange exchange) => exchange switch
    {
        { Reply: null } => exchange.BodySent,
        { Reply: { Status: 503, RetryAfter: not null } } => false,
        { Reply.Status: 303 or 408 or >= 500 } => true,
        _ => false,
    };

    /// <summary>Again on: 408, 429, 5xx, a broken or missing answer. What is too large, forbidden or not trusted stays so.</summary>
    public static bool MayReadAgain(Exchange exchange) => exchange switch
    {
        { Reply: null } => !exchange.IsRefusedConnection && exchange.Failure is not (ExchangeFailure.TooLarge or ExchangeFailure.Forbidden),
        { Reply.Status: 408 or 429 or >= 500 } => true,
        _ => false,
    };

    /// <summary>Again on what a read is, since a second cancel changes nothing; not on 501, which is for good.</summary>
    public static bool MayCancelAgain(Exchange exchange) => exchange is not { Reply.Status: 501 } && MayReadAgain(exchange);

    /// <summary>Whether a refusal speaks of the one task or path, and not of the key, the account, or the service as a whole.</summary>
    public static bool IsAboutTheTask(Exchange exchange) =>
        exchange.Reply?.Status is 501 or (>= 400 and < 500 and not (401 or 402 or 403 or 408 or 429));

    /// <summary>
    /// How long to wait: full jitter under a cap that doubles, with Retry-After as its floor. See Brooker, "Exponential
    /// Backoff And Jitter" (AWS Architecture Blog, 2015): full jitter does the least work under contention.
    /// </summary>
    /// <param name="failures">How many tries have failed so far, from 1.</param>
    /// <param name="retryAfter">What the server asked for.</param>
    /// <param name="random">A number in [0, 1).</param>
    public static TimeSpan Backoff(int failures, TimeSpan? retryAfter, double random)
    {
        double cap = Math.Min(FirstCap.TotalSeconds * Math.Pow(2, Math.Min(failures - 1, 16)), LastCap.TotalSeconds);
        // In ticks: .NET Framework makes whole milliseconds of seconds, and of almost the cap the cap.
        var jitter = TimeSpan.FromTicks((long)(cap * random * TimeSpan.TicksPerSecond));
        return retryAfter is { } floor ? floor + TimeSpan.FromSeconds(Math.Min(cap, 1) * random) : jitter;
    }
}
