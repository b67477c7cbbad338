namespace NanoBanana.Client.Http;

/// <summary>Compares the clock of this machine with that of the service, which each answer gives in its <c>Date</c> header.</summary>
/// <remarks>See https://www.rfc-editor.org/rfc/rfc9110#name-date. The header counts whole seconds.</remarks>
/// <param name="time">The clock of this machine.</param>
internal sealed class ServerClock(TimeProvider time)
{
    /// <summary>A clock within this of that of the service may decide what is old enough to be removed.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromDays(1);

    private long _skew = long.MinValue;

    /// <summary>How far this machine is ahead of the service, by the last answer that gave a time; null before one.</summary>
    public TimeSpan? Skew => Interlocked.Read(ref _skew) is var ticks && ticks == long.MinValue ? null : TimeSpan.FromTicks(ticks);

    /// <summary>Whether the clock of this machine is right, by the last answer that gave a time.</summary>
    public bool IsConfirmed => Skew?.Duration() <= Tolerance;

    /// <summary>Takes the time that an answer gives.</summary>
    public void Observe(DateTimeOffset? date)
    {
        if (date is { } given)
            Interlocked.Exchange(ref _skew, (time.GetUtcNow() - given).Ticks);
    }
}
