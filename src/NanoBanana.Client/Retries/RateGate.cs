using NanoBanana.Client.Http;

namespace NanoBanana.Client.Retries;

/// <summary>
/// Pauses all requests of a connection after the server asked for fewer (429): the limit counts the key's requests, not one
/// request's. A pause is reported once.
/// </summary>
/// <param name="time">The clock of the pauses.</param>
/// <param name="requests">What is paused, for the warning.</param>
internal sealed class RateGate(TimeProvider time, string requests = "requests")
{
    /// <summary>The longest pause, as long as an operation without a time of its own: after it a request is sent again.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    /// <summary>Shorter pauses are not reported: they are over before a user has read the warning.</summary>
    private static readonly TimeSpan ShortestReported = TimeSpan.FromSeconds(5);

    private readonly object _lock = new();
    private readonly long _origin = time.GetTimestamp();
    private TimeSpan _openAt;
    private TimeSpan _askedUntil;
    private bool _isReported;

    /// <summary>How long from now the server asked for no requests, which may be longer than the gate stays closed.</summary>
    public TimeSpan Asked => Until(asked: true);

    /// <summary>How long the gate stays closed from now; zero when it is open.</summary>
    public TimeSpan Remaining => Until(asked: false);

    /// <summary>The outcome of a request that is not sent because the gate is closed.</summary>
    public Exchange Unsent => new() { Reply = new WireReply(429, []) { RetryAfter = Asked, RetryAt = time.In(Asked) } };

    private TimeSpan Now => time.GetElapsedTime(_origin);

    /// <summary>Keeps the gate closed for that long, unless it is closed for longer already.</summary>
    /// <param name="length">How long from now.</param>
    /// <param name="observer">Receives the warning, once for each pause.</param>
    public void CloseFor(TimeSpan length, IClientObserver observer)
    {
        TimeSpan pause;
        lock (_lock)
        {
            TimeSpan now = Now;
            _isReported &= now < _openAt;
            Extend(now, length);
            pause = _openAt - now;
            if (_isReported || pause < ShortestReported)
                return;
            _isReported = true;
        }
        observer.OnWarning(FormattableString.Invariant($"Too many requests (429): all {requests} of this connection pause for {Math.Ceiling(pause.TotalSeconds)} seconds."));
    }

    /// <param name="deadline">Bounds the wait.</param>
    /// <param name="needed">What must be left of the deadline after a wait.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False as soon as it is clear that the gate stays closed for too long. True without a wait when it is open.</returns>
    public async Task<bool> PassAsync(Deadline deadline, TimeSpan needed, CancellationToken cancellationToken)
    {
        if (Remaining == TimeSpan.Zero)
            return true;
        // Checked again after the sleep: another request may have closed it for longer meanwhile.
        for (TimeSpan left = Remaining; left > TimeSpan.Zero; left = Remaining)
        {
            TimeSpan room = deadline.Remaining - needed;
            if (left >= room || Asked >= room)
                return false;
            await time.Sleep(left, cancellationToken).ConfigureAwait(false);
        }
        return deadline.Remaining >= needed;
    }

    private TimeSpan Until(bool asked)
    {
        lock (_lock)
        {
            TimeSpan left = (asked ? _askedUntil : _openAt) - Now;
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    private void Extend(TimeSpan now, TimeSpan length)
    {
        TimeSpan until = now + length;
        TimeSpan open = now + (length < Longest ? length : Longest);
        _askedUntil = until > _askedUntil ? until : _askedUntil;
        _openAt = open > _openAt ? open : _openAt;
    }
}
