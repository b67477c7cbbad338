using System.Net.Http.Headers;
using NanoBanana.Client.Wire;

namespace NanoBanana.Client.Http;

/// <summary>Sends one request of a dialect to the API's host, once, with the key, and reads the answer to its end.</summary>
internal sealed class HttpTransport : IDisposable
{
    /// <summary>No answer of this API comes near it; what is larger is not read on.</summary>
    internal const int MaximumReplyBytes = 8 * 1024 * 1024;

    private static readonly string[] RequestIdHeaders = ["x-request-id", "request-id", "x-trace-id"];

    private readonly HttpMessageInvoker _http;
    private readonly string _base;
    private readonly ApiKey _key;
    private readonly TimeProvider _time;

    public HttpTransport(HttpMessageHandler handler, Uri endpoint, ApiKey key, TimeProvider time)
    {
        _http = new HttpMessageInvoker(handler);
        _base = endpoint.AbsoluteUri.TrimEnd('/');
        _key = key;
        _time = time;
#if !NET
        HandlerFactory.TuneServicePoint(endpoint);
#endif
    }

    /// <param name="call">What to ask.</param>
    /// <param name="attempt">Counts from 1; for the trace.</param>
    /// <param name="timeout">How long this one request may take.</param>
    /// <param name="observer">Hears how it went.</param>
    /// <param name="cancellationToken">Abandons the request, wherever it is.</param>
    public async Task<Exchange> SendAsync(
        WireCall call, int attempt, TimeSpan timeout, IClientObserver observer, CancellationToken cancellationToken)
    {
        long start = _time.GetTimestamp();
        var content = call.Body is null ? null : new OnceContent(call.Body);
        using var request = new HttpRequestMessage(call.Method, new Uri(_base + call.Path)) { Content = content };
        // As text: parsed, they would be taken apart and put together again for every request.
        request.Headers.TryAddWithoutValidation("Authorization", _key.HeaderValue);
        request.Headers.TryAddWithoutValidation("Accept", "application/json");
        request.Headers.TryAddWithoutValidation("User-Agent", UserAgent.Value);
#if !NET
        // .NET Framework asks "may I send?" first unless told not to, through a proxy too, and waits 350 ms for the answer.
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
                : new Exchange { Reply = MakeReply(response, _key.HideIn(body)), BodySent = true };
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception e)
        {
            // Whatever it is (a broken compression is an InvalidDataException): what has left may have been bought.
            exchange = new Exchange
            {
                Failure = timer.IsOver ? ExchangeFailure.Timeout : ExchangeFailure.Network,
                Cause = FailureCause.Of(e, _key),
                BodySent = content?.WasSent ?? true,
            };
        }
        string outcome = exchange.Reply?.Status.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? exchange.Failure!.Value.ToString();
        observer.OnRequest(new RequestTrace(call.Method.Method, call.Path, outcome, attempt, _time.GetElapsedTime(start))
        {
            Sent = new BodyText(call.Body),
            Received = new BodyText(exchange.Reply?.Body),
        });
        return exchange;
    }

    public void Dispose() => _http.Dispose();

    private WireReply MakeReply(HttpResponseMessage response, byte[] body) => new((int)response.StatusCode, body)
    {
        MediaType = response.Content.Headers.ContentType?.MediaType,
        RequestId = RequestIdOf(response),
        RetryAfter = RetryAfterOf(response.Headers, _time),
        Location = response.Headers.Location,
    };

    private string? RequestIdOf(HttpResponseMessage response)
    {
        foreach (string name in RequestIdHeaders)
        {
            if (response.Headers.TryGetValues(name, out IEnumerable<string>? values))
                return TextSafety.Excerpt(_key.HideIn(values.First()), 200);
        }
        return null;
    }

    /// <summary>Seconds, or a date by the server's clock, which may differ from this machine's: it says its own time too.</summary>
    internal static TimeSpan? RetryAfterOf(HttpResponseHeaders headers, TimeProvider time)
    {
        TimeSpan? wait = headers.RetryAfter?.Delta ?? headers.RetryAfter?.Date - (headers.Date ?? time.GetUtcNow());
        return wait is { } value && value > TimeSpan.Zero ? value : wait is null ? null : TimeSpan.Zero;
    }
}
