using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using NanoBanana.Emulator.Http;

namespace NanoBanana.Emulator.Wire;

/// <summary>The storage: <c>POST /api/v1/storage/files</c> with a multipart field <c>file</c>, answered with an address.</summary>
/// <param name="counters">Counts the uploads.</param>
/// <param name="origin">The base URL of the API, without a slash at its end.</param>
internal sealed class StorageDialect(CounterBoard counters, Func<string> origin) : ApiDialect
{
    private const string FilesPath = "/api/v1/storage/files";

    private readonly ConcurrentQueue<EmulatorUpload> _uploads = new();

    /// <summary>The files uploaded so far: a snapshot.</summary>
    public IReadOnlyList<EmulatorUpload> Uploads => [.. _uploads];

    public override ApiRoute? Match(string path) => path == FilesPath ? new ApiRoute(EmulatorOperation.Upload, "POST", "") : null;

    public override HttpResponse Handle(ApiRoute route, HttpRequest request)
    {
        (ContentDispositionHeaderValue disposition, string head, byte[] content) = ReadFile(request);
        counters.Count(Counter.Uploads);
        var address = new Uri($"{origin()}/uploads/{Guid.NewGuid():N}");
        _uploads.Enqueue(new EmulatorUpload(address, Header(head, "Content-Type"), (disposition.FileName ?? "").Trim('"'), content));
        return HttpResponse.Json(200, new() { ["url"] = address.AbsoluteUri });
    }

    /// <summary>Reads the field <c>file</c> (RFC 7578).</summary>
    private static (ContentDispositionHeaderValue Disposition, string Head, byte[] Content) ReadFile(HttpRequest request)
    {
        string type = request.Headers["Content-Type"] ?? "";
        int mark = type.IndexOf("boundary=", StringComparison.OrdinalIgnoreCase);
        if (!type.StartsWith("multipart/form-data", StringComparison.OrdinalIgnoreCase) || mark < 0)
            throw new ApiRefusalException(415, "unsupported_media_type", "Content-Type must be multipart/form-data with a boundary.");
        byte[] boundary = Encoding.ASCII.GetBytes("--" + type.Substring(mark + "boundary=".Length).Trim().Trim('"'));
        ReadOnlySpan<byte> body = request.Body.AsSpan();
        for (int at = body.IndexOf(boundary); at >= 0;)
        {
            ReadOnlySpan<byte> part = body.Slice(at + boundary.Length);
            int length = part.IndexOf(boundary), headLength = part.IndexOf("\r\n\r\n"u8);
            if (length < 0 || headLength < 0)
                break;
            string head = Encoding.UTF8.GetString(part.Slice(0, headLength).ToArray());
            if (ContentDispositionHeaderValue.TryParse(Header(head, "Content-Disposition"), out ContentDispositionHeaderValue? disposition)
                && disposition.Name?.Trim('"') == "file" && headLength + 6 <= length)
                return (disposition, head, part.Slice(headLength + 4, length - headLength - 6).ToArray());
            at += boundary.Length + length;
        }
        throw ApiRefusalException.Invalid("The form has no field file.");
    }

    private static string Header(string head, string name) =>
        head.Split('\n').FirstOrDefault(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))
            ?.Substring(name.Length + 1).Trim() ?? "";
}
