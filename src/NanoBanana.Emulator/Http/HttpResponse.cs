using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace NanoBanana.Emulator.Http;

/// <summary>One answer. The body is a list of segments, so that shared parts are never copied.</summary>
internal sealed class HttpResponse(int status)
{
    public int Status => status;

    public string? ContentType { get; set; }

    public HttpHeaders Headers { get; } = [];

    public IEnumerable<ArraySegment<byte>> Body { get; private set; } = [];

    /// <summary>Bytes of the whole body, which is what Content-Length says unless it is to lie.</summary>
    public long Length { get; private set; }

    /// <summary>What Content-Length says in place of <see cref="Length"/>.</summary>
    public long? AnnouncedLength { get; set; }

    /// <summary>Bytes of the body after which nothing more is sent, or null to send all of it.</summary>
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

/// <summary>What becomes of the connection after an answer.</summary>
internal enum HttpEnding
{
    /// <summary>It stays open, if the client wants that too.</summary>
    KeepOpen,

    /// <summary>It is closed in the ordinary way (FIN).</summary>
    Close,

    /// <summary>It stays open and nothing more comes, until the client closes it.</summary>
    Hold,

    /// <summary>It is cut without an answer (RST).</summary>
    Reset,
}
