using System.Buffers;
using System.Net;
using System.Text;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Http;

/// <summary>
/// A request body that is sent at most once. An HTTP handler may repeat a request on a new connection if a pooled connection is stale,
/// which must not happen for a request that costs money. This class also records whether sending had started. If not, the server can't have
/// acted on the request, and it is safe to send it again.
/// </summary>
internal sealed class OnceContent : HttpContent
{
    private const int BufferSize = 64 * 1024;

    private readonly WireCall _call;
    private int _sent;

    /// <param name="call">A request with a body.</param>
    public OnceContent(WireCall call)
    {
        _call = call;
        Headers.TryAddWithoutValidation("Content-Type", call.ContentType);
    }

    public bool WasSent => Volatile.Read(ref _sent) != 0;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        if (_call.MaySendBody?.Invoke() == false)
            throw new IOException(Messages.BodyTooLate);
        if (Interlocked.Exchange(ref _sent, 1) != 0)
            throw new IOException(Messages.BodySentBefore);
        return _call.LongTexts.Count == 0 ? stream.WriteAsync(_call.Body!, 0, _call.Body!.Length) : WritePartsAsync(stream);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _call.Length;
        return true;
    }

    private async Task WritePartsAsync(Stream stream)
    {
        byte[] body = _call.Body!, buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            int written = 0;
            foreach ((int index, string text) in _call.LongTexts)
            {
                await stream.WriteAsync(body, written, index - written).ConfigureAwait(false);
                written = index;
                for (int start = 0, count; start < text.Length; start += count)
                {
                    count = Encoding.ASCII.GetBytes(text, start, Math.Min(BufferSize, text.Length - start), buffer, 0);
                    await stream.WriteAsync(buffer, 0, count).ConfigureAwait(false);
                }
            }
            await stream.WriteAsync(body, written, body.Length - written).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
