using System.Text;

namespace NanoBanana.Emulator.Http;

/// <summary>One answer. The body is a list of segments, so that shared parts are never copied.</summary>
internal sealed class HttpResponse(int status)
{
    private static readonly ArraySegment<byte>[] NoBody = [];

    private IReadOnlyList<ArraySegment<byte>> _body = NoBody;

    public int Status { get; } = status;

    public string? ContentType { get; set; }

    public HttpHeaders Headers { get; } = new();

    /// <summary>Bytes of the whole body, which is what Content-Length says unless it is to lie.</summary>
    public long Length { get; private set; }

    /// <summary>What Content-Length says in place of <see cref="Length"/>.</summary>
    public long? AnnouncedLength { get; set; }

    /// <summary>Bytes of the body after which nothing more is sent, or null to send all of it.</summary>
    public long? CutAfter { get; set; }

    public HttpEnding Ending { get; set; }

    public IReadOnlyList<ArraySegment<byte>> Body => _body;

    public static HttpResponse Json(int status, ArraySegment<byte> utf8) =>
        new HttpResponse(status).WithBody("application/json", [utf8], utf8.Count);

    public static HttpResponse Text(int status, string contentType, string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        return new HttpResponse(status).WithBody(contentType, [new ArraySegment<byte>(utf8)], utf8.Length);
    }

    public HttpResponse WithBody(string contentType, IReadOnlyList<ArraySegment<byte>> body, long length)
    {
        (ContentType, _body, Length) = (contentType, body, length);
        return this;
    }

    public HttpResponse With(string header, string value)
    {
        Headers.Add(header, value);
        return this;
    }
}
