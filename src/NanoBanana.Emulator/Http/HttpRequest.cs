namespace NanoBanana.Emulator.Http;

/// <summary>One request. The body may lie in the connection's buffer: copy what has to outlive the answer.</summary>
internal sealed class HttpRequest(string method, string path, HttpHeaders headers, bool keepAlive)
{
    public string Method { get; } = method;

    /// <summary>The path as sent, without query; never empty.</summary>
    public string Path { get; } = path;

    public HttpHeaders Headers { get; } = headers;

    /// <summary>Whether the client lets the connection live on.</summary>
    public bool KeepAlive { get; } = keepAlive;

    public ArraySegment<byte> Body { get; set; } = new([]);

    public bool IsHead => Method == "HEAD";

    /// <summary>Whether the method is <paramref name="method"/>, or HEAD where GET is meant.</summary>
    public bool Is(string method) => Method == method || (IsHead && method == "GET");
}
