namespace NanoBanana.Emulator.Http;

/// <summary>
/// Answers only requests that are addressed to this machine and come from no web page of another origin. The listener is on
/// loopback, but a browser on this machine reaches it for any site: by a name that resolves to 127.0.0.1 (DNS rebinding), or
/// by a plain cross-origin request.
/// </summary>
internal sealed class LoopbackGuard : IHttpHandler
{
    private const string Scheme = "http://";

    private readonly IHttpHandler _inner;
    private readonly HashSet<string> _authorities;

    /// <param name="inner">Answers the requests that pass.</param>
    /// <param name="port">The port of the listener.</param>
    public LoopbackGuard(IHttpHandler inner, int port)
    {
        _inner = inner;
        string[] names = ["127.0.0.1", "localhost", "[::1]"];
        _authorities = new HashSet<string>(names.Select(name => $"{name}:{port}"), StringComparer.OrdinalIgnoreCase);
        // HTTP's own port is left out of both headers.
        if (port == 80)
            _authorities.UnionWith(names);
    }

    public ValueTask<HttpResponse> HandleAsync(HttpRequest request, CancellationToken stopping)
    {
        if (!_authorities.Contains(request.Headers["Host"] ?? ""))
            return Refuse("The Host header does not name this emulator. It is reached as 127.0.0.1 or localhost, with its port.");
        if (request.Headers["Origin"] is { } origin && !IsOwn(origin))
            return Refuse("The emulator answers no requests of web pages from elsewhere (Origin header).");
        return _inner.HandleAsync(request, stopping);
    }

    private bool IsOwn(string origin) =>
        origin.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && _authorities.Contains(origin.Substring(Scheme.Length));

    private static ValueTask<HttpResponse> Refuse(string why) => new(HttpResponse.Text(403, "text/plain; charset=utf-8", why));
}
