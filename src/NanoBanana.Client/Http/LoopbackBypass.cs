using System.Net;

namespace NanoBanana.Client.Http;

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
