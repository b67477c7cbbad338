namespace NanoBanana.Emulator.Http;

/// <summary>One request. Its body can be part of the connection's buffer. Copy the bytes that are needed after the answer.</summary>
/// <param name="Method">The method.</param>
/// <param name="Path">The path as sent, without query; never empty.</param>
/// <param name="Headers">The header fields.</param>
/// <param name="KeepAlive">Whether the client keeps the connection open.</param>
internal sealed record HttpRequest(string Method, string Path, HttpHeaders Headers, bool KeepAlive)
{
    public ArraySegment<byte> Body { get; set; } = new([]);

    public bool IsHead => Method == "HEAD";

    /// <summary>Whether the method is <paramref name="method"/>, or HEAD where the method is GET.</summary>
    public bool Is(string method) => Method == method || (IsHead && method == "GET");

    /// <summary>Reads a head: request line and fields, without the blank line that ends it.</summary>
    /// <exception cref="HttpProtocolException">400 or 505: the head does not follow RFC 9112.</exception>
    public static HttpRequest Parse(string head)
    {
        string[] lines = head.Split(["\r\n"], StringSplitOptions.None);
        if (lines[0].Split([' '], 3) is not [{ Length: > 0 } method, { Length: > 0 } target, string version])
            throw new HttpProtocolException(400, Messages.RequestLineMalformed);
        if (version is not ("HTTP/1.1" or "HTTP/1.0"))
            throw new HttpProtocolException(505, Messages.HttpVersionUnsupported);

        var headers = new HttpHeaders();
        foreach (string line in lines.Skip(1))
        {
            int colon = line.IndexOf(':');
            // A space before the colon and a folded line are means of request smuggling. RFC 9112, 5.1, requires their refusal.
            if (colon <= 0 || line[0] is ' ' or '\t' || line[colon - 1] is ' ' or '\t')
                throw new HttpProtocolException(400, Messages.HeaderMalformed);
            headers.Add(line.Substring(0, colon), line.Substring(colon + 1).Trim(' ', '\t'));
        }

        bool closes = (headers["Connection"] ?? "").Split(',').Any(item => item.Trim().Equals("close", StringComparison.OrdinalIgnoreCase));
        return new HttpRequest(method, PathOf(target), headers, version == "HTTP/1.1" && !closes);
    }

    /// <summary>Removes the query, and scheme and host of the absolute form that proxies send.</summary>
    private static string PathOf(string target)
    {
        if (target[0] != '/')
        {
            int authority = target.IndexOf("://", StringComparison.Ordinal);
            int slash = authority < 0 ? -1 : target.IndexOf('/', authority + 3);
            if (slash < 0)
                return "/";
            target = target.Substring(slash);
        }

        return target.Split('?')[0];
    }
}

/// <summary>Header fields in the order of the wire. Requests have few fields, so a search is faster than a hash table.</summary>
internal sealed class HttpHeaders : List<KeyValuePair<string, string>>
{
    /// <summary>The value of a field, or null. Several fields with one name are one list (RFC 9110, 5.3).</summary>
    public string? this[string name]
    {
        get
        {
            string? value = null;
            foreach (var field in this)
            {
                if (field.Key.Equals(name, StringComparison.OrdinalIgnoreCase))
                    value = value is null ? field.Value : value + ", " + field.Value;
            }

            return value;
        }
    }

    public void Add(string name, string value) => Add(new(name, value));
}

/// <summary>The bytes are not a request that this server can read. It answers once and closes the connection.</summary>
internal sealed class HttpProtocolException(int status, string message) : Exception(message)
{
    public int Status => status;
}
