using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace NanoBanana.Emulator.Http;

/// <summary>Answers one request. The handlers of one host run concurrently.</summary>
/// <param name="request">The whole request. Its body is valid until the answer is written.</param>
/// <param name="stopping">Canceled when the server is disposed.</param>
internal delegate ValueTask<HttpResponse> HttpHandler(HttpRequest request, CancellationToken stopping);

/// <summary>A listener on 127.0.0.1 and the connections that it has accepted.</summary>
/// <remarks>
/// It uses sockets, because existing servers can't produce some of the faults (a reset, an incomplete body), and because
/// HttpListener can't use port 0.
/// </remarks>
internal sealed class HttpServer : IDisposable
{
    private static readonly TimeSpan DisposeLimit = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<HttpConnection, bool> _connections = new();
    private readonly TaskCompletionSource<bool> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationToken _stopped;
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly HttpHandler _handler;
    private readonly CounterBoard _counters;
    private readonly int _maxBodyBytes;

    /// <summary>Running loops: the accept loop and one for each connection.</summary>
    private int _loops = 1;
    private int _disposed;

    /// <summary>Listens and serves until disposed.</summary>
    /// <param name="port">1 to 65535, or 0 for any free port.</param>
    /// <param name="handler">Answers the requests.</param>
    /// <param name="counters">Counts connections, requests and bytes.</param>
    /// <param name="maxBodyBytes">Largest request body in bytes.</param>
    /// <exception cref="SocketException">The port is in use or not permitted.</exception>
    public HttpServer(int port, HttpHandler handler, CounterBoard counters, int maxBodyBytes)
    {
        (_counters, _maxBodyBytes) = (counters, maxBodyBytes);
        _stopped = _stopping.Token;
        try
        {
            _listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
            // The longest backlog that the system allows, because a thousand clients can connect at the same time.
            _listener.Listen(int.MaxValue);
        }
        catch
        {
            _listener.Dispose();
            throw;
        }

        int bound = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        var guard = new LoopbackGuard(bound);
        _handler = (request, stopping) => guard.Refuse(request) is { } refusal ? new(refusal) : handler(request, stopping);
        Origin = $"http://127.0.0.1:{bound}";
        Endpoint = new Uri(Origin);
        _ = AcceptAsync();
    }

    public Uri Endpoint { get; }

    /// <summary>Scheme, host and port, with no slash at the end.</summary>
    public string Origin { get; }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;

        _stopping.Cancel();
        _listener.Dispose();
        foreach (var connection in _connections.Keys)
            connection.Close();
        _ended.Task.Wait(DisposeLimit);
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (!_stopped.IsCancellationRequested)
            {
                Socket socket;
                try
                {
                    socket = await _listener.AcceptAsync().ConfigureAwait(false);
                }
                catch (SocketException) when (!_stopped.IsCancellationRequested)
                {
                    // The client closed the connection before it was accepted, or the process has no free handles.
                    await Task.Yield();
                    continue;
                }

                Interlocked.Increment(ref _loops);
                // On another thread: a connection whose bytes always arrive in time would block this loop.
                _ = Task.Run(() => ServeAsync(socket), CancellationToken.None);
            }
        }
        catch (Exception stopped) when (stopped is SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
        finally
        {
            LoopEnded();
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        _counters.Count(Counter.ConnectionsAccepted);
        var connection = new HttpConnection(socket, _handler, _counters, _maxBodyBytes);
        _connections.TryAdd(connection, true);
        // If the server was disposed between accept and add, Dispose did not close this connection.
        if (_stopped.IsCancellationRequested)
            connection.Close();

        await connection.RunAsync(_stopped).ConfigureAwait(false);
        _connections.TryRemove(connection, out _);
        LoopEnded();
    }

    private void LoopEnded()
    {
        if (Interlocked.Decrement(ref _loops) == 0)
            _ended.TrySetResult(true);
    }
}
