namespace NanoBanana.Client.Http;

/// <summary>
/// The deadline of an operation, for all its requests and waits. It uses the monotonic clock, so changes of the system time have no effect.
/// </summary>
public sealed class Deadline
{
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly TimeSpan _length;

    /// <summary>Starts now.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="length">The length of the operation.</param>
    public Deadline(TimeProvider time, TimeSpan length)
    {
        _time = time;
        _start = time.GetTimestamp();
        _length = length;
    }

    /// <summary>The remaining time; never negative.</summary>
    public TimeSpan Remaining
    {
        get
        {
            TimeSpan left = _length + Extra - _time.GetElapsedTime(_start);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>Additional time, for an operation whose length depends on the amount of data.</summary>
    public TimeSpan Extra { get; set; }

    /// <summary>The length at the start.</summary>
    public TimeSpan Length => _length;

    /// <summary>The shorter one of a time and the remaining time.</summary>
    public TimeSpan Bound(TimeSpan time) => time < Remaining ? time : Remaining;
}

/// <summary>Cancels a request when it times out or is stopped.</summary>
internal sealed class RequestTimer : IDisposable
{
    private readonly CancellationTokenSource _end;
    private readonly ITimer _timer;
    private volatile bool _hasExpired;

    /// <param name="time">The clock.</param>
    /// <param name="length">The time of the request from now.</param>
    /// <param name="stop">Cancels the request earlier.</param>
    public RequestTimer(TimeProvider time, TimeSpan length, CancellationToken stop)
    {
        _end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        _timer = time.CreateTimer(static timer => ((RequestTimer)timer!).Expire(), this, length, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Canceled when the request times out or is stopped.</summary>
    public CancellationToken Token => _end.Token;

    /// <summary>Whether the request timed out. Set before <see cref="Token"/> is canceled, on a thread of the timer.</summary>
    public bool HasExpired => _hasExpired;

    /// <summary>Restarts the timer with this time.</summary>
    public void Restart(TimeSpan length) => _timer.Change(length, Timeout.InfiniteTimeSpan);

    public void Dispose()
    {
        _timer.Dispose();
        _end.Dispose();
    }

    private void Expire()
    {
        _hasExpired = true;
        try
        {
            _end.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The request ended while the timer fired.
        }
    }
}

/// <summary>Waits on an injected clock, for both targets.</summary>
internal static class ClockExtensions
{
    public static Task Sleep(this TimeProvider time, TimeSpan length, CancellationToken cancellationToken) =>
#if NET
        Task.Delay(length, time, cancellationToken);
#else
        time.Delay(length, cancellationToken);
#endif

    /// <summary>The time after a period from now, at most <see cref="DateTimeOffset.MaxValue"/>.</summary>
    public static DateTimeOffset UtcAfter(this TimeProvider time, TimeSpan length)
    {
        DateTimeOffset now = time.GetUtcNow();
        return length < DateTimeOffset.MaxValue - now ? now + length : DateTimeOffset.MaxValue;
    }

    /// <summary>Waits for a task that does not support cancellation.</summary>
    /// <exception cref="OperationCanceledException">The token was canceled first.</exception>
    public static async Task WithCancellation(this Task task, CancellationToken stop)
    {
        var stopped = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenRegistration registration = stop.Register(() => stopped.TrySetCanceled(stop));
        await (await Task.WhenAny(task, stopped.Task).ConfigureAwait(false)).ConfigureAwait(false);
    }
}
