using System.Net.Sockets;

namespace NanoBanana.Emulator.Http;

/// <summary>One client connection: requests are answered one after the other, in order.</summary>
internal sealed class HttpConnection(Socket socket, HttpHandler handler, CounterBoard counters, int maxBodyBytes)
{
    /// <summary>How much is read and thrown away before a close, so that FIN and not RST ends the connection.</summary>
    private const long DrainBytes = 64L * 1024 * 1024;

    private readonly HttpInput _input = new(socket);
    private readonly HttpOutput _output = new(new BufferedStream(new NetworkStream(socket), 8192), counters);

    /// <summary>Serves until either side closes. Never throws.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            // Answers are gathered before they are sent, so waiting for more to send only costs time.
            socket.NoDelay = true;
            var reader = new HttpRequestReader(_input, maxBodyBytes, _output.SendContinueAsync);
            while (await ServeOneAsync(reader, stopping).ConfigureAwait(false))
                continue;
        }
        catch (Exception gone) when (gone is SocketException or IOException or ObjectDisposedException
            or OperationCanceledException)
        {
            // The client went away or the server is being disposed: nobody is left to tell.
        }
        finally
        {
            Close();
        }
    }

    /// <summary>Ends whatever waits on this connection. Safe from any thread, any number of times.</summary>
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
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            // A fault of the emulator itself must be seen by whoever tests against it, not end as a lost connection.
            return HttpResponse.Text(500, "The emulator failed: " + fault);
        }
    }

    private async ValueTask<bool> SendAsync(HttpResponse response, HttpRequest request)
    {
        if (response.Ending == HttpEnding.Reset)
        {
            // Linger 0 makes the close abortive: the peer gets RST.
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
            return false;
        }

        bool keepAlive = request.KeepAlive && response.Ending is HttpEnding.KeepOpen or HttpEnding.Hold;
        await _output.WriteAsync(response, !request.IsHead, keepAlive).ConfigureAwait(false);
        if (response.Ending == HttpEnding.Hold)
            await _input.DrainAsync(DrainBytes).ConfigureAwait(false);
        else if (!keepAlive)
            await FinishAsync().ConfigureAwait(false);
        return keepAlive && response.Ending != HttpEnding.Hold;
    }

    /// <summary>A close with bytes unread resets the connection and may take the answer along: read first.</summary>
    private async ValueTask FinishAsync()
    {
        socket.Shutdown(SocketShutdown.Send);
        await _input.DrainAsync(DrainBytes).ConfigureAwait(false);
    }
}
