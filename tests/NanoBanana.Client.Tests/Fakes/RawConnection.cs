using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace NanoBanana.Client.Tests.Fakes;

/// <summary>One connection of a <see cref="RawServer"/>.</summary>
internal sealed class RawConnection(Socket socket, Action<string> seen)
{
    private readonly StringBuilder _input = new();

    /// <summary>The next complete request, or null if the client closed the connection.</summary>
    public async Task<string?> ReadRequestAsync()
    {
        byte[] buffer = new byte[4096];
        while (true)
        {
            if (TakeRequest() is { } request)
            {
                seen(request);
                return request;
            }
            int read = await socket.ReceiveAsync(new ArraySegment<byte>(buffer), SocketFlags.None);
            if (read == 0)
                return null;
            _input.Append(Encoding.Latin1.GetString(buffer, 0, read));
        }
    }

    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    public async Task SendAsync(byte[] bytes)
    {
        for (int sent = 0; sent < bytes.Length;)
            sent += await socket.SendAsync(new ArraySegment<byte>(bytes, sent, bytes.Length - sent), SocketFlags.None);
    }

    public void Close() => socket.Dispose();

    /// <summary>Closes the connection with RST instead of FIN.</summary>
    public void Reset()
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Dispose();
    }

    private string? TakeRequest()
    {
        string text = _input.ToString();
        int end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0)
            return null;
        int length = end + 4 + BodyLength(text[..end]);
        if (text.Length < length)
            return null;
        _input.Remove(0, length);
        return text[..length];
    }

    private static int BodyLength(string head)
    {
        string? line = head.Split("\r\n").FirstOrDefault(l => l.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase));
        return line is null ? 0 : int.Parse(line[(line.IndexOf(':') + 1)..], CultureInfo.InvariantCulture);
    }
}
