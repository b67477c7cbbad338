namespace NanoBanana.Help;

/// <summary>An example: its title, its code and the remarks.</summary>
/// <param name="Line">The line of the heading.</param>
internal sealed record CommandExample(string Title, string Code, IReadOnlyList<string> Remarks, int Line)
{
    /// <summary>The output of the code; null if the page does not show it.</summary>
    public string? Output { get; init; }
}
