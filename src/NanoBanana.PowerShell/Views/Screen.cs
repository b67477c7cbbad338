namespace NanoBanana.Views;

/// <summary>What the screen that a view appears on can show: how wide it is, and whether in colors.</summary>
internal sealed class Screen(EngineIntrinsics? engine)
{
    /// <summary>What PowerShell's own tables take where a host has no screen.</summary>
    private const int WidthWithoutScreen = 120;

    /// <summary>That of the session which formats an object. The cells of a view are asked for by its property alone.</summary>
    public static Screen Current => new(RunspaceData.Current.Engine);

    /// <summary>The columns that a line can fill. PowerShell leaves the last one of a console free.</summary>
    public int Width
    {
        get
        {
            try
            {
                return engine?.Host.UI?.RawUI?.BufferSize.Width is { } width and > 1 ? width - 1 : WidthWithoutScreen;
            }
            catch (Exception)
            {
                // A host without a screen may say so in any way.
                return WidthWithoutScreen;
            }
        }
    }

    /// <summary>The text in a color of <c>$PSStyle</c>; as it is where there is none, or no color is wanted.</summary>
    /// <param name="text">The text.</param>
    /// <param name="group">The property of <c>$PSStyle</c> that has the color, such as <c>Foreground</c>.</param>
    /// <param name="color">The color's name in that group.</param>
    public string Paint(string text, string group, string color)
    {
        // Windows PowerShell has no such variable.
        object? style = engine?.SessionState.PSVariable.GetValue("PSStyle");
        if (style is null || !WantsColors(style))
            return text;
        string escape = Member(Member(style, group), color)?.ToString() ?? "";
        return escape.Length == 0 ? text : escape + text + Member(style, "Reset");
    }

    /// <summary>
    /// PowerShell takes escapes out of what it writes to files and variables itself. It leaves them in when the process'
    /// own output is redirected, and a host that is not pwsh need not know of NO_COLOR (https://no-color.org).
    /// </summary>
    private bool WantsColors(object style)
    {
        if (!string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")))
            return false;
        return Member(style, "OutputRendering")?.ToString() switch
        {
            "PlainText" => false,
            "Ansi" => true,
            _ => engine!.Host.UI is { SupportsVirtualTerminal: true } && !(engine.Host.Name == "ConsoleHost" && Console.IsOutputRedirected),
        };
    }

    private static object? Member(object? value, string name) =>
        value is null ? null : PSObject.AsPSObject(value).Properties[name]?.Value;
}
