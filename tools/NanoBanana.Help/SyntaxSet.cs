namespace NanoBanana.Help;

/// <summary>One parameter set in the SYNTAX section.</summary>
/// <param name="Name"><c>(All)</c> for a command without named parameter sets.</param>
/// <param name="Items">In the order of the page.</param>
/// <param name="Line">Its line number, from 1.</param>
internal sealed record SyntaxSet(string Name, bool IsDefault, IReadOnlyList<SyntaxItem> Items, int Line);

/// <summary>A parameter in a line of syntax.</summary>
/// <param name="Type">Null for a switch.</param>
internal sealed record SyntaxItem(string Name, string? Type, bool IsRequired, bool IsPositional);
