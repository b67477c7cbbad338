using System.Net;

namespace NanoBanana.Client.Http;

/// <summary>
/// A body that leaves this machine at most once. HTTP handlers may replay a request on a fresh connection when a pooled
/// one turns out to be stale; for a request that costs money that decision is not theirs. It also tells whether the
/// body ever began to leave: if not, the server cannot have acted, and sending again is safe.
/// </summary>
internal sealed class OnceContent : HttpContent
{
    private readonly byte[] _body;
    private int _sent;

    public OnceContent(byte[] body, string contentType)
    {
        _body = body;
        Headers.TryAddWithoutValidation("Content-Type", contentType);
    }

    public bool WasSent => Volatile.Read(ref _sent) != 0;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        if (Interlocked.Exchange(ref _sent, 1) != 0)
            throw new IOException("This body was sent before and is not sent twice.");
        return stream.WriteAsync(_body, 0, _body.Length);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _body.Length;
        return true;
    }
}
