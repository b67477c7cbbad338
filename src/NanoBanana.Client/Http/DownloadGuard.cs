using System.Net;
using System.Net.Sockets;

namespace NanoBanana.Client.Http;

/// <summary>
/// Where images may be fetched from: from http and https, and from inside this machine or network only where the endpoint itself
/// is there, or the user allows it. A link is chosen by whoever answers; the address that is connected to counts, not its name.
/// </summary>
internal sealed class DownloadGuard(Uri endpoint, bool allowPrivate)
{
    private static readonly string[] LocalDomains = [".localhost", ".local", ".internal", ".lan", ".home.arpa"];

    private readonly Lazy<HashSet<AddressKind>> _own = new(() => KindsOf(endpoint));

    /// <summary>Looks up a name; stands in for DNS.</summary>
    public Func<string, CancellationToken, Task<IPAddress[]>> Resolve { get; init; } =
#if NET
        Dns.GetHostAddressesAsync;
#else
        (host, _) => Dns.GetHostAddressesAsync(host);
#endif

    /// <summary>Checks what an address tells by itself: its scheme, and its host where that is an IP address.</summary>
    /// <exception cref="ForbiddenDownloadException">It leads where no image is fetched from.</exception>
    public void Check(Uri url)
    {
        if (!url.IsAbsoluteUri || url.Scheme is not ("http" or "https") || url.Host.Length == 0)
            throw new ForbiddenDownloadException("its address is neither http nor https");
        if (LiteralOf(url) is { } address)
            Check(address);
    }

    /// <summary>Checks an address that a connection would be made to.</summary>
    /// <exception cref="ForbiddenDownloadException">It is inside this machine or network, and the endpoint is not.</exception>
    public void Check(IPAddress address)
    {
        AddressKind kind = AddressKinds.Of(address);
        if (kind == AddressKind.Public || allowPrivate || _own.Value.Contains(kind))
            return;
        string where = kind switch
        {
            AddressKind.Loopback => "on this machine",
            AddressKind.Reserved => "in a reserved network",
            _ => "inside a private network",
        };
        throw new ForbiddenDownloadException($"its address leads to a host {where}, which a public API has no reason to name. If you trust the API and that is right, connect with -AllowPrivateDownload");
    }

    /// <summary>Checks what a name stands for now. A later look-up may tell another address: only a check of the connection is certain.</summary>
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
            // The request says so itself, or a proxy knows the name.
        }
    }

#if NET
    /// <summary>The addresses of a host, all of them allowed. A proxy is the user's choice, and resolves names itself.</summary>
    public async Task<IPAddress[]> FindAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        DnsEndPoint target = context.DnsEndPoint;
        IPAddress[] addresses = IPAddress.TryParse(target.Host, out IPAddress? literal) ? [literal] : await Resolve(target.Host, cancellationToken).ConfigureAwait(false);
        bool isHost = string.Equals(context.InitialRequestMessage.RequestUri?.IdnHost, target.Host, StringComparison.OrdinalIgnoreCase)
            || string.Equals(context.InitialRequestMessage.RequestUri?.DnsSafeHost, target.Host, StringComparison.OrdinalIgnoreCase);
        if (isHost)
        {
            // One bad address among good ones is as bad: which one is taken is up to the system.
            foreach (IPAddress address in addresses)
                Check(address);
        }
        return addresses;
    }
#endif

    /// <summary>The kinds of an endpoint's own addresses. Of a name with a public domain none: whoever owns it could point it anywhere.</summary>
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
        url.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6 && IPAddress.TryParse(url.DnsSafeHost, out IPAddress? address) ? address
        : string.Equals(url.DnsSafeHost, "localhost", StringComparison.OrdinalIgnoreCase) ? IPAddress.Loopback
        : null;
}

/// <summary>A download that is not made, whatever answers: the reason as it completes "the image could not be downloaded: ".</summary>
internal sealed class ForbiddenDownloadException(string message) : IOException(message)
{
    /// <summary>The one that is in an exception of a handler; null when there is none.</summary>
    public static ForbiddenDownloadException? In(Exception? e) => e is null ? null : e as ForbiddenDownloadException ?? In(e.InnerException);
}
