namespace NanoBanana.Client;

/// <summary>Sleeping and timing out by an injected clock, on both targets.</summary>
internal static class ClockExtensions
{
    public static Task Sleep(this TimeProvider time, TimeSpan length, CancellationToken cancellationToken) =>
#if NET
        Task.Delay(length, time, cancellationToken);
#else
        time.Delay(length, cancellationToken);
#endif

    public static CancellationTokenSource CancelAfter(this TimeProvider time, TimeSpan length) =>
#if NET
        new(length, time);
#else
        time.CreateCancellationTokenSource(length);
#endif
}
