namespace NanoBanana.Emulator.Http;

/// <summary>
/// Lets only requests pass that are addressed to this machine and come from no web page of another origin. The listener is on
/// loopback, but a browser on this machine reaches it for any site: by a name that resolves to 127.0.0.1 (DNS rebinding), or
/// by a plain cross-origin request.
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
        // HTTP's own port is left out of both headers.
        if (port == 80)
            _authorities.UnionWith(names);
    }

    /// <summary>The answer to a request that is not let in, or null.</summary>
    public HttpResponse? Refuse(HttpRequest request)
    {
        if (!_authorities.Contains(request.Headers["Host"] ?? ""))
        {
            return HttpResponse.Text(
                403, "The Host header does not name this emulator. It is reached as 127.0.0.1 or localhost, with its port.");
        }

        return request.Headers["Origin"] is { } origin && !IsOwn(origin)
            ? HttpResponse.Text(403, "The emulator answers no requests of web pages from elsewhere (Origin header).")
            : null;
    }

    private bool IsOwn(string origin) =>
        origin.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && _authorities.Contains(origin.Substring(Scheme.Length));
}
