using NanoBanana.Client.Http;

namespace NanoBanana.Client.Retries;

/// <summary>
/// Limits the submissions of a connection per minute: they are sent one by one, in order, at equal intervals. A pause of the
/// <see cref="RateGate"/> delays all of them, and they continue one by one after it.
/// </summary>
/// <param name="gate">The pauses of the connection.</param>
/// <param name="time">The clock.</param>
/// <param name="requestsPerMinute">The maximum number of submissions per minute, 1 or more.</param>
internal sealed class RequestPace(RateGate gate, TimeProvider time, int requestsPerMinute)
{
    private readonly object _lock = new();
    private readonly Queue<TaskCompletionSource<bool>> _queue = new();
    private readonly long _origin = time.GetTimestamp();
    private TimeSpan _next;
    private bool _isTaken;

    private TimeSpan Interval => IntervalOf(requestsPerMinute);

    private TimeSpan Left => _next - time.GetElapsedTime(_origin);

    /// <summary>The time between two submissions.</summary>
    public static TimeSpan IntervalOf(int requestsPerMinute) => TimeSpan.FromTicks(TimeSpan.TicksPerMinute / requestsPerMinute);

    /// <summary>Waits for the turn of a request.</summary>
    /// <param name="deadline">Limits the wait.</param>
    /// <param name="needed">The time that must remain until the deadline after a wait.</param>
    /// <param name="stop">Ends the wait.</param>
    /// <returns>
    /// Null if the request may be sent. Otherwise, as soon as its turn certainly comes too late, the outcome of the request.
    /// </returns>
    public async Task<Exchange?> PassAsync(Deadline deadline, TimeSpan needed, CancellationToken stop)
    {
        TaskCompletionSource<bool>? turn = null;
        lock (_lock)
        {
            int before = _isTaken ? _queue.Count + 1 : 0;
            TimeSpan wait = (Left > TimeSpan.Zero ? Left : TimeSpan.Zero) + TimeSpan.FromTicks(Interval.Ticks * before);
            if (wait > TimeSpan.Zero && wait >= deadline.Remaining - needed)
                return Unsent;
            if (_isTaken)
                _queue.Enqueue(turn = new TaskCompletionSource<bool>());
            _isTaken = true;
        }
        if (turn is not null)
        {
            using CancellationTokenRegistration registration = stop.Register(() => turn.TrySetCanceled(stop));
            await turn.Task.ConfigureAwait(false);
        }
        try
        {
            return await WaitAsync(deadline, needed, hasWaited: turn is not null, stop).ConfigureAwait(false);
        }
        finally
        {
            PassTurn();
        }
    }

    private static Exchange Unsent { get; } = new() { Reply = new WireReply(429, []), ExceedsPace = true };

    private async Task<Exchange?> WaitAsync(Deadline deadline, TimeSpan needed, bool hasWaited, CancellationToken stop)
    {
        while (true)
        {
            if (!await gate.PassAsync(deadline, needed, stop).ConfigureAwait(false))
                return gate.Unsent;
            // Measured after the wait, because a suspended process continues late.
            if (hasWaited && deadline.Remaining < needed)
                return Unsent;
            if (Left is var left && left <= TimeSpan.Zero)
                break;
            if (left >= deadline.Remaining - needed)
                return Unsent;
            hasWaited = true;
            // The gate is checked again after the wait.
            await time.Sleep(left, stop).ConfigureAwait(false);
        }
        _next = time.GetElapsedTime(_origin) + Interval;
        return null;
    }

    /// <summary>Passes the turn to the next request in the queue.</summary>
    private void PassTurn()
    {
        while (true)
        {
            TaskCompletionSource<bool> next;
            lock (_lock)
            {
                if (_queue.Count == 0)
                {
                    _isTaken = false;
                    return;
                }
                next = _queue.Dequeue();
            }
            // A request whose command was stopped is skipped.
            if (next.TrySetResult(true))
                return;
        }
    }
}
