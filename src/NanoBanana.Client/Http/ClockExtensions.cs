namespace NanoBanana.Client;

/// <summary>Sleeping by an injected clock, on both targets.</summary>
internal static class ClockExtensions
{
    public static Task Sleep(this TimeProvider time, TimeSpan length, CancellationToken cancellationToken) =>
#if NET
        Task.Delay(length, time, cancellationToken);
#else
        time.Delay(length, cancellationToken);
#endif
}
