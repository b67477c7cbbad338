namespace NanoBanana.Client.Http;

/// <summary>
/// Holds back every request of a connection after the server asked for fewer (429): the limit counts the key's requests,
/// not one request's.
/// </summary>
internal sealed class RateGate(TimeProvider time)
{
    private readonly long _origin = time.GetTimestamp();
    private long _openAtTicks;

    /// <summary>How long the gate stays closed from now; zero when it is open.</summary>
    public TimeSpan Remaining
    {
        get
        {
            TimeSpan left = new TimeSpan(Interlocked.Read(ref _openAtTicks)) - time.GetElapsedTime(_origin);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>Keeps the gate closed for that long, unless it is closed for longer already.</summary>
    public void CloseFor(TimeSpan length)
    {
        long until = (time.GetElapsedTime(_origin) + length).Ticks;
        long seen = Interlocked.Read(ref _openAtTicks);
        while (until > seen)
        {
            long before = Interlocked.CompareExchange(ref _openAtTicks, until, seen);
            if (before == seen)
                return;
            seen = before;
        }
    }

    /// <returns>False as soon as it is clear that the gate stays closed past the deadline.</returns>
    public async Task<bool> PassAsync(Deadline deadline, CancellationToken cancellationToken)
    {
        // Checked again after the sleep: another request may have closed it for longer meanwhile.
        for (TimeSpan left = Remaining; left > TimeSpan.Zero; left = Remaining)
        {
            if (left >= deadline.Remaining)
                return false;
            await time.Sleep(left, cancellationToken).ConfigureAwait(false);
        }
        return true;
    }
}
