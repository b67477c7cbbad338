using System.Diagnostics.CodeAnalysis;

namespace NanoBanana;

/// <summary>The protocols of the provider's API.</summary>
[SuppressMessage("Design", "CA1028", Justification = "ConvertTo-Json writes the names of a 64-bit enumeration, and the numbers of others.")]
public enum ApiProtocol : long
{
    /// <summary>Submit and poll at <c>/model/v1/generation</c>. This protocol has no cancellation.</summary>
    Generation,

    /// <summary>Submit, poll, get the result and cancel at <c>/model/v1/queue</c>.</summary>
    Queue,
}
