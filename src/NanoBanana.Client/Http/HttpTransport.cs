using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Http;

/// <summary>Sends a request of a dialect to the API once, with the key, and reads the complete answer.</summary>
internal sealed class HttpTransport : IDisposable
{
    /// <summary>The maximum size of an answer, in bytes: enough for a 4K image as base64.</summary>
    internal const int MaximumReplyBytes = 32 * 1024 * 1024;

    /// <summary>The User-Agent of all requests.</summary>
    internal static readonly string UserAgent = "NanoBanana/" + (typeof(HttpTransport).Assembly.GetName().Version?.ToString(3) ?? "0");

    private readonly HttpMessageInvoker _http;
    private readonly string _base;
    private readonly ApiOptions _options;
    private readonly ServerText _text;
    private readonly TimeProvider _time;
    private readonly ServerClock _clock;

    /// <param name="handler">The handler of the network.</param>
    /// <param name="options">Endpoint, key, headers and clock.</param>
    /// <param name="clock">Compares the clock of the service with the clock of this machine.</param>
    public HttpTransport(HttpMessageHandler handler, ApiOptions options, ServerClock clock)
    {
        _http = new HttpMessageInvoker(handler);
        _base = options.Endpoint.AbsoluteUri.TrimEnd('/');
        _options = options;
        _text = options.ServerText;
        _time = options.Time;
        _clock = clock;
#if !NET
        HandlerFactory.TuneServicePoint(options.Endpoint);
#endif
    }

    /// <param name="call">The request.</param>
    /// <param name="attempt">The number of the attempt, from 1, for the trace.</param>
    /// <param name="timeout">The time-out of this request.</param>
    /// <param name="observer">Receives a trace of the request.</param>
    /// <param name="cancellationToken">Cancels the request at any stage.</param>
    public async Task<Exchange> SendAsync(
        WireCall call, int attempt, TimeSpan timeout, IClientObserver observer, CancellationToken cancellationToken)
    {
        long start = _time.GetTimestamp();
        var content = call.Body is null ? null : new OnceContent(call);
        using var request = new HttpRequestMessage(call.Method, new Uri(_base + call.Path)) { Content = content };
        // Added without validation: otherwise .NET parses and formats them for every request.
        request.Headers.TryAddWithoutValidation("Authorization", _options.ApiKey.HeaderValue);
        request.Headers.TryAddWithoutValidation("Accept", "application/json");
        request.Headers.TryAddWithoutValidation("Accept-Encoding", ContentDecoding.Accepted);
        request.Headers.TryAddWithoutValidation("User-Agent", UserAgent);
        _options.Headers.AddTo(request.Headers);
#if !NET
        // By default, .NET Framework sends "Expect: 100-continue" and waits 350 ms for the answer.
        request.Headers.ExpectContinue = false;
#endif
        using var timer = new RequestTimer(_time, timeout, cancellationToken);

        Exchange exchange;
        try
        {
            using HttpResponseMessage response = await _http.SendAsync(request, timer.Token).ConfigureAwait(false);
            byte[]? body = await BoundedBody.ReadAsync(response.Content, MaximumReplyBytes, timer.Token).ConfigureAwait(false);
            exchange = body is null
                ? new Exchange { Failure = ExchangeFailure.TooLarge, BodySent = true }
                : new Exchange { Reply = ServerReply.Of(response, body, request.RequestUri, _text, _time), BodySent = true };
            if (exchange.Reply?.Status == 407)
                exchange = exchange with { Proxy = ApiProxy.For(_options, request.RequestUri!) };
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception e) when (IsNetworkFailure(e, timer))
        {
            bool wasSent = content?.WasSent ?? !ConnectionFailures.IsUnreachable(e);
            exchange = new Exchange
            {
                Failure = ConnectionFailures.KindOf(e, timer.HasExpired, wasSent),
                Cause = _text.Sanitize(e),
                BodySent = wasSent,
                WasConnected = wasSent,
                Proxy = ApiProxy.For(_options, request.RequestUri!),
                ProxyStatus = ConnectionFailures.ProxyStatus(e),
            };
        }
        _clock.Observe(exchange.Reply?.Date);
        if (observer.TracesRequests)
        {
            TimeSpan duration = _time.GetElapsedTime(start);
            observer.OnRequest(new RequestTrace(call.Method.Method, call.Path, exchange.OutcomeForTrace(), attempt, duration)
            {
                About = call.About,
                Sent = new BodyText(call.IsJson ? call.Body : null) { Server = _text, LongTexts = call.LongTexts },
                Received = new BodyText(exchange.Reply?.Body) { Server = _text },
            });
        }
        return exchange;
    }

    public void Dispose() => _http.Dispose();

    /// <summary>
    /// Whether an exception is one that HTTP handlers and their streams document. Other exceptions are defects and must not be reported as
    /// network errors.
    /// </summary>
    private static bool IsNetworkFailure(Exception e, RequestTimer timer) => e switch
    {
        HttpRequestException or IOException or WebException or SocketException or AuthenticationException => true,
        // A canceled request, a time-out of the handler, invalid compressed data, a disposed client.
        OperationCanceledException or TimeoutException or InvalidDataException or ObjectDisposedException => true,
#if NET
        _ => false,
#else
        // A time-out closes the stream (see BoundedBody), and then a read can fail in many ways.
        _ => timer.Token.IsCancellationRequested,
#endif
    };
}
