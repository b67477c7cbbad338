using System.Net;
using System.Net.Sockets;
using System.Text;

namespace NanoBanana.Emulator.Tests;

/// <summary>A socket, for details that HttpClient hides.</summary>
internal sealed class RawClient : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public RawClient(Uri endpoint)
    {
        Host = $"Host: {endpoint.Authority}\r\n";
        _socket.NoDelay = true;
        _socket.Connect(IPAddress.Loopback, endpoint.Port);
    }

    /// <summary>The header line that every request needs.</summary>
    public string Host { get; }

    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text));

    public async Task SendAsync(byte[] bytes)
    {
        for (int sent = 0; sent < bytes.Length;)
            sent += await _socket.SendAsync(bytes.AsMemory(sent)).AsTask().WaitAsync(Provider.TestTimeout);
    }

    /// <summary>Reads until the text ends with <paramref name="end"/>; throws if the server closes the connection first.</summary>
    public async Task<string> ReadUntilAsync(string end)
    {
        var text = new StringBuilder();
        var buffer = new byte[1];
        while (!text.ToString().EndsWith(end, StringComparison.Ordinal))
        {
            if (await ReceiveAsync(buffer) == 0)
                throw new EndOfStreamException(text.ToString());
            text.Append((char)buffer[0]);
        }

        return text.ToString();
    }

    /// <summary>Reads until the server closes the connection. A reset throws SocketException.</summary>
    public async Task<string> ReadToEndAsync()
    {
        using var all = new MemoryStream();
        var buffer = new byte[8192];
        int read;
        while ((read = await ReceiveAsync(buffer)) > 0)
            all.Write(buffer, 0, read);
        return Encoding.UTF8.GetString(all.ToArray());
    }

    public void Dispose() => _socket.Dispose();

    private async Task<int> ReceiveAsync(byte[] buffer) =>
        await _socket.ReceiveAsync(buffer.AsMemory()).AsTask().WaitAsync(Provider.TestTimeout);
}
