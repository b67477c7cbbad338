using System.Globalization;
using System.Net;
using System.Text;

namespace NanoBanana.Emulator.Http;

/// <summary>Writes answers.</summary>
/// <param name="stream">Buffers small parts, so that a small answer is sent in one piece.</param>
/// <param name="counters">Counts the bytes.</param>
internal sealed class HttpOutput(BufferedStream stream, CounterBoard counters)
{
    public async ValueTask SendContinueAsync()
    {
        await AddAsync("HTTP/1.1 100 Continue\r\n\r\n").ConfigureAwait(false);
        await stream.FlushAsync().ConfigureAwait(false);
    }

    /// <summary>Sends an answer. Its body is omitted for HEAD, and cut if the answer has a limit.</summary>
    public async ValueTask WriteAsync(HttpResponse response, bool withBody, bool keepAlive)
    {
        await AddAsync(Head(response, keepAlive)).ConfigureAwait(false);
        long left = withBody ? response.CutAfter ?? response.Length : 0;
        foreach (var part in response.Body)
        {
            if (left <= 0)
                break;
            int count = (int)Math.Min(part.Count, left);
            left -= count;
            await AddAsync(new ArraySegment<byte>(part.Array!, part.Offset, count)).ConfigureAwait(false);
        }

        await stream.FlushAsync().ConfigureAwait(false);
    }

    private static string Head(HttpResponse response, bool keepAlive)
    {
        var head = new StringBuilder($"HTTP/1.1 {response.Status} {PhraseOf(response.Status)}\r\n");
        if (response.ContentType is not null)
            Add("Content-Type", response.ContentType);
        foreach (var field in response.Headers)
            Add(field.Key, field.Value);
        if (!keepAlive)
            Add("Connection", "close");
        Add("Content-Length", (response.AnnouncedLength ?? response.Length).ToString(CultureInfo.InvariantCulture));
        return head.Append("\r\n").ToString();

        void Add(string name, string value) => head.Append(name).Append(": ").Append(value).Append("\r\n");
    }

    /// <summary>The reason phrase that .NET has for a status.</summary>
    private static string? PhraseOf(int status)
    {
        using var known = new HttpResponseMessage((HttpStatusCode)status);
        return known.ReasonPhrase;
    }

    private ValueTask AddAsync(string ascii) => AddAsync(new ArraySegment<byte>(Encoding.ASCII.GetBytes(ascii)));

    private async ValueTask AddAsync(ArraySegment<byte> part)
    {
        await stream.WriteAsync(part.Array!, part.Offset, part.Count).ConfigureAwait(false);
        counters.Count(Counter.BytesServed, part.Count);
    }
}
