namespace NanoBanana.Help;

/// <summary>An example: its title, its code and the remarks.</summary>
/// <param name="Line">The line of the heading.</param>
internal sealed record CommandExample(string Title, string Code, IReadOnlyList<string> Remarks, int Line);
