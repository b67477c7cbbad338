using System.Threading.Channels;

namespace NanoBanana.Client.Tests.Fakes;

/// <summary>A body whose pieces come when the test sends them.</summary>
internal sealed class LiveStream : Stream
{
    private readonly Channel<byte[]> _pieces = Channel.CreateUnbounded<byte[]>();
    private readonly Channel<bool> _waiting = Channel.CreateUnbounded<bool>();

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Done each time the client waits for the next piece.</summary>
    public Task WaitedForAsync() => _waiting.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    /// <summary>An empty piece is the end.</summary>
    public void Send(byte[] piece) => _pieces.Writer.TryWrite(piece);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _waiting.Writer.TryWrite(true);
        byte[] piece = await _pieces.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        piece.CopyTo(buffer);
        return piece.Length;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override void Flush() => throw new NotSupportedException();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
