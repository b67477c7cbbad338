namespace NanoBanana.Emulator.Http;

/// <summary>Text of a request head in, <see cref="HttpRequest"/> out. No I/O.</summary>
internal static class HttpHeadParser
{
    /// <summary>Reads a head: request line and fields, without the blank line that ends it.</summary>
    /// <exception cref="HttpProtocolException">400 or 505: the head breaks RFC 9112.</exception>
    public static HttpRequest Parse(string head)
    {
        int lineEnd = EndOfLine(head, 0);
        int methodEnd = head.IndexOf(' ', 0, lineEnd);
        int targetEnd = methodEnd < 0 ? -1 : head.IndexOf(' ', methodEnd + 1, lineEnd - methodEnd - 1);
        if (methodEnd < 1 || targetEnd <= methodEnd + 1)
            throw new HttpProtocolException(400, "The request line is malformed.");

        string version = head.Substring(targetEnd + 1, lineEnd - targetEnd - 1);
        if (version is not ("HTTP/1.1" or "HTTP/1.0"))
            throw new HttpProtocolException(505, "Only HTTP/1.1 and HTTP/1.0 are spoken here.");

        var headers = ParseFields(head, lineEnd + 2);
        string? connection = headers["Connection"];
        bool keepAlive = version == "HTTP/1.1" && !Names(connection, "close");
        string path = PathOf(head.Substring(methodEnd + 1, targetEnd - methodEnd - 1));
        return new HttpRequest(head.Substring(0, methodEnd), path, headers, keepAlive);
    }

    private static HttpHeaders ParseFields(string head, int start)
    {
        var headers = new HttpHeaders();
        while (start < head.Length)
        {
            int end = EndOfLine(head, start);
            int colon = head.IndexOf(':', start, end - start);
            // A space before the colon, or a folded line, is a smuggling trick that RFC 9112, 5.1 has refused.
            if (colon <= start || head[start] is ' ' or '\t' || head[colon - 1] is ' ' or '\t')
                throw new HttpProtocolException(400, "A header field is malformed.");

            string value = head.Substring(colon + 1, end - colon - 1).Trim(' ', '\t');
            headers.Add(head.Substring(start, colon - start), value);
            start = end + 2;
        }

        return headers;
    }

    private static int EndOfLine(string head, int start)
    {
        int end = head.IndexOf("\r\n", start, StringComparison.Ordinal);
        return end < 0 ? head.Length : end;
    }

    /// <summary>Drops query, and scheme and host of the absolute form that proxies send.</summary>
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

        int query = target.IndexOf('?');
        return query < 0 ? target : target.Substring(0, query);
    }

    private static bool Names(string? list, string token) =>
        list is not null
        && list.Split(',').Any(item => item.Trim().Equals(token, StringComparison.OrdinalIgnoreCase));
}
