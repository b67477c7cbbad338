namespace NanoBanana.Help;

/// <summary>One parameter set in the SYNTAX section.</summary>
/// <param name="Name"><c>(All)</c> for a command without named parameter sets.</param>
/// <param name="Items">In the order of the page.</param>
/// <param name="Line">Its line number, from 1.</param>
internal sealed record SyntaxSet(string Name, bool IsDefault, IReadOnlyList<SyntaxItem> Items, int Line);
