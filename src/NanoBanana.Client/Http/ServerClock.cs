namespace NanoBanana.Client.Http;

/// <summary>Compares the clock of this machine with the clock of the service. Each answer has the time in its <c>Date</c> header.</summary>
/// <remarks>See https://www.rfc-editor.org/rfc/rfc9110#name-date. The header has a resolution of one second.</remarks>
/// <param name="time">The clock of this machine.</param>
internal sealed class ServerClock(TimeProvider time)
{
    /// <summary>The maximum difference at which this machine's clock may decide which entries are old enough to be removed.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromDays(1);

    private long _skew = long.MinValue;

    /// <summary>
    /// The difference of this machine's clock to the clock of the service, from the last answer with a time; positive if this machine is
    /// ahead, null before such an answer.
    /// </summary>
    public TimeSpan? Skew => Interlocked.Read(ref _skew) is var ticks && ticks == long.MinValue ? null : TimeSpan.FromTicks(ticks);

    /// <summary>Whether the last answer with a time confirmed the clock of this machine.</summary>
    public bool IsConfirmed => Skew?.Duration() <= Tolerance;

    /// <summary>Records the time of an answer.</summary>
    public void Observe(DateTimeOffset? date)
    {
        if (date is { } given)
            Interlocked.Exchange(ref _skew, (time.GetUtcNow() - given).Ticks);
    }
}
