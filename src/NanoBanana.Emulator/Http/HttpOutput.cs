using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace NanoBanana.Emulator.Http;

/// <summary>Writes answers. Small parts are gathered, so that a small answer is a single send.</summary>
internal sealed class HttpOutput(Socket socket, CounterBoard counters)
{
    private static readonly byte[] Continue = Encoding.ASCII.GetBytes("HTTP/1.1 100 Continue\r\n\r\n");

    private byte[] _buffer = new byte[8192];
    private int _used;

    public ValueTask SendContinueAsync() => SendAsync(new ArraySegment<byte>(Continue));

    /// <summary>Sends an answer; its body is left out for HEAD, and cut where the answer says so.</summary>
    public async ValueTask WriteAsync(HttpResponse response, bool withBody, bool keepAlive)
    {
        PutHead(response, keepAlive);
        long left = withBody ? response.CutAfter ?? response.Length : 0;
        foreach (var part in response.Body)
        {
            if (left <= 0)
                break;
            int count = (int)Math.Min(part.Count, left);
            left -= count;
            await AddAsync(new ArraySegment<byte>(part.Array!, part.Offset, count)).ConfigureAwait(false);
        }

        await FlushAsync().ConfigureAwait(false);
    }

    private void PutHead(HttpResponse response, bool keepAlive)
    {
        Put(response.Status == 200 ? "HTTP/1.1 200 OK\r\n" : StatusLine(response.Status));
        if (response.ContentType is not null)
            PutField("Content-Type", response.ContentType);
        foreach (var field in response.Headers)
            PutField(field.Key, field.Value);
        if (!keepAlive)
            PutField("Connection", "close");
        PutField("Content-Length", (response.AnnouncedLength ?? response.Length).ToString(CultureInfo.InvariantCulture));
        Put("\r\n");
    }

    /// <summary>With the phrase that .NET knows, for people who read a trace.</summary>
    private static string StatusLine(int status)
    {
        using var known = new HttpResponseMessage((HttpStatusCode)status);
        return string.Format(CultureInfo.InvariantCulture, "HTTP/1.1 {0} {1}\r\n", status, known.ReasonPhrase);
    }

    private void PutField(string name, string value) => Put($"{name}: {value}\r\n");

    private void Put(string ascii)
    {
        if (ascii.Length > _buffer.Length - _used)
            Array.Resize(ref _buffer, _buffer.Length + ascii.Length);
        _used += Encoding.ASCII.GetBytes(ascii, 0, ascii.Length, _buffer, _used);
    }

    private async ValueTask AddAsync(ArraySegment<byte> part)
    {
        if (part.Count > _buffer.Length - _used)
            await FlushAsync().ConfigureAwait(false);
        if (part.Count > _buffer.Length)
        {
            await SendAsync(part).ConfigureAwait(false);
            return;
        }

        Buffer.BlockCopy(part.Array!, part.Offset, _buffer, _used, part.Count);
        _used += part.Count;
    }

    private async ValueTask FlushAsync()
    {
        if (_used == 0)
            return;
        var pending = new ArraySegment<byte>(_buffer, 0, _used);
        _used = 0;
        await SendAsync(pending).ConfigureAwait(false);
    }

    private async ValueTask SendAsync(ArraySegment<byte> bytes)
    {
        while (bytes.Count > 0)
        {
            int sent = await socket.SendAsync(bytes, SocketFlags.None).ConfigureAwait(false);
            counters.Count(Counter.BytesServed, sent);
            bytes = new ArraySegment<byte>(bytes.Array!, bytes.Offset + sent, bytes.Count - sent);
        }
    }
}
