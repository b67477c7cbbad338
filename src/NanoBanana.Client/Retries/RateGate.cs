using NanoBanana.Client.Http;

namespace NanoBanana.Client.Retries;

/// <summary>
/// Pauses all requests of a connection: after a 429, because the limit counts the key's requests and not one request's, and
/// while no connection can be made, because all requests would fail alike. Each pause is reported once.
/// </summary>
/// <param name="time">The clock of the pauses.</param>
/// <param name="requests">What is paused, for the warning.</param>
internal sealed class RateGate(TimeProvider time, string requests = "requests")
{
    /// <summary>The longest pause, as long as an operation without a time of its own: after it a request is sent again.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    /// <summary>Shorter pauses are not reported: they are over before a user has read the warning.</summary>
    private static readonly TimeSpan ShortestReported = TimeSpan.FromSeconds(5);

    /// <summary>How long a request waits for a connection that can't be made. Long enough for the restart of a gateway.</summary>
    internal static readonly TimeSpan LongestOutage = TimeSpan.FromSeconds(90);

    private const double LongestOutagePauseSeconds = 15;

    private readonly object _lock = new();
    private readonly long _origin = time.GetTimestamp();
    private TimeSpan _openAt;
    private TimeSpan _askedUntil;
    private bool _isReported;
    private volatile Exchange? _unreachable;
    private TimeSpan _outageStart;
    private TimeSpan _lastFailure;
    private int _failures;

    /// <summary>How long from now no request is sent, which may be longer than the gate stays closed.</summary>
    public TimeSpan Asked => Until(asked: true);

    /// <summary>How long the gate stays closed from now; zero when it is open.</summary>
    public TimeSpan Remaining => Until(asked: false);

    /// <summary>The outcome of a request that is not sent because the gate is closed.</summary>
    public Exchange Unsent => _unreachable ?? new() { Reply = new WireReply(429, []) { RetryAfter = Asked, RetryAt = time.In(Asked) } };

    private TimeSpan Now => time.GetElapsedTime(_origin);

    /// <summary>Keeps the gate closed for that long, unless it is closed for longer already.</summary>
    /// <param name="length">How long from now.</param>
    /// <param name="observer">Receives the warning, once for each pause.</param>
    public void CloseFor(TimeSpan length, IClientObserver observer)
    {
        TimeSpan pause;
        bool isNew, isReported;
        lock (_lock)
        {
            TimeSpan now = Now;
            isNew = now >= _openAt;
            _isReported &= now < _openAt;
            Extend(now, length);
            pause = _openAt - now;
            isReported = !_isReported && pause >= ShortestReported;
            _isReported |= isReported;
        }
        string message = FormattableString.Invariant($"Too many requests (429): all {requests} of this connection pause for {Math.Ceiling(pause.TotalSeconds)} seconds.");
        if (isNew || isReported)
            observer.OnEvent(new ClientEvent(ClientEventKind.Paused) { Length = pause, Error = NanoBananaErrorKind.RateLimited, Message = message });
        if (isReported)
            observer.OnWarning(message);
    }

    /// <summary>No connection could be made: pauses all requests, longer after each failure.</summary>
    /// <param name="failure">The outcome of the request that found it.</param>
    /// <param name="random">A number in [0, 1), for jitter.</param>
    /// <param name="observer">Receives one warning for each outage that one retry does not end.</param>
    /// <returns>False once the outage has lasted for <see cref="LongestOutage"/>: then requests fail without a further wait.</returns>
    public bool CloseForOutage(Exchange failure, double random, IClientObserver observer)
    {
        TimeSpan pause;
        bool isReported;
        lock (_lock)
        {
            TimeSpan now = Now;
            if (_unreachable is null || now - _lastFailure > LongestOutage)
                (_outageStart, _failures) = (now, 0);
            _lastFailure = now;
            _unreachable = failure;
            if (now - _outageStart >= LongestOutage)
                return false;
            // Requests that were sent together fail together: that is one failure of the connection.
            if (now < _openAt)
                return true;
            double floor = Math.Min(Math.Pow(2, Math.Min(_failures++, 10)), LongestOutagePauseSeconds);
            Extend(now, RetryRules.Backoff(1, TimeSpan.FromSeconds(floor), random));
            pause = _openAt - now;
            isReported = _failures == 2;
        }
        string what = failure.Breakdown;
        string message = FormattableString.Invariant($"{char.ToUpperInvariant(what[0])}{what.Substring(1)}. All {requests} wait for it; what is not sent after {LongestOutage.TotalSeconds} seconds fails.");
        observer.OnEvent(new ClientEvent(ClientEventKind.Paused) { Length = pause, Error = NanoBananaErrorKind.ConnectionFailed, Message = message });
        if (isReported)
            observer.OnWarning(message);
        return true;
    }

    /// <summary>The server answered: an outage, if there was one, is over.</summary>
    public void Connected() => _unreachable = null;

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
