namespace NanoBanana.Module.Tests.Loading;

/// <summary>A reference to a member of another assembly or, if the member is null, to a type.</summary>
/// <param name="Type">The type's full name, nested ones after a plus.</param>
/// <param name="Member">The method or field.</param>
/// <param name="Parameters">The number of parameters, or -1 for a field.</param>
public sealed record ApiName(string Type, string? Member, int Parameters);
