using System.Net;

namespace NanoBanana.Client.Http;

/// <summary>Goes to this machine directly and to all others as the system does.</summary>
/// <param name="system">The system's setting; null when it has none.</param>
internal sealed class LoopbackBypass(IWebProxy? system) : IWebProxy
{
    public ICredentials? Credentials
    {
        get => system?.Credentials;
        set => throw new NotSupportedException("The credentials are the system's.");
    }

    public Uri? GetProxy(Uri destination) => IsBypassed(destination) ? null : system!.GetProxy(destination);

    public bool IsBypassed(Uri host) => host.IsLoopback || system is null || system.IsBypassed(host);
}
