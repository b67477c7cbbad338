using System.Diagnostics.CodeAnalysis;

namespace NanoBanana;

/// <summary>The protocols under which the provider serves the model.</summary>
[SuppressMessage("Design", "CA1028", Justification = "ConvertTo-Json writes the names of a 64-bit enumeration, and the numbers of others.")]
public enum ApiProtocol : long
{
    /// <summary>Create and poll at <c>/model/v1/generation</c>.</summary>
    Generation,

    /// <summary>Create, ask, fetch and cancel at <c>/model/v1/queue</c>.</summary>
    Queue,
}
