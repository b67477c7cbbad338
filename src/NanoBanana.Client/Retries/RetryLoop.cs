using NanoBanana.Client.Http;

namespace NanoBanana.Client.Retries;

/// <summary>
/// Sends a request until it is answered, its rule forbids another attempt, or the deadline leaves no room for one. When a
/// request may be sent again is in <see cref="RetryRules"/>.
/// </summary>
/// <param name="gate">Closed for all requests when a server asks for fewer.</param>
/// <param name="time">The clock of the waits.</param>
/// <param name="random">Numbers in [0, 1), for jitter.</param>
/// <param name="isFinal">Whether an answer says that no pause helps: the balance of the account is gone.</param>
/// <param name="maximumRetryCount">How many requests in a row without an answer are followed by another attempt. With 0 an
/// outage is not waited for either.</param>
/// <param name="pace">Spreads the requests; null where their number has no limit.</param>
internal sealed class RetryLoop(
    RateGate gate, TimeProvider time, Func<double> random, Func<WireReply, bool> isFinal, int maximumRetryCount, RequestPace? pace = null)
{
    /// <param name="sendOnce">Sends the request once. Its arguments are the number of the attempt, from 1, and <paramref name="stop"/>.</param>
    /// <param name="mayTryAgain">The rule for this kind of request.</param>
    /// <param name="deadline">Bounds the waits: no attempt follows one that leaves less than <paramref name="needed"/>.</param>
    /// <param name="needed">The full time of an attempt that must not be cut short. The first attempt always leaves when nothing
    /// holds it back.</param>
    /// <param name="observer">Receives the warning of a pause.</param>
    /// <param name="stop">Ends the waits. Whether it ends a request is up to <paramref name="sendOnce"/>.</param>
    public async Task<Exchange> RunAsync(
        Func<int, CancellationToken, Task<Exchange>> sendOnce, Func<Exchange, bool> mayTryAgain, Deadline deadline, TimeSpan needed,
        IClientObserver observer, CancellationToken stop)
    {
        int failuresInARow = 0;
        TimeSpan atStart = deadline.Remaining;
        Exchange? last = null;
        Exchange GiveUp(Exchange exchange) => needed == TimeSpan.Zero ? exchange : exchange with { Withheld = (atStart - deadline.Remaining, needed, deadline.Remaining) };
        for (int attempt = 1; ; attempt++)
        {
            if (await PassAsync(deadline, needed, stop).ConfigureAwait(false) is { } unsent)
                return GiveUp(unsent);
            // Measured after the wait: a process that was suspended wakes up late.
            if (last is not null && deadline.Remaining < needed)
                return GiveUp(last);
            stop.ThrowIfCancellationRequested();
            Exchange exchange = await sendOnce(attempt, stop).ConfigureAwait(false);
            if (exchange.Reply is not null)
                gate.Connected();
            if (exchange.IsSuccess || !mayTryAgain(exchange) || (exchange.Reply is { } reply && isFinal(reply)))
                return exchange;
            last = exchange;
            if (exchange.IsUnreachable && maximumRetryCount > 0)
            {
                // Not counted: all requests of the connection wait together, and by time.
                if (!gate.CloseForOutage(exchange, random(), observer))
                    return exchange;
                continue;
            }
            failuresInARow = exchange.MadeProgress ? 1 : failuresInARow + 1;
            if (exchange.Reply is null && failuresInARow > maximumRetryCount)
                return exchange;
            TimeSpan delay = RetryRules.Backoff(failuresInARow, exchange.Reply?.RetryAfter, random());
            // Also when this request is out of time: the limit is the key's, and other requests may have time left.
            if (exchange is { Reply.Status: 429, BodySent: true })
                gate.CloseFor(delay, observer);
            if (delay + needed >= deadline.Remaining)
                return GiveUp(exchange);
            if (delay > TimeSpan.Zero)
                await time.Sleep(delay, stop).ConfigureAwait(false);
        }
    }

    /// <returns>Null when the request may leave.</returns>
    private async ValueTask<Exchange?> PassAsync(Deadline deadline, TimeSpan needed, CancellationToken stop)
    {
        if (pace is not null)
            return await pace.PassAsync(deadline, needed, stop).ConfigureAwait(false);
        return await gate.PassAsync(deadline, needed, stop).ConfigureAwait(false) ? null : gate.Unsent;
    }
}
