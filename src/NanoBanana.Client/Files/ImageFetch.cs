using System.Net;
using System.Net.Http.Headers;
using NanoBanana.Client.Http;
using NanoBanana.Client.Images;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Files;

/// <summary>Sends one GET for an image and streams what comes into its <see cref="PartFile"/>.</summary>
internal sealed class ImageFetch(DownloadRedirects http, ApiOptions options)
{
    private const int BufferSize = 128 * 1024;

    private readonly ServerText _text = options.ServerText;

    public async Task<Exchange> SendAsync(FetchState state, int attempt, IClientObserver observer, CancellationToken stop)
    {
        long start = options.Time.GetTimestamp();
        if (attempt > 1)
            observer.OnEvent(new ClientEvent(ClientEventKind.Retried) { About = state.Task, Attempt = attempt });
        long before = state.Part.Length;
        // Every byte that comes winds the timer up again, as far as the deadline lets it.
        using var timer = new RequestTimer(options.Time, IdleTime(state), stop);
        Exchange exchange;
        try
        {
            using HttpResponseMessage response = await http.SendAsync(state.Url, url => MakeRequest(state, url), timer.Token).ConfigureAwait(false);
            exchange = response.IsSuccessStatusCode
                ? await CopyAsync(response, state, timer).ConfigureAwait(false)
                : Refused(response, state);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception e) when (e is not NanoBananaException)
        {
            Exception? forbidden = ForbiddenDownloadException.In(e) ?? e as UnreadableContentException as Exception;
            exchange = new Exchange
            {
                Failure = forbidden is not null ? ExchangeFailure.Forbidden : ConnectionFailures.KindOf(e, timer.IsOver, wasSent: !ConnectionFailures.IsUnreachable(e)),
                Cause = _text.Show(forbidden ?? e),
                BodySent = true,
                WasConnected = !ConnectionFailures.IsUnreachable(e),
                Proxy = ApiProxy.For(options, state.Url),
                ProxyStatus = ConnectionFailures.ProxyStatus(e),
                Peer = "the host of the image",
                MadeProgress = state.Part.Length > before,
            };
        }
        if (observer.TracesRequests)
        {
            string address = _text.Show(state.Url.GetLeftPart(UriPartial.Path));
            observer.OnRequest(new RequestTrace("GET", address, exchange.OutcomeForTrace(), attempt, options.Time.GetElapsedTime(start)) { About = state.Task });
        }
        return exchange;
    }

