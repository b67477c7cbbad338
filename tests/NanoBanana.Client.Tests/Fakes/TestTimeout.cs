namespace NanoBanana.Client.Tests.Fakes;

/// <summary>Time limit for an expected event. No test waits for time to pass.</summary>
internal static class TestTimeout
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
}
