namespace NanoBanana.Client.Http;

/// <summary>Random numbers in [0, 1) from any thread; a test gives its own.</summary>
internal static class Jitter
{
#if NET
    public static double Next() => Random.Shared.NextDouble();
#else
    private static readonly Random Source = new();

    public static double Next()
    {
        lock (Source)
            return Source.NextDouble();
    }
#endif
}
