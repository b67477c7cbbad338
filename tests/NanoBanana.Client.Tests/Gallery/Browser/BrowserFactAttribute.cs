

namespace NanoBanana.Client.Tests.Gallery.Browser;

/// <summary>A test in a real browser. Where there is none it is skipped, and the run says so and why.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute()
    {
        if (Chromium.Program is null)
            Skip = "There is no Chromium on this machine.";
    }
}
