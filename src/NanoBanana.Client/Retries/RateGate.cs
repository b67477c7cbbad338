namespace NanoBanana.Client.Retries;

/// <summary>
/// Holds back every request of a connection after the server asked for fewer (429): the limit counts the key's requests,
/// not one request's.
/// </summary>
internal sealed class RateGate(TimeProvider time)
{
    /// <summary>The longest pause, as long as an operation without a time of its own: after it one request asks again.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    private readonly long _origin = time.GetTimestamp();
    private long _openAtTicks;
    private long _askedTicks;

    /// <summary>How long from now the server asked for no requests, which may be longer than the gate stays closed.</summary>
    public TimeSpan Asked => Left(ref _askedTicks);

    /// <summary>How long the gate stays closed from now; zero when it is open.</summary>
    public TimeSpan Remaining => Left(ref _openAtTicks);

    /// <summary>Keeps the gate closed for that long, unless it is closed for longer already.</summary>
    public void CloseFor(TimeSpan length)
    {
        TimeSpan now = time.GetElapsedTime(_origin);
        Raise(ref _askedTicks, (now + length).Ticks);
        Raise(ref _openAtTicks, (now + (length < Longest ? length : Longest)).Ticks);
    }

    private TimeSpan Left(ref long ticks)
    {
        TimeSpan left = new TimeSpan(Interlocked.Read(ref ticks)) - time.GetElapsedTime(_origin);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private static void Raise(ref long ticks, long until)
    {
        long seen = Interlocked.Read(ref ticks);
        while (until > seen)
        {
            long before = Interlocked.CompareExchange(ref ticks, until, seen);
            if (before == seen)
                return;
            seen = before;
        }
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
}
