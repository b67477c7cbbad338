namespace NanoBanana.Client.Http;

/// <summary>
/// The one moment that bounds every request and every sleep of an operation, on the monotonic clock: a clock that is set
/// back, or a machine's change to summer time, moves nothing.
/// </summary>
public sealed class Deadline
{
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly TimeSpan _length;

    /// <summary>Begins now.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="length">How long the operation may take.</param>
    public Deadline(TimeProvider time, TimeSpan length)
    {
        _time = time;
        _start = time.GetTimestamp();
        _length = length;
    }

    /// <summary>What is left; never negative.</summary>
    public TimeSpan Remaining
    {
        get
        {
            TimeSpan left = _length + Extra - _time.GetElapsedTime(_start);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>Time on top, for an operation whose length depends on how much there is to do.</summary>
    public TimeSpan Extra { get; set; }

    /// <summary>The time that was given at the beginning.</summary>
    public TimeSpan Length => _length;

    /// <summary>The shorter of a wish and what is left.</summary>
    public TimeSpan Bound(TimeSpan wish) => wish < Remaining ? wish : Remaining;
}

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

/// <summary>Sleeping by an injected clock, on both targets.</summary>
internal static class ClockExtensions
{
    public static Task Sleep(this TimeProvider time, TimeSpan length, CancellationToken cancellationToken) =>
#if NET
        Task.Delay(length, time, cancellationToken);
#else
        time.Delay(length, cancellationToken);
#endif

    /// <summary>The moment after a time from now, or the last one that there is.</summary>
    public static DateTimeOffset In(this TimeProvider time, TimeSpan length)
    {
        DateTimeOffset now = time.GetUtcNow();
        return length < DateTimeOffset.MaxValue - now ? now + length : DateTimeOffset.MaxValue;
    }

    /// <summary>Waits for something that a token does not end.</summary>
    /// <exception cref="OperationCanceledException">The token was canceled first.</exception>
    public static async Task OrStop(this Task task, CancellationToken stop)
    {
        var stopped = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenRegistration registration = stop.Register(() => stopped.TrySetCanceled(stop));
        await (await Task.WhenAny(task, stopped.Task).ConfigureAwait(false)).ConfigureAwait(false);
    }
}
