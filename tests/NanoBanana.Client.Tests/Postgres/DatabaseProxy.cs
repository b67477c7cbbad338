using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace NanoBanana.Client.Tests.Postgres;

/// <summary>Forwards connections between a journal and its database. Can break them at any time or after the next commit.</summary>
internal sealed class DatabaseProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentBag<TcpClient> _clients = [];
    private readonly int _target;
    private volatile bool _isCut;
    private int _answersToDrop;

    /// <param name="target">The port of the server.</param>
    public DatabaseProxy(int target)
    {
        _target = target;
        _listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>The port to connect to.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Number of commits whose answers were dropped.</summary>
    public int CommitsLost { get; private set; }

    /// <summary>Forwards the next commits to the server and drops their answers.</summary>
    public void DropAnswers(int commits) => Volatile.Write(ref _answersToDrop, commits);

    /// <summary>Breaks all connections and accepts no more.</summary>
    public void Cut()
    {
        _isCut = true;
        foreach (TcpClient client in _clients)
            client.Dispose();
    }

    /// <summary>Accepts connections again.</summary>
    public void Restore() => _isCut = false;

    public void Dispose()
    {
        Cut();
        _listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                TcpClient client = await _listener.AcceptTcpClientAsync();
                if (_isCut)
                    client.Dispose();
                else
                    _ = ForwardAsync(client);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The listener was stopped.
        }
    }

    private async Task ForwardAsync(TcpClient client)
    {
        using var server = new TcpClient { NoDelay = true };
        client.NoDelay = true;
        _clients.Add(client);
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, _target);
            var link = new Link();
            await Task.WhenAny(
                UpAsync(client.GetStream(), server.GetStream(), link), DownAsync(server.GetStream(), client.GetStream(), link));
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The connection was broken.
        }
        client.Dispose();
    }

    private async Task UpAsync(NetworkStream from, NetworkStream to, Link link)
    {
        byte[] buffer = new byte[64 * 1024];
        int read;
        while ((read = await from.ReadAsync(buffer)) > 0)
        {
            bool isCommit = buffer.AsSpan(0, read).IndexOf("COMMIT"u8) >= 0 && buffer.AsSpan(0, read).IndexOf("READ ONLY"u8) < 0;
            if (isCommit && Volatile.Read(ref _answersToDrop) > 0)
            {
                Interlocked.Decrement(ref _answersToDrop);
                link.DropsAnswer = true;
            }
            await to.WriteAsync(buffer.AsMemory(0, read));
        }
    }

    private async Task DownAsync(NetworkStream from, NetworkStream to, Link link)
    {
        byte[] buffer = new byte[64 * 1024];
        int read;
        while ((read = await from.ReadAsync(buffer)) > 0)
        {
            // The commit succeeded. The client receives no answer.
            if (link.DropsAnswer && buffer.AsSpan(0, read).IndexOf("COMMIT"u8) >= 0)
            {
                CommitsLost++;
                return;
            }
            await to.WriteAsync(buffer.AsMemory(0, read));
        }
    }

    private sealed class Link
    {
        public volatile bool DropsAnswer;
    }
}
