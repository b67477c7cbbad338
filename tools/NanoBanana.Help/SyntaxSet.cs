namespace NanoBanana.Help;

/// <summary>One parameter set in the SYNTAX section.</summary>
/// <param name="Name"><c>(All)</c> for a command that has no named ones.</param>
/// <param name="Items">In the order of the page.</param>
/// <param name="Line">Where it stands.</param>
internal sealed record SyntaxSet(string Name, bool IsDefault, IReadOnlyList<SyntaxItem> Items, int Line);
