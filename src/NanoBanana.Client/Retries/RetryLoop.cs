using NanoBanana.Client.Http;

namespace NanoBanana.Client.Retries;

/// <summary>
/// Sends a request until it is answered, its rule forbids another attempt, or the deadline leaves no time for one. <see cref="RetryRules"/>
/// has the rules.
/// </summary>
/// <param name="gate">Pauses all requests when a server asks for fewer.</param>
/// <param name="time">The clock of the waits.</param>
/// <param name="random">Numbers in [0, 1), for jitter.</param>
/// <param name="isFinal">Whether an answer reports that a pause does not help, because the account has no balance.</param>
/// <param name="maximumRetryCount">
/// The maximum number of retries in a row after attempts without an answer. With 0, requests also do not wait for an outage to end.
/// </param>
/// <param name="pace">Limits the requests per minute; null for no limit.</param>
internal sealed class RetryLoop(
    RateGate gate, TimeProvider time, Func<double> random, Func<WireReply, bool> isFinal, int maximumRetryCount, RequestPace? pace = null)
{
    /// <param name="sendOnce">
    /// Sends the request once. The arguments are the number of the attempt, from 1, and <paramref name="stop"/>.
    /// </param>
    /// <param name="mayTryAgain">The rule for this kind of request.</param>
    /// <param name="deadline">Limits the waits. There is no further attempt if less than <paramref name="needed"/> remains.</param>
    /// <param name="needed">
    /// The time of an attempt that must not be shortened. The first attempt is always sent, unless a pause delays it for too long.
    /// </param>
    /// <param name="observer">Receives the warning of a pause.</param>
    /// <param name="stop">Ends the waits. <paramref name="sendOnce"/> decides whether it also ends a request.</param>
    public async Task<Exchange> RunAsync(
        Func<int, CancellationToken, Task<Exchange>> sendOnce, Func<Exchange, bool> mayTryAgain, Deadline deadline, TimeSpan needed,
        IClientObserver observer, CancellationToken stop)
    {
        int failuresInARow = 0;
        TimeSpan available = deadline.Remaining;
        Exchange? last = null;
        Exchange GiveUp(Exchange exchange) => needed == TimeSpan.Zero
            ? exchange
            : exchange with { NoTimeForAttempt = (available - deadline.Remaining, needed, deadline.Remaining) };
        for (int attempt = 1; ; attempt++)
        {
            if (await PassAsync(deadline, needed, stop).ConfigureAwait(false) is { } unsent)
                return GiveUp(unsent);
            // Measured after the wait, because a suspended process continues late.
            if (last is not null && deadline.Remaining < needed)
                return GiveUp(last);
            stop.ThrowIfCancellationRequested();
            Exchange exchange = await sendOnce(attempt, stop).ConfigureAwait(false);
            if (exchange.Reply is not null)
                gate.RecordAnswer();
            if (exchange.IsSuccess || !mayTryAgain(exchange) || (exchange.Reply is { } reply && isFinal(reply)))
                return exchange;
            last = exchange;
            if (exchange.IsUnreachable && maximumRetryCount > 0)
            {
                // Not counted, because all requests of the connection wait together, for a limited time.
                if (!gate.CloseForOutage(exchange, random(), observer))
                    return exchange;
                continue;
            }
            failuresInARow = exchange.MadeProgress ? 1 : failuresInARow + 1;
            if (exchange.Reply is null && failuresInARow > maximumRetryCount)
                return exchange;
            TimeSpan delay = RetryRules.Backoff(failuresInARow, exchange.Reply?.RetryAfter, random());
            // Also if this request has no time left: the limit applies to the key, and other requests may have time left.
            if (exchange is { Reply.Status: 429, BodySent: true })
                gate.CloseFor(delay, observer);
            if (delay + needed >= deadline.Remaining)
                return GiveUp(exchange);
            if (delay > TimeSpan.Zero)
                await time.Sleep(delay, stop).ConfigureAwait(false);
        }
    }

    /// <returns>Null if the request may be sent.</returns>
    private async ValueTask<Exchange?> PassAsync(Deadline deadline, TimeSpan needed, CancellationToken stop)
    {
        if (pace is not null)
            return await pace.PassAsync(deadline, needed, stop).ConfigureAwait(false);
        return await gate.PassAsync(deadline, needed, stop).ConfigureAwait(false) ? null : gate.Unsent;
    }
}
