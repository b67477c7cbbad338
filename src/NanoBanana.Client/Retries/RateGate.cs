using NanoBanana.Client.Http;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Retries;

/// <summary>
/// Pauses all requests of a connection: after a 429, because the limit applies to the key and not to one request, and while no connection
/// can be made, because all requests would fail. Each pause is reported once.
/// </summary>
/// <param name="time">The clock of the pauses.</param>
/// <param name="requests">The paused requests, for the warning.</param>
internal sealed class RateGate(TimeProvider time, string requests = "requests")
{
    /// <summary>The longest pause: the time of an operation without a time-out of its own. After it, a request is sent again.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    /// <summary>Shorter pauses are not reported, because they end before a user has read the warning.</summary>
    private static readonly TimeSpan ShortestReported = TimeSpan.FromSeconds(5);

    /// <summary>The maximum time that a request waits for a connection: long enough for the restart of a gateway.</summary>
    internal static readonly TimeSpan LongestOutage = TimeSpan.FromSeconds(90);

    private const double LongestOutagePauseSeconds = 15;

    private readonly object _lock = new();
    private readonly long _origin = time.GetTimestamp();
    private TimeSpan _openAt;
    private TimeSpan _requestedUntil;
    private bool _isReported;
    private volatile Exchange? _unreachable;
    private TimeSpan _outageStart;
    private TimeSpan _lastFailure;
    private int _failures;

    /// <summary>The remaining time that the server asked for. It may be longer than the pause of the gate.</summary>
    public TimeSpan RequestedPause => TimeUntilOpen(isRequested: true);

    /// <summary>The remaining time of the pause; zero if the gate is open.</summary>
    public TimeSpan Remaining => TimeUntilOpen(isRequested: false);

    /// <summary>The outcome of a request that is not sent because the gate is closed.</summary>
    public Exchange Unsent =>
        _unreachable ?? new() { Reply = new WireReply(429, []) { RetryAfter = RequestedPause, RetryAt = time.UtcAfter(RequestedPause) } };

    private TimeSpan Now => time.GetElapsedTime(_origin);

    /// <summary>Closes the gate for a time, unless it is already closed for longer.</summary>
    /// <param name="length">The time from now.</param>
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
        string message = Messages.TooManyRequests(requests, pause);
        if (isNew || isReported)
            observer.OnEvent(PausedFor(pause, NanoBananaErrorKind.RateLimited, message));
        if (isReported)
            observer.OnWarning(message);
    }

    /// <summary>Pauses all requests because no connection could be made. The pause grows with each failure.</summary>
    /// <param name="failure">The outcome of the failed request.</param>
    /// <param name="random">A number in [0, 1), for jitter.</param>
    /// <param name="observer">Receives one warning for each outage that lasts longer than one retry.</param>
    /// <returns>False after an outage of <see cref="LongestOutage"/>. Then requests fail without another wait.</returns>
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
            // Requests that were sent at the same time fail at the same time. They count as one failure.
            if (now < _openAt)
                return true;
            double floor = Math.Min(Math.Pow(2, Math.Min(_failures++, 10)), LongestOutagePauseSeconds);
            Extend(now, RetryRules.Backoff(1, TimeSpan.FromSeconds(floor), random));
            pause = _openAt - now;
            isReported = _failures == 2;
        }
        string message = Messages.WaitingForConnection(failure.FailureText, requests, LongestOutage);
        observer.OnEvent(PausedFor(pause, NanoBananaErrorKind.ConnectionFailed, message));
        if (isReported)
            observer.OnWarning(message);
        return true;
    }

    /// <summary>Records an answer of the server, which ends an outage.</summary>
    public void RecordAnswer() => _unreachable = null;

    /// <param name="deadline">Limits the wait.</param>
    /// <param name="needed">The time that must remain until the deadline after a wait.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False as soon as the gate certainly stays closed for too long. True without a wait if the gate is open.</returns>
    public async Task<bool> PassAsync(Deadline deadline, TimeSpan needed, CancellationToken cancellationToken)
    {
        if (Remaining == TimeSpan.Zero)
            return true;
        // Checked again after the wait, because another request may have extended the pause.
        for (TimeSpan left = Remaining; left > TimeSpan.Zero; left = Remaining)
        {
            TimeSpan available = deadline.Remaining - needed;
            if (left >= available || RequestedPause >= available)
                return false;
            await time.Sleep(left, cancellationToken).ConfigureAwait(false);
        }
        return deadline.Remaining >= needed;
    }

    private static ClientEvent PausedFor(TimeSpan length, NanoBananaErrorKind cause, string message) =>
        new(ClientEventKind.Paused) { Length = length, Error = cause, Message = message };

    private TimeSpan TimeUntilOpen(bool isRequested)
    {
        lock (_lock)
        {
            TimeSpan left = (isRequested ? _requestedUntil : _openAt) - Now;
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    private void Extend(TimeSpan now, TimeSpan length)
    {
        TimeSpan until = now + length;
        TimeSpan open = now + (length < Longest ? length : Longest);
        _requestedUntil = until > _requestedUntil ? until : _requestedUntil;
        _openAt = open > _openAt ? open : _openAt;
    }
}
