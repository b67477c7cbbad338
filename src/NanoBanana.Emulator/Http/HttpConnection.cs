using System.Net.Sockets;

namespace NanoBanana.Emulator.Http;

/// <summary>One client connection. Its requests are answered one after the other, in order.</summary>
internal sealed class HttpConnection(Socket socket, HttpHandler handler, CounterBoard counters, int maxBodyBytes)
{
    /// <summary>Bytes to read and discard before a close, so that FIN and not RST ends the connection.</summary>
    private const long DrainBytes = 64L * 1024 * 1024;

    private readonly HttpInput _input = new(socket);
    private readonly HttpOutput _output = new(new BufferedStream(new NetworkStream(socket), 8192), counters);

    /// <summary>Serves until either side closes. Never throws.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            // The output is buffered, so Nagle's algorithm would only add delay.
            socket.NoDelay = true;
            var reader = new HttpRequestReader(_input, maxBodyBytes, _output.SendContinueAsync);
            while (await ServeOneAsync(reader, stopping).ConfigureAwait(false))
                continue;
        }
        catch (Exception closed) when (closed is SocketException or IOException or ObjectDisposedException
            or OperationCanceledException)
        {
            // The client closed the connection, or the server is being disposed.
        }
        finally
        {
            Close();
        }
    }

    /// <summary>Ends all waits on this connection. Can be called from any thread, several times.</summary>
    public void Close() => socket.Dispose();

    private async ValueTask<bool> ServeOneAsync(HttpRequestReader reader, CancellationToken stopping)
    {
        try
        {
            var request = await reader.ReadHeadAsync().ConfigureAwait(false);
            if (request is null)
                return false;

            counters.RequestStarted();
            try
            {
                await reader.ReadBodyAsync(request).ConfigureAwait(false);
                var response = await AnswerAsync(request, stopping).ConfigureAwait(false);
                return await SendAsync(response, request).ConfigureAwait(false);
            }
            finally
            {
                counters.RequestEnded();
            }
        }
        catch (HttpProtocolException broken)
        {
            var refusal = HttpResponse.Text(broken.Status, broken.Message);
            await _output.WriteAsync(refusal, withBody: true, keepAlive: false).ConfigureAwait(false);
            await FinishAsync().ConfigureAwait(false);
            return false;
        }
    }

    private async ValueTask<HttpResponse> AnswerAsync(HttpRequest request, CancellationToken stopping)
    {
        try
        {
            return await handler(request, stopping).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // A defect of the emulator must be visible to the client's tests, not look like a lost connection.
            return HttpResponse.Text(500, Messages.EmulatorFailed(error));
        }
    }

    private async ValueTask<bool> SendAsync(HttpResponse response, HttpRequest request)
    {
        if (response.Ending == HttpEnding.Reset)
        {
            // With linger 0, the close sends RST to the client.
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
            return false;
        }

        bool keepAlive = request.KeepAlive && response.Ending is HttpEnding.KeepOpen or HttpEnding.Stall;
        await _output.WriteAsync(response, !request.IsHead, keepAlive).ConfigureAwait(false);
        if (response.Ending == HttpEnding.Stall)
            await _input.DrainAsync(DrainBytes).ConfigureAwait(false);
        else if (!keepAlive)
            await FinishAsync().ConfigureAwait(false);
        return keepAlive && response.Ending != HttpEnding.Stall;
    }

    /// <summary>Closes the connection. It reads first, because a close with unread bytes sends RST, which can discard the answer.</summary>
    private async ValueTask FinishAsync()
    {
        socket.Shutdown(SocketShutdown.Send);
        await _input.DrainAsync(DrainBytes).ConfigureAwait(false);
    }
}
