namespace NanoBanana.Module.Tests.Loading;

/// <summary>A member as one assembly names it in another; with a null name, the type itself.</summary>
/// <param name="Type">The type's full name, nested ones after a plus.</param>
/// <param name="Member">The method or field.</param>
/// <param name="Parameters">How many parameters it has; -1 for a field.</param>
public sealed record ApiName(string Type, string? Member, int Parameters);
