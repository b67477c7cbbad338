namespace NanoBanana.Help;

/// <summary>A parameter in a line of syntax.</summary>
/// <param name="Type">Null for a switch.</param>
internal sealed record SyntaxItem(string Name, string? Type, bool IsRequired, bool IsPositional);
