namespace NanoBanana.Client.Http;

/// <summary>Ends one request: when its time is over, or when whoever wants it stops.</summary>
internal sealed class RequestTimer : IDisposable
{
    private readonly CancellationTokenSource _end;
    private readonly ITimer _timer;
    private volatile bool _isOver;

    /// <param name="time">The clock.</param>
    /// <param name="length">How long the request may take from now.</param>
    /// <param name="stop">Ends it before that.</param>
    public RequestTimer(TimeProvider time, TimeSpan length, CancellationToken stop)
    {
        _end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        _timer = time.CreateTimer(static timer => ((RequestTimer)timer!).Expire(), this, length, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Canceled by either.</summary>
    public CancellationToken Token => _end.Token;

    /// <summary>Whether the time ran out. Set before <see cref="Token"/> is canceled, on a thread of the timer.</summary>
    public bool IsOver => _isOver;

    /// <summary>Gives it this much time from now.</summary>
    public void Rewind(TimeSpan length) => _timer.Change(length, Timeout.InfiniteTimeSpan);

    public void Dispose()
    {
        _timer.Dispose();
        _end.Dispose();
    }

    private void Expire()
    {
        _isOver = true;
        try
        {
            _end.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The request ended while its timer was firing.
        }
    }
}
