using System.Collections.Concurrent;

namespace NanoBanana.Client.Http;

/// <summary>The provider's addresses for the model, the protocol of each host, and the hosts that belong to one service.</summary>
public static class KnownEndpoints
{
    /// <summary>
    /// The services with their host names, the usual name first. All names of a service share accounts, tasks and batches. The provider's
    /// API reference has one documentation for all names of the queue service (decision 0021).
    /// </summary>
    private static readonly (ApiProtocol Protocol, string[] Hosts)[] Services =
    [
        (ApiProtocol.Generation, ["cloud.vtrix.ai", "vtrix.ai"]),
        (ApiProtocol.Queue, ["cloud.seaart.ai", "odirouter.ai", "api.odirouter.ai", "www.odirouter.ai"]),
        (ApiProtocol.Generation, ["openresty-gateway.api.seaart.ai"]),
    ];

    /// <summary>Results of <see cref="NamesOf"/>, which is called at each change of each task.</summary>
    private static readonly ConcurrentDictionary<string, IReadOnlyList<Uri>> Names = new(StringComparer.Ordinal);

    /// <summary>The documented addresses, the usual address of each protocol first.</summary>
    public static IReadOnlyList<(Uri Endpoint, ApiProtocol Protocol)> All { get; } =
    [
        (ApiOptions.DefaultEndpoint, ApiProtocol.Generation),
        (new Uri("https://cloud.seaart.ai/"), ApiProtocol.Queue),
        (new Uri("https://odirouter.ai/"), ApiProtocol.Queue),
    ];

    /// <summary>The usual address of a protocol.</summary>
    public static Uri Of(ApiProtocol protocol) => All.First(known => known.Protocol == protocol).Endpoint;

    /// <summary>The protocol in the path of an address, or the protocol of a known host, or <see cref="ApiProtocol.Generation"/>.</summary>
    public static ApiProtocol ProtocolOf(Uri endpoint)
    {
        EndpointAddress address = EndpointAddress.Read(endpoint);
        return address.Protocol ?? (address.Base.IsAbsoluteUri && Find(address.Base) is { } service ? service.Protocol : default);
    }

    /// <summary>Whether the host belongs to the provider.</summary>
    internal static bool IsKnown(Uri endpoint) => endpoint.IsAbsoluteUri && Find(endpoint) is not null;

    /// <summary>Whether two addresses belong to the same service, with the same tasks and batches.</summary>
    internal static bool IsSame(Uri? one, Uri? other) =>
        ReferenceEquals(one, other) || (one is not null && other is not null && (one == other || CanonicalOf(one) == CanonicalOf(other)));

    /// <summary>The address that represents all names of a service.</summary>
    internal static Uri CanonicalOf(Uri endpoint) => NamesOf(endpoint)[0];

    /// <summary>The base addresses of the service of an address, the canonical one first. Entries may have any of them.</summary>
    internal static IReadOnlyList<Uri> NamesOf(Uri endpoint) =>
        Names.TryGetValue(endpoint.OriginalString, out IReadOnlyList<Uri>? known) ? known
        : Names[endpoint.OriginalString] = FindNames(endpoint);

    private static IReadOnlyList<Uri> FindNames(Uri endpoint)
    {
        Uri address = EndpointAddress.Read(endpoint).Base;
        return address.IsAbsoluteUri && address.IsDefaultPort && Find(address) is { } service
            ? [.. service.Hosts.Select(host => new UriBuilder(address) { Host = host }.Uri)]
            : [address];
    }

    private static (ApiProtocol Protocol, string[] Hosts)? Find(Uri endpoint)
    {
        foreach ((ApiProtocol Protocol, string[] Hosts) service in Services)
        {
            if (service.Hosts.Contains(endpoint.Host.TrimEnd('.'), StringComparer.OrdinalIgnoreCase))
                return service;
        }
        return null;
    }
}
