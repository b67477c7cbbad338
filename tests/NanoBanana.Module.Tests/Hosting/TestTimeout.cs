namespace NanoBanana.Module.Tests.Hosting;

/// <summary>The time after which a test fails if an expected event has not occurred. Tests end as soon as it occurs.</summary>
internal static class TestTimeout
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
}
