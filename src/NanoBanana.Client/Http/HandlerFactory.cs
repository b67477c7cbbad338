using System.Net;

namespace NanoBanana.Client.Http;

/// <summary>
/// The connections. Idle ones are dropped early, so that a submit is never sent on one that the server has closed, and
/// all are renewed in time for changes of DNS. No cookies. They follow no redirect: 307 and 308 would replay a submit, and the key
/// would travel; of downloads <see cref="Files.DownloadRedirects"/> follows them.
/// </summary>
internal static class HandlerFactory
{
    public static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(15);
    public static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(2);
    public static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(15);

    /// <param name="proxy">The proxy; null for that of the system.</param>
    /// <param name="credentials">For a proxy that has none of its own.</param>
    public static HttpMessageHandler ForApi(IWebProxy? proxy, ICredentials? credentials = null) => Create(proxy, credentials, guard: null);

    /// <param name="proxy">The proxy; null for that of the system.</param>
    /// <param name="guard">Says where images may be fetched from.</param>
    /// <param name="credentials">For a proxy that has none of its own.</param>
    public static HttpMessageHandler ForDownloads(IWebProxy? proxy, DownloadGuard guard, ICredentials? credentials = null) => Create(proxy, credentials, guard);

#if NET
    private static SocketsHttpHandler Create(IWebProxy? proxy, ICredentials? credentials, DownloadGuard? guard)
    {
        var dialer = new HostDialer(TimeProvider.System);
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            PooledConnectionIdleTimeout = IdleTimeout,
            PooledConnectionLifetime = ConnectionLifetime,
            ConnectTimeout = ConnectTimeout,
            // Bodies are decoded as they are read: see ContentDecoding.
            AutomaticDecompression = DecompressionMethods.None,
        };
        if (proxy is not null)
            handler.Proxy = proxy;
        handler.DefaultProxyCredentials = credentials;
        handler.ConnectCallback = async (context, cancellationToken) =>
        {
            IPAddress[] addresses = guard is null
                ? await dialer.FindAsync(context.DnsEndPoint.Host, cancellationToken).ConfigureAwait(false)
                : await guard.FindAsync(context, cancellationToken).ConfigureAwait(false);
            return await dialer.ConnectAsync(addresses, context.DnsEndPoint.Port, cancellationToken).ConfigureAwait(false);
        };
        return handler;
    }
#else
    // The handler of .NET Framework makes its connections itself, to one address after the other.
    private static HttpClientHandler Create(IWebProxy? proxy, ICredentials? credentials, DownloadGuard? guard)
    {
        // .NET Framework: the system's default, unless it is older than TLS 1.2.
        if (ServicePointManager.SecurityProtocol != 0)
            ServicePointManager.SecurityProtocol |= SecurityProtocolType.Tls12;
        var handler = new HttpClientHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            MaxConnectionsPerServer = int.MaxValue,
            AutomaticDecompression = DecompressionMethods.None,
        };
        if (proxy is not null)
            handler.Proxy = proxy;
        handler.DefaultProxyCredentials = credentials;
        return handler;
    }

    /// <summary>.NET Framework keeps these per address, not per handler; left alone it opens two connections to one.</summary>
    public static void TuneServicePoint(Uri address)
    {
        ServicePoint point = ServicePointManager.FindServicePoint(address);
        point.ConnectionLimit = int.MaxValue;
        point.MaxIdleTime = (int)IdleTimeout.TotalMilliseconds;
        point.ConnectionLeaseTimeout = (int)ConnectionLifetime.TotalMilliseconds;
        point.Expect100Continue = false;
    }
#endif
}

/// <summary>
/// Goes to this machine directly and to all others as the system does. A proxy can't reach our loopback, but .NET asks
/// the one that HTTP_PROXY names for it all the same.
/// </summary>
internal sealed class LoopbackBypass : IWebProxy
{
#if NET
    private readonly IWebProxy? _system = HttpClient.DefaultProxy;
#else
    private readonly IWebProxy? _system = WebRequest.DefaultWebProxy;
#endif

    public ICredentials? Credentials
    {
        get => _system?.Credentials;
        set => throw new NotSupportedException("The credentials are the system's.");
    }

    /// <returns>Null for an endpoint that is not on this machine: there the system's setting is left as it is.</returns>
    public static LoopbackBypass? For(Uri endpoint) => endpoint.IsAbsoluteUri && endpoint.IsLoopback ? new() : null;

    public Uri? GetProxy(Uri destination) => IsBypassed(destination) ? null : _system!.GetProxy(destination);

    public bool IsBypassed(Uri host) => host.IsLoopback || _system is null || _system.IsBypassed(host);
}
