using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;

namespace NanoBanana.Client.Http;

/// <summary>Sends one request of a dialect to the API's host, once, with the key, and reads the answer to its end.</summary>
internal sealed class HttpTransport : IDisposable
{
    /// <summary>Room for an image of 4K as base64; what is larger is not read on.</summary>
    internal const int MaximumReplyBytes = 32 * 1024 * 1024;

    /// <summary>What every request names as its sender.</summary>
    internal static readonly string UserAgent = "NanoBanana/" + (typeof(HttpTransport).Assembly.GetName().Version?.ToString(3) ?? "0");

    private readonly HttpMessageInvoker _http;
    private readonly string _base;
    private readonly ApiKey _key;
    private readonly string _authorization;
    private readonly TimeProvider _time;
    private readonly ServerClock _clock;

    public HttpTransport(HttpMessageHandler handler, Uri endpoint, ApiKey key, TimeProvider time, ServerClock clock)
    {
        _http = new HttpMessageInvoker(handler);
        _base = endpoint.AbsoluteUri.TrimEnd('/');
        _key = key;
        _authorization = key.HeaderValue;
        _time = time;
        _clock = clock;
#if !NET
        HandlerFactory.TuneServicePoint(endpoint);
#endif
    }

    /// <param name="call">What to ask.</param>
    /// <param name="attempt">Counts from 1; for the trace.</param>
    /// <param name="timeout">How long this one request may take.</param>
    /// <param name="observer">Receives a trace of the request.</param>
    /// <param name="cancellationToken">Abandons the request, wherever it is.</param>
    public async Task<Exchange> SendAsync(
        WireCall call, int attempt, TimeSpan timeout, IClientObserver observer, CancellationToken cancellationToken)
    {
        long start = _time.GetTimestamp();
        var content = call.Body is null ? null : new OnceContent(call);
        using var request = new HttpRequestMessage(call.Method, new Uri(_base + call.Path)) { Content = content };
        // As text: parsed, they would be taken apart and put together again for every request.
        request.Headers.TryAddWithoutValidation("Authorization", _authorization);
        request.Headers.TryAddWithoutValidation("Accept", "application/json");
        request.Headers.TryAddWithoutValidation("User-Agent", UserAgent);
#if !NET
        // .NET Framework asks "may I send?" first unless told not to, through a proxy too, and waits 350 ms for the answer.
        request.Headers.ExpectContinue = false;
#endif
        using var timer = new RequestTimer(_time, timeout, cancellationToken);

        Exchange exchange;
        try
        {
            using HttpResponseMessage response = await _http.SendAsync(request, timer.Token).ConfigureAwait(false);
            _clock.Observe(response.Headers.Date);
            byte[]? body = await BoundedBody.ReadAsync(response.Content, MaximumReplyBytes, timer.Token).ConfigureAwait(false);
            exchange = body is null
                ? new Exchange { Failure = ExchangeFailure.TooLarge, BodySent = true }
                : new Exchange { Reply = ServerReply.Of(response, body, request.RequestUri, _key.ServerText, _time), BodySent = true };
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception e) when (IsNetworkFailure(e, timer))
        {
            exchange = new Exchange
            {
                Failure = timer.IsOver ? ExchangeFailure.Timeout : ExchangeFailure.Network,
                Cause = _key.ServerText.Show(e),
                BodySent = content?.WasSent ?? !IsUnreachable(e),
            };
        }
        string outcome = exchange.Reply?.Status.ToString(CultureInfo.InvariantCulture) ?? exchange.Failure!.Value.ToString();
        observer.OnRequest(new RequestTrace(call.Method.Method, call.Path, outcome, attempt, _time.GetElapsedTime(start))
        {
            Sent = new BodyText(call.IsJson ? call.Body : null) { Server = _key.ServerText, LongTexts = call.LongTexts },
            Received = new BodyText(exchange.Reply?.Body) { Server = _key.ServerText },
        });
        return exchange;
    }

    public void Dispose() => _http.Dispose();

    /// <summary>
    /// Whether an exception is one of those that HTTP handlers and their streams document. All others are defects and must not
    /// be reported as a failure of the network.
    /// </summary>
    private static bool IsNetworkFailure(Exception e, RequestTimer timer) => e switch
    {
        HttpRequestException or IOException or WebException or SocketException or AuthenticationException => true,
        // A canceled request, a handler's own time-out, a broken compression, a client that was disposed meanwhile.
        OperationCanceledException or TimeoutException or InvalidDataException or ObjectDisposedException => true,
#if NET
        _ => false,
#else
        // The end of the time closes the stream (see BoundedBody), and a read in progress fails in many ways.
        _ => timer.Token.IsCancellationRequested,
#endif
    };

    /// <summary>Whether an exception says that no connection was made.</summary>
    private static bool IsUnreachable(Exception e)
    {
        for (Exception? cause = e; cause is not null; cause = cause.InnerException)
        {
            // A handler's time-out for the connection is a canceled request with a TimeoutException inside.
            if (cause is AuthenticationException or OperationCanceledException { InnerException: TimeoutException }
                or SocketException
                {
                    SocketErrorCode: SocketError.ConnectionRefused or SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData
                    or SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.HostDown or SocketError.NetworkDown
                }
                or WebException
                {
                    Status: WebExceptionStatus.ConnectFailure or WebExceptionStatus.NameResolutionFailure
                    or WebExceptionStatus.ProxyNameResolutionFailure or WebExceptionStatus.TrustFailure or WebExceptionStatus.SecureChannelFailure
                })
            {
                return true;
            }
        }
        return false;
    }
}
