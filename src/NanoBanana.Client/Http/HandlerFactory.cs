using System.Net;

namespace NanoBanana.Client.Http;

/// <summary>
/// Creates the HTTP handlers. Idle connections are closed early, so that no request is submitted on a connection that the server has
/// closed. All connections are renewed regularly, to follow changes of DNS. There are no cookies. The handlers follow no redirect: 307 and
/// 308 would repeat a submission, and would send the key to another host. For downloads <see cref="Files.DownloadRedirects"/> follows
/// redirects.
/// </summary>
internal static class HandlerFactory
{
    public static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(15);
    public static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(2);
    public static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(15);

    /// <param name="proxy">The proxy; null for the proxy of the system.</param>
    /// <param name="credentials">Credentials for a proxy without its own credentials.</param>
    public static HttpMessageHandler ForApi(IWebProxy? proxy, ICredentials? credentials = null) => Create(proxy, credentials, guard: null);

    /// <param name="proxy">The proxy; null for the proxy of the system.</param>
    /// <param name="guard">Checks the addresses of downloads.</param>
    /// <param name="credentials">Credentials for a proxy without its own credentials.</param>
    public static HttpMessageHandler ForDownloads(IWebProxy? proxy, DownloadGuard guard, ICredentials? credentials = null) =>
        Create(proxy, credentials, guard);

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
            // ContentDecoding decodes bodies while they are read.
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
    // The handler of .NET Framework makes its connections to one address after the other.
    private static HttpClientHandler Create(IWebProxy? proxy, ICredentials? credentials, DownloadGuard? guard)
    {
        // .NET Framework: keeps the system's default unless it is older than TLS 1.2.
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

    /// <summary>
    /// Sets the options that .NET Framework has per address and not per handler. By default it opens at most two connections to an address.
    /// </summary>
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
/// A proxy setting that connects to this machine directly, and to all other hosts as the system does. A proxy can't reach the loopback
/// interface of this machine, but .NET uses the proxy of HTTP_PROXY for it too.
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
        set => throw new NotSupportedException("The credentials of the system can't be set.");
    }

    /// <returns>Null for an endpoint on another machine, where the setting of the system applies.</returns>
    public static LoopbackBypass? For(Uri endpoint) => endpoint.IsAbsoluteUri && endpoint.IsLoopback ? new() : null;

    public Uri? GetProxy(Uri destination) => IsBypassed(destination) ? null : _system!.GetProxy(destination);

    public bool IsBypassed(Uri host) => host.IsLoopback || _system is null || _system.IsBypassed(host);
}
