namespace NanoBanana.Client.Tests.Gallery.Browser;

/// <summary>A test in a real browser. Without a browser it is skipped, and the test run reports the reason.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute()
    {
        if (Chromium.Program is null)
            Skip = "There is no Chromium on this machine.";
    }
}
