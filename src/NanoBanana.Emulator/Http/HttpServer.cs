using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace NanoBanana.Emulator.Http;

/// <summary>Answers one request. The handlers of one host run concurrently.</summary>
/// <param name="request">The whole request; its body is valid until the answer is written.</param>
/// <param name="stopping">Canceled when the server is disposed.</param>
internal delegate ValueTask<HttpResponse> HttpHandler(HttpRequest request, CancellationToken stopping);

/// <summary>A listener on 127.0.0.1 and the connections that it has accepted.</summary>
/// <remarks>
/// Sockets of our own, because the faults that are scripted (a reset, a body cut short) lie below what a
/// ready-made server lets through, and because HttpListener can't take port 0.
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

    /// <summary>Loops that run: the accept loop and one for each connection.</summary>
    private int _loops = 1;
    private int _disposed;

    /// <summary>Listens and serves until disposed.</summary>
    /// <param name="port">1 to 65535, or 0 for any free port.</param>
    /// <param name="handler">Answers the requests.</param>
    /// <param name="counters">Counts connections, requests and bytes.</param>
    /// <param name="maxBodyBytes">Largest request body in bytes.</param>
    /// <exception cref="SocketException">The port is taken or not permitted.</exception>
    public HttpServer(int port, HttpHandler handler, CounterBoard counters, int maxBodyBytes)
    {
        (_counters, _maxBodyBytes) = (counters, maxBodyBytes);
        _stopped = _stopping.Token;
        try
        {
            _listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
            // As long as the system allows: a thousand clients may knock in the same moment.
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
                    // The client gave up before it was accepted, or the process is out of handles for a moment.
                    await Task.Yield();
                    continue;
                }

                Interlocked.Increment(ref _loops);
                // Not on this loop: a connection whose bytes are always there already would keep it from accepting.
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
        // Disposed between accept and add: nobody else will close it.
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
