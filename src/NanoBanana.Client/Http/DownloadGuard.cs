using System.Net;
using System.Net.Sockets;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Http;

/// <summary>
/// Checks the addresses of downloads. Only http and https are allowed. Addresses inside this machine or network are allowed only if the
/// endpoint is there too, or if the user allows them. The link comes from the answer of a server, so the connected IP address is checked
/// and not its name.
/// </summary>
internal sealed class DownloadGuard(Uri endpoint, bool allowPrivate)
{
    private static readonly string[] LocalDomains = [".localhost", ".local", ".internal", ".lan", ".home.arpa"];

    private readonly Lazy<HashSet<AddressKind>> _own = new(() => KindsOf(endpoint));

    /// <summary>Looks up a name; tests replace it.</summary>
    public Func<string, CancellationToken, Task<IPAddress[]>> Resolve { get; init; } =
#if NET
        Dns.GetHostAddressesAsync;
#else
        (host, _) => Dns.GetHostAddressesAsync(host);
#endif

    /// <summary>Checks the scheme of an address, and its host if that is an IP address.</summary>
    /// <exception cref="ForbiddenDownloadException">The address is not allowed.</exception>
    public void Check(Uri url)
    {
        if (!url.IsAbsoluteUri || url.Scheme is not ("http" or "https") || url.Host.Length == 0)
            throw new ForbiddenDownloadException(Messages.AddressNotHttp);
        if (LiteralOf(url) is { } address)
            Check(address);
    }

    /// <summary>Checks an IP address before a connection to it is made.</summary>
    /// <exception cref="ForbiddenDownloadException">The address is inside this machine or network, and the endpoint is not.</exception>
    public void Check(IPAddress address)
    {
        AddressKind kind = AddressKinds.Of(address);
        if (kind == AddressKind.Public || allowPrivate || _own.Value.Contains(kind))
            return;
        string location = kind switch
        {
            AddressKind.Loopback => Messages.OnThisMachine,
            AddressKind.Reserved => Messages.InReservedNetwork,
            _ => Messages.InPrivateNetwork,
        };
        throw new ForbiddenDownloadException(Messages.AddressNotAllowed(location));
    }

    /// <summary>
    /// Checks the current addresses of a name. A later look-up may return another address, so only the check of the connection is reliable.
    /// </summary>
    public async Task CheckNameAsync(Uri url)
    {
        if (LiteralOf(url) is not null)
            return;
        try
        {
            foreach (IPAddress address in await Resolve(url.DnsSafeHost, CancellationToken.None).ConfigureAwait(false))
                Check(address);
        }
        catch (SocketException)
        {
            // The request fails with the same error, or a proxy resolves the name.
        }
    }

#if NET
    /// <summary>
    /// The addresses of a host, all of them allowed. The address of a proxy is not checked: the user chose it, and it resolves names.
    /// </summary>
    public async Task<IPAddress[]> FindAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        DnsEndPoint target = context.DnsEndPoint;
        IPAddress[] addresses = IPAddress.TryParse(target.Host, out IPAddress? literal)
            ? [literal]
            : await Resolve(target.Host, cancellationToken).ConfigureAwait(false);
        bool isHost = string.Equals(context.InitialRequestMessage.RequestUri?.IdnHost, target.Host, StringComparison.OrdinalIgnoreCase)
            || string.Equals(context.InitialRequestMessage.RequestUri?.DnsSafeHost, target.Host, StringComparison.OrdinalIgnoreCase);
        if (isHost)
        {
            // One forbidden address is enough to refuse the host, because the system selects the address.
            foreach (IPAddress address in addresses)
                Check(address);
        }
        return addresses;
    }
#endif

    /// <summary>
    /// The kinds of the endpoint's own addresses. Empty for a name with a public domain, because its owner can change its addresses.
    /// </summary>
    private static HashSet<AddressKind> KindsOf(Uri endpoint)
    {
        if (LiteralOf(endpoint) is { } literal)
            return [AddressKinds.Of(literal)];
        string host = endpoint.DnsSafeHost;
        if (host.Contains('.') && !LocalDomains.Any(domain => host.EndsWith(domain, StringComparison.OrdinalIgnoreCase)))
            return [];
        try
        {
            return [.. Dns.GetHostAddresses(host).Select(AddressKinds.Of)];
        }
        catch (SocketException)
        {
            return [];
        }
    }

    private static IPAddress? LiteralOf(Uri url) =>
        url.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6
            && IPAddress.TryParse(url.DnsSafeHost, out IPAddress? address) ? address
        : string.Equals(url.DnsSafeHost, "localhost", StringComparison.OrdinalIgnoreCase) ? IPAddress.Loopback
        : null;
}

/// <summary>A download from an address that is not allowed. The message completes "the image could not be downloaded: ".</summary>
internal sealed class ForbiddenDownloadException(string message) : IOException(message)
{
    /// <summary>The inner exception of this type; null if there is no such exception.</summary>
    public static ForbiddenDownloadException? In(Exception? e) =>
        e is null ? null : e as ForbiddenDownloadException ?? In(e.InnerException);
}
