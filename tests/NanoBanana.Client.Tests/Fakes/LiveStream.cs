using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace NanoBanana.Client.Tests.Fakes;

/// <summary>A body whose chunks the test sends.</summary>
[SuppressMessage("Performance", "CA1844", Justification = "The one that .NET Framework has is enough for a test.")]
internal sealed class LiveStream : Stream
{
    private readonly ConcurrentQueue<byte[]> _pieces = new();
    private readonly SemaphoreSlim _sent = new(0);
    private readonly SemaphoreSlim _waiting = new(0);

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Completes each time the client waits for the next chunk.</summary>
    public Task WaitedForAsync() => _waiting.WaitAsync().WaitAsync(TimeSpan.FromSeconds(30));

    /// <summary>Sends a chunk. An empty chunk ends the body.</summary>
    public void Send(byte[] piece)
    {
        _pieces.Enqueue(piece);
        _sent.Release();
    }

    public override async Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        _waiting.Release();
        await _sent.WaitAsync(cancellationToken).ConfigureAwait(false);
        _pieces.TryDequeue(out byte[]? piece);
        piece!.CopyTo(buffer, offset);
        return piece.Length;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override void Flush() => throw new NotSupportedException();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