    private static HttpRequestMessage MakeRequest(FetchState state, Uri url)
    {
#if !NET
        HandlerFactory.TuneServicePoint(url);
#endif
        var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.TryAddWithoutValidation("User-Agent", HttpTransport.UserAgent);
        // Lengths and ranges count the bytes as they are sent: an image is asked for as it is.
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "identity");
        if (state.Part.Length > 0 && state.EntityTag is not null)
        {
            request.Headers.Range = new RangeHeaderValue(state.Part.Length, null);
            request.Headers.TryAddWithoutValidation("If-Range", state.EntityTag);
        }
        return request;
    }

    private Exchange Refused(HttpResponseMessage response, FetchState state)
    {
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable && state.Part.Length > 0)
        {
            state.Part.Clear();
            throw new IOException("The server no longer has the rest of the image.");
        }
        Uri? proxy = response.StatusCode == HttpStatusCode.ProxyAuthenticationRequired ? ApiProxy.For(options, state.Url) : null;
        return new Exchange { Reply = MakeReply(response), BodySent = true, Proxy = proxy };
    }

    private async Task<Exchange> CopyAsync(HttpResponseMessage response, FetchState state, RequestTimer timer)
    {
        string[] encodings = ContentDecoding.Of(response.Content);
        bool isPart = response.StatusCode == HttpStatusCode.PartialContent;
        ContentRangeHeaderValue? range = isPart ? response.Content.Headers.ContentRange : null;
        // What is saved are the decoded bytes, of which no range can be asked for.
        string? entityTag = encodings.Length == 0 && response.Headers.ETag is { IsWeak: false } tag ? tag.Tag : null;
        // A server that does not know If-Range sends the rest of whatever is there now.
        bool continues = encodings.Length == 0 && range?.From == state.Part.Length && (state.Part.Length == 0 || (entityTag ?? state.EntityTag) == state.EntityTag);
        if (!continues && state.Part.Length > 0)
            state.Part.Clear();
        if (!continues && isPart)
            throw new IOException("The server sent another part of the image than was asked for.");
        state.EntityTag = entityTag;

        // A part may end before the whole does.
        long? announced = encodings.Length > 0 ? null : range?.Length ?? response.Content.Headers.ContentLength + state.Part.Length;
        if (announced > options.MaximumImageBytes)
            return new Exchange { Failure = ExchangeFailure.TooLarge, BodySent = true };
#if NET
        Stream stream = await response.Content.ReadAsStreamAsync(timer.Token).ConfigureAwait(false);
#else
        Stream stream = await response.Content.ReadAsStreamAsync().ConfigureAwait(false);
        using CancellationTokenRegistration closing = timer.Token.Register(stream.Dispose);
#endif
        using Stream decoded = ContentDecoding.Decode(stream, encodings);
        byte[] buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(BufferSize);
        int filled = 0;
        try
        {
            int read;
#if NET
            while ((read = await decoded.ReadAsync(buffer.AsMemory(filled), timer.Token).ConfigureAwait(false)) > 0)
#else
            while ((read = await decoded.ReadAsync(buffer, filled, buffer.Length - filled, timer.Token).ConfigureAwait(false)) > 0)
#endif
            {
                filled += read;
                if (state.Part.Length + filled > options.MaximumImageBytes)
                    return new Exchange { Failure = ExchangeFailure.TooLarge, BodySent = true };
                state.GrantTime(filled);
                if (filled == buffer.Length)
                {
                    filled = 0;
                    await state.Part.AppendAsync(buffer, buffer.Length).ConfigureAwait(false);
                }
                timer.Rewind(IdleTime(state));
            }
        }
        finally
        {
            // Also of a body that broke: only the rest is asked for again.
            if (filled > 0)
                await state.Part.AppendAsync(buffer, filled).ConfigureAwait(false);
            System.Buffers.ArrayPool<byte>.Shared.Return(buffer);
        }
        if (announced is { } whole && state.Part.Length != whole)
            throw new IOException(FormattableString.Invariant($"The image ended after {state.Part.Length} of {whole} bytes."));
        if (ImageFormat.ExtensionOf(state.Part.Start) is null)
        {
            // Nothing goes on from here.
            state.EntityTag = null;
            return new Exchange { Failure = ExchangeFailure.Garbage, BodySent = true };
        }
        if (IsCutImage(state.Part, announced is not null))
        {
            string cut = FormattableString.Invariant($"The image ended after {state.Part.Length} bytes, without the end that its format marks.");
            state.Cut();
            throw new IOException(cut);
        }
        return new Exchange { Reply = MakeReply(response), BodySent = true };
    }

    /// <summary>
    /// Where no length was announced, a body that was cut ends as a whole one does: only the format tells. An announced length
    /// may be wrong too; against it only those formats count that leave no doubt about their end.
    /// </summary>
    private static bool IsCutImage(PartFile part, bool hasLength) =>
        ImageFormat.ExtensionOf(part.Start) is { } format && (!hasLength || format is ".png" or ".webp") && !part.HasEnd;

    private TimeSpan IdleTime(FetchState state) => state.Deadline.Bound(options.DownloadIdleTimeout);

    private WireReply MakeReply(HttpResponseMessage response) => new((int)response.StatusCode, [])
    {
        RetryAfter = ServerReply.RetryAfterOf(response.Headers, options.Time),
    };
}

/// <summary>A download across its tries: what is there so far, and what proves that the rest belongs to it.</summary>
internal sealed class FetchState(Uri url, PartFile part, Deadline deadline)
{
    /// <summary>The least that must come in a second, in bytes: 8 images at once over the slowest of lines.</summary>
    private const long SlowestRate = 16 * 1024;

    public Uri Url { get; } = url;

    /// <summary>The task whose image it is.</summary>
    public ImageTask? Task { get; init; }

    /// <summary>Bounds all tries, with more time for what moves on.</summary>
    public Deadline Deadline { get; } = deadline;

    public PartFile Part { get; } = part;

    /// <summary>The strong entity tag under which the bytes so far came; null when the server gave none.</summary>
    public string? EntityTag { get; set; }

    /// <summary>The length without an end at which a body stopped last.</summary>
    private long? CutAt { get; set; }

    /// <summary>
    /// A body has stopped where the image does not end. The rest is asked for, once: where it stops at the same place
    /// again there is no rest, and nothing is gained that would allow for more tries.
    /// </summary>
    public void Cut()
    {
        long length = Part.Length;
        if (CutAt == length)
            Part.Clear();
        CutAt = length;
    }

    /// <summary>
    /// Gives the time that the bytes so far may take, on top: no size makes an honest download late, and a server that lets
    /// bytes drip holds none for ever.
    /// </summary>
    /// <param name="unwritten">The bytes that are not in the part file yet.</param>
    public void GrantTime(int unwritten) => Deadline.Extra = TimeSpan.FromSeconds((double)(Part.Length + unwritten) / SlowestRate);
}
