namespace NanoBanana.Module.Tests.Hosting;

/// <summary>How long a test waits for what must come. No test waits for time to pass: it ends as soon as it has come.</summary>
internal static class Patience
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
}
