using System.Collections;
using NanoBanana.Client.Http;

namespace NanoBanana.Completion;

/// <summary>The provider's addresses, of all protocols or of the one that is typed already.</summary>
internal sealed class EndpointCompleter : ValueCompleter
{
    private protected override IEnumerable<Candidate> Offer(string typed, IDictionary bound)
    {
        string? protocol = Given(bound, "Protocol", Enum.GetNames(typeof(ApiProtocol)));
        return KnownEndpoints.All
            .Where(known => protocol is null || known.Protocol.ToString() == protocol)
            .Select(known => new Candidate(known.Endpoint.ToString(), Describe(known.Endpoint, known.Protocol)));
    }

    private static string Describe(Uri endpoint, ApiProtocol protocol)
    {
        string what = protocol == ApiProtocol.Queue ? "tasks can be canceled, pictures come with their size" : "pictures come with their tokens";
        string when = endpoint != KnownEndpoints.Of(protocol) ? "" : protocol == default ? "; what you get when you name none" : $"; what you get with -Protocol {protocol} alone";
        return $"The provider, protocol {protocol}: {what}{when}";
    }
}
