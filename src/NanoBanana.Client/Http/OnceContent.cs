using System.Buffers;
using System.Net;
using System.Text;

namespace NanoBanana.Client.Http;

/// <summary>
/// A body that leaves this machine at most once. HTTP handlers may replay a request on a fresh connection when a pooled
/// one turns out to be stale; for a request that costs money that decision is not theirs. It also tells whether the
/// body ever began to leave: if not, the server cannot have acted, and sending again is safe.
/// </summary>
internal sealed class OnceContent : HttpContent
{
    private const int BufferSize = 64 * 1024;

    private readonly WireCall _call;
    private int _sent;

    /// <param name="call">A request that has a body.</param>
    public OnceContent(WireCall call)
    {
        _call = call;
        Headers.TryAddWithoutValidation("Content-Type", call.ContentType);
    }

    public bool WasSent => Volatile.Read(ref _sent) != 0;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        if (_call.MayLeave?.Invoke() == false)
            throw new IOException("It is too late for this body to leave.");
        if (Interlocked.Exchange(ref _sent, 1) != 0)
            throw new IOException("This body was sent before and is not sent twice.");
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
