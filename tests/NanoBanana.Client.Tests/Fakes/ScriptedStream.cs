using System.Diagnostics.CodeAnalysis;

namespace NanoBanana.Client.Tests.Fakes;

/// <summary>A body that arrives in chunks and can break, end or stall.</summary>
[SuppressMessage("Performance", "CA1844", Justification = "The one that .NET Framework has is enough for a test.")]
internal sealed class ScriptedStream(byte[] bytes) : Stream
{
    private readonly TaskCompletionSource _stalled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _position;

    public int ChunkSize { get; init; } = 4096;

    /// <summary>Number of bytes after which the connection breaks.</summary>
    public int? BreaksAt { get; init; }

    /// <summary>Number of bytes after which the body ends like a complete one.</summary>
    public int? EndsAt { get; init; }

    /// <summary>Number of bytes after which nothing more arrives.</summary>
    public int? StallsAt { get; init; }

    /// <summary>Completes when the client reads past <see cref="StallsAt"/>.</summary>
    public Task Stalled => _stalled.Task.WaitAsync(TimeSpan.FromSeconds(30));

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_position == BreaksAt)
            throw new IOException("The connection broke (fake).");
        if (_position == StallsAt)
        {
            var never = new TaskCompletionSource<int>();
            using CancellationTokenRegistration registration = cancellationToken.Register(() => never.TrySetCanceled(cancellationToken));
            _stalled.TrySetResult();
            return await never.Task.ConfigureAwait(false);
        }
        int end = Math.Min(BreaksAt ?? bytes.Length, Math.Min(EndsAt ?? bytes.Length, StallsAt ?? bytes.Length));
        int read = Math.Min(Math.Min(ChunkSize, count), end - _position);
        Array.Copy(bytes, _position, buffer, offset, read);
        _position += read;
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override void Flush() => throw new NotSupportedException();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
