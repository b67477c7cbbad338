using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace NanoBanana.Emulator.Http;

/// <summary>One answer. The body is a list of segments, so that shared parts are not copied.</summary>
internal sealed class HttpResponse(int status)
{
    public int Status => status;

    public string? ContentType { get; set; }

    public HttpHeaders Headers { get; } = [];

    public IEnumerable<ArraySegment<byte>> Body { get; private set; } = [];

    /// <summary>Bytes of the whole body. Content-Length announces them unless <see cref="AnnouncedLength"/> is set.</summary>
    public long Length { get; private set; }

    /// <summary>The value of Content-Length instead of <see cref="Length"/>.</summary>
    public long? AnnouncedLength { get; set; }

    /// <summary>Bytes of the body to send, or null for the whole body.</summary>
    public long? CutAfter { get; set; }

    public HttpEnding Ending { get; set; }

    public static HttpResponse Json(int status, JsonObject body)
    {
        byte[] utf8 = JsonSerializer.SerializeToUtf8Bytes(body);
        return new HttpResponse(status).WithBody("application/json", [new(utf8)], utf8.Length);
    }

    public static HttpResponse Text(int status, string text, string contentType = "text/plain; charset=utf-8")
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        return new HttpResponse(status).WithBody(contentType, [new(utf8)], utf8.Length);
    }

    public HttpResponse WithBody(string contentType, IEnumerable<ArraySegment<byte>> body, long length)
    {
        (ContentType, Body, Length) = (contentType, body, length);
        return this;
    }

    public HttpResponse With(string header, string value)
    {
        Headers.Add(header, value);
        return this;
    }
}

/// <summary>The state of the connection after an answer.</summary>
internal enum HttpEnding
{
    /// <summary>It stays open unless the client closes it.</summary>
    KeepOpen,

    /// <summary>The server closes it (FIN).</summary>
    Close,

    /// <summary>It stays open without more bytes until the client closes it.</summary>
    Stall,

    /// <summary>The server resets it without an answer (RST).</summary>
    Reset,
}
