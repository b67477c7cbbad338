namespace NanoBanana.Client.Http;

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
}
