namespace NanoBanana.Help;

/// <summary>An example: its title, what to paste, and what there is to say of it.</summary>
/// <param name="Line">The line of the heading.</param>
internal sealed record CommandExample(string Title, string Code, IReadOnlyList<string> Remarks, int Line);
