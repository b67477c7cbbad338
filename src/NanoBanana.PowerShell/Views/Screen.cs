namespace NanoBanana.Views;

/// <summary>The width and the color support of the screen on which a view appears.</summary>
internal sealed class Screen(EngineIntrinsics? engine)
{
    /// <summary>The width that PowerShell uses for tables in a host without a screen.</summary>
    private const int WidthWithoutScreen = 120;

    /// <summary>The screen of the session that formats an object. A view reads its cells without parameters.</summary>
    public static Screen Current => new(RunspaceData.Current.Engine);

    /// <summary>The number of columns of a line. PowerShell leaves the last column of a console empty.</summary>
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
                // A host without a screen can throw any exception.
                return WidthWithoutScreen;
            }
        }
    }

    /// <summary>The text in a color of <c>$PSStyle</c>; unchanged without <c>$PSStyle</c> or without colors.</summary>
    /// <param name="text">The text.</param>
    /// <param name="group">The property of <c>$PSStyle</c> with the color, such as <c>Foreground</c>.</param>
    /// <param name="color">The name of the color in this group.</param>
    public string Colorize(string text, string group, string color)
    {
        // Windows PowerShell has no such variable.
        object? style = engine?.SessionState.PSVariable.GetValue("PSStyle");
        if (style is null || !WantsColors(style))
            return text;
        string escape = Member(Member(style, group), color)?.ToString() ?? "";
        return escape.Length == 0 ? text : escape + text + Member(style, "Reset");
    }

    /// <summary>
    /// Whether to write colors. PowerShell removes escapes from text for files and variables. It does not remove them if the output of the
    /// process is redirected, and other hosts than pwsh can ignore NO_COLOR (https://no-color.org).
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
