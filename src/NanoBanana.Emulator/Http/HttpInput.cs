using System.Net.Sockets;
using System.Text;

namespace NanoBanana.Emulator.Http;

/// <summary>Buffered bytes of a socket. Pipelined bytes of a client stay in the buffer for the next request.</summary>
internal sealed class HttpInput(Socket socket)
{
    private byte[] _buffer = new byte[4096];
    private int _start;
    private int _end;

    private int Buffered => _end - _start;

    /// <summary>Reads ASCII text up to a terminator. The terminator is consumed and not returned.</summary>
    /// <returns>Null if the client closed the connection before the terminator.</returns>
    /// <exception cref="HttpProtocolException">431: no terminator within <paramref name="limit"/> bytes.</exception>
    public async ValueTask<string?> ReadTextAsync(byte[] terminator, int limit)
    {
        int searched = 0;
        while (true)
        {
            int at = _buffer.AsSpan(_start + searched, Buffered - searched).IndexOf(terminator);
            if (at >= 0)
            {
                string text = Encoding.ASCII.GetString(_buffer, _start, searched + at);
                _start += searched + at + terminator.Length;
                return text;
            }

            if (Buffered > limit)
                throw new HttpProtocolException(431, Messages.HeadTooLarge(limit));

            searched = Math.Max(0, Buffered - terminator.Length + 1);
            if (!await FillAsync().ConfigureAwait(false))
                return null;
        }
    }

    /// <summary>Whether at least this number of bytes is buffered, so that reading them does not wait.</summary>
    public bool HasBuffered(int length) => Buffered >= length;

    /// <summary>Skips the empty lines that old clients send between requests (RFC 9112, 2.2).</summary>
    public void SkipBlankLines()
    {
        while (Buffered >= 2 && _buffer[_start] == '\r' && _buffer[_start + 1] == '\n')
            _start += 2;
    }

    /// <summary>Reads exactly this number of bytes. They can be part of the buffer and are valid until the next read.</summary>
    /// <exception cref="EndOfStreamException">The client closed the connection too early.</exception>
    public async ValueTask<ArraySegment<byte>> ReadBytesAsync(int length)
    {
        if (HasBuffered(length))
        {
            var buffered = new ArraySegment<byte>(_buffer, _start, length);
            _start += length;
            return buffered;
        }

        var bytes = new byte[length];
        int read = Buffered;
        Buffer.BlockCopy(_buffer, _start, bytes, 0, read);
        _start = _end = 0;
        while (read < length)
        {
            var rest = new ArraySegment<byte>(bytes, read, length - read);
            int received = await socket.ReceiveAsync(rest, SocketFlags.None).ConfigureAwait(false);
            if (received == 0)
                throw new EndOfStreamException();
            read += received;
        }

        return new ArraySegment<byte>(bytes);
    }

    /// <summary>Reads and discards until the client closes the connection or has sent <paramref name="limit"/> bytes.</summary>
    public async ValueTask DrainAsync(long limit)
    {
        _start = _end = 0;
        while (limit > 0)
        {
            var scratch = new ArraySegment<byte>(_buffer);
            int received = await socket.ReceiveAsync(scratch, SocketFlags.None).ConfigureAwait(false);
            if (received == 0)
                return;
            limit -= received;
        }
    }

    private async ValueTask<bool> FillAsync()
    {
        if (_start == _end)
            _start = _end = 0;
        else if (_end == _buffer.Length)
            FreeSpace();

        var free = new ArraySegment<byte>(_buffer, _end, _buffer.Length - _end);
        int received = await socket.ReceiveAsync(free, SocketFlags.None).ConfigureAwait(false);
        _end += received;
        return received > 0;
    }

    private void FreeSpace()
    {
        byte[] larger = Buffered > _buffer.Length / 2 ? new byte[_buffer.Length * 2] : _buffer;
        Buffer.BlockCopy(_buffer, _start, larger, 0, Buffered);
        (_start, _end, _buffer) = (0, Buffered, larger);
    }
}
