using System.Collections.Concurrent;

namespace NanoBanana.Client.Http;

/// <summary>Where the provider serves the model, the protocol that each host speaks, and which hosts are one service.</summary>
public static class KnownEndpoints
{
    /// <summary>
    /// Services by their host names, the usual name first. Names of one service share accounts, tasks and batches. The
    /// provider's API reference gives one documentation for all names of the queue service (decision 0021).
    /// </summary>
    private static readonly (ApiProtocol Protocol, string[] Hosts)[] Services =
    [
        (ApiProtocol.Generation, ["cloud.vtrix.ai", "vtrix.ai"]),
        (ApiProtocol.Queue, ["cloud.seaart.ai", "odirouter.ai", "api.odirouter.ai", "www.odirouter.ai"]),
        (ApiProtocol.Generation, ["openresty-gateway.api.seaart.ai"]),
    ];

    /// <summary>What <see cref="NamesOf"/> has answered: it is asked at each change of each task.</summary>
    private static readonly ConcurrentDictionary<string, IReadOnlyList<Uri>> Names = new(StringComparer.Ordinal);

    /// <summary>The addresses that the documentation names, the usual one of each protocol first.</summary>
    public static IReadOnlyList<(Uri Endpoint, ApiProtocol Protocol)> All { get; } =
    [
        (ApiOptions.DefaultEndpoint, ApiProtocol.Generation),
        (new Uri("https://cloud.seaart.ai/"), ApiProtocol.Queue),
        (new Uri("https://odirouter.ai/"), ApiProtocol.Queue),
    ];

    /// <summary>The usual address of a protocol.</summary>
    public static Uri Of(ApiProtocol protocol) => All.First(known => known.Protocol == protocol).Endpoint;

    /// <summary>The protocol that the path of an address names, else that of a known host, else <see cref="ApiProtocol.Generation"/>.</summary>
    public static ApiProtocol ProtocolOf(Uri endpoint)
    {
        EndpointAddress address = EndpointAddress.Read(endpoint);
        return address.Protocol ?? (address.Base.IsAbsoluteUri && Find(address.Base) is { } service ? service.Protocol : default);
    }

    /// <summary>Whether the host is one of the provider's.</summary>
    internal static bool IsKnown(Uri endpoint) => endpoint.IsAbsoluteUri && Find(endpoint) is not null;

    /// <summary>Whether two addresses lead to the same service, whose tasks and batches are the same.</summary>
    internal static bool IsSame(Uri? one, Uri? other) =>
        ReferenceEquals(one, other) || (one is not null && other is not null && (one == other || CanonicalOf(one) == CanonicalOf(other)));

    /// <summary>The one address that stands for all names of a service.</summary>
    internal static Uri CanonicalOf(Uri endpoint) => NamesOf(endpoint)[0];

    /// <summary>The base addresses of the service that an address leads to, the canonical one first: entries may be under any.</summary>
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
