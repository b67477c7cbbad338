namespace NanoBanana.Emulator.Http;

/// <summary>
/// Refuses requests to another host name and requests from web pages of another origin. The listener is on loopback, but any web site
/// can reach it through a browser on this machine: with a name that resolves to 127.0.0.1 (DNS rebinding), or with a simple
/// cross-origin request.
/// </summary>
internal sealed class LoopbackGuard
{
    private const string Scheme = "http://";

    private readonly HashSet<string> _authorities;

    /// <param name="port">The port of the listener.</param>
    public LoopbackGuard(int port)
    {
        string[] names = ["127.0.0.1", "localhost", "[::1]"];
        _authorities = new HashSet<string>(names.Select(name => $"{name}:{port}"), StringComparer.OrdinalIgnoreCase);
        // Clients omit the default port of HTTP in both headers.
        if (port == 80)
            _authorities.UnionWith(names);
    }

    /// <summary>The answer to a refused request, or null.</summary>
    public HttpResponse? Refuse(HttpRequest request)
    {
        if (!_authorities.Contains(request.Headers["Host"] ?? ""))
            return HttpResponse.Text(403, Messages.HostUnknown);

        return request.Headers["Origin"] is { } origin && !IsOwn(origin)
            ? HttpResponse.Text(403, Messages.OriginRefused)
            : null;
    }

    private bool IsOwn(string origin) =>
        origin.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && _authorities.Contains(origin.Substring(Scheme.Length));
}
