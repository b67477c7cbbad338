namespace NanoBanana;

/// <summary>The protocols under which the provider serves the model.</summary>
public enum ApiProtocol
{
    /// <summary>Create and poll at <c>/model/v1/generation</c>.</summary>
    Generation,

    /// <summary>Create, ask, fetch and cancel at <c>/model/v1/queue</c>.</summary>
    Queue,
}
