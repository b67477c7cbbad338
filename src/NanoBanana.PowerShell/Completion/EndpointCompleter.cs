using System.Collections;
using NanoBanana.Client;

namespace NanoBanana.Completion;

/// <summary>The provider's address.</summary>
public sealed class EndpointCompleter : ValueCompleter
{
    private protected override IEnumerable<Candidate> Offer(string typed, IDictionary bound) =>
        [new(NanoBananaClientOptions.DefaultEndpoint.ToString(), "The provider, protocol Generation: what you get when you name none")];
}
