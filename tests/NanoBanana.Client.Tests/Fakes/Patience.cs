namespace NanoBanana.Client.Tests.Fakes;

/// <summary>How long a test waits for what must come. No test waits for time to pass.</summary>
internal static class Patience
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
}
