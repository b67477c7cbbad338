namespace NanoBanana.Client;

/// <summary>Where the provider serves the model, and the protocol that each host speaks.</summary>
public static class KnownEndpoints
{
    /// <summary>The addresses, the usual one of each protocol first.</summary>
    public static IReadOnlyList<(Uri Endpoint, ApiProtocol Protocol)> All { get; } =
    [
        (NanoBananaClientOptions.DefaultEndpoint, ApiProtocol.Generation),
        (new Uri("https://cloud.seaart.ai/"), ApiProtocol.Queue),
        (new Uri("https://odirouter.ai/"), ApiProtocol.Queue),
    ];

    /// <summary>The usual address of a protocol.</summary>
    public static Uri Of(ApiProtocol protocol) => All.First(known => known.Protocol == protocol).Endpoint;

    /// <summary>The protocol of a known host; <see cref="ApiProtocol.Generation"/> for any other.</summary>
    public static ApiProtocol ProtocolOf(Uri endpoint) => All
        .Where(known => endpoint.IsAbsoluteUri && known.Endpoint.Host == endpoint.Host)
        .Select(known => known.Protocol)
        .FirstOrDefault();
}
