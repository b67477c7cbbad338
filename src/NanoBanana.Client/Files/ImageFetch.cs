using System.Net;
using System.Net.Http.Headers;
using NanoBanana.Client.Http;
using NanoBanana.Client.Images;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Files;

/// <summary>Sends one GET request for an image and writes the bytes to its <see cref="PartFile"/>.</summary>
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
        // Every received byte restarts the timer, up to the deadline.
        using var timer = new RequestTimer(options.Time, IdleTime(state), stop);
        Exchange exchange;
        try
        {
            using HttpResponseMessage response =
                await http.SendAsync(state.Url, url => MakeRequest(state, url), timer.Token).ConfigureAwait(false);
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
                Failure = forbidden is not null
                    ? ExchangeFailure.Forbidden
                    : ConnectionFailures.KindOf(e, timer.HasExpired, wasSent: !ConnectionFailures.IsUnreachable(e)),
                Cause = _text.Sanitize(forbidden ?? e),
                BodySent = true,
                WasConnected = !ConnectionFailures.IsUnreachable(e),
                Proxy = ApiProxy.For(options, state.Url),
                ProxyStatus = ConnectionFailures.ProxyStatus(e),
                Peer = Messages.ImageHost,
                MadeProgress = state.Part.Length > before,
            };
        }
        if (observer.TracesRequests)
        {
            string address = _text.Sanitize(state.Url.GetLeftPart(UriPartial.Path));
            TimeSpan duration = options.Time.GetElapsedTime(start);
            observer.OnRequest(new RequestTrace("GET", address, exchange.OutcomeForTrace(), attempt, duration) { About = state.Task });
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
        // Lengths and ranges count the sent bytes, so the image is requested without an encoding.
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
            throw new IOException(Messages.RestMissing);
        }
        Uri? proxy = response.StatusCode == HttpStatusCode.ProxyAuthenticationRequired ? ApiProxy.For(options, state.Url) : null;
        return new Exchange { Reply = MakeReply(response), BodySent = true, Proxy = proxy, Peer = Messages.ImageHost };
    }

    private async Task<Exchange> CopyAsync(HttpResponseMessage response, FetchState state, RequestTimer timer)
    {
        string[] encodings = ContentDecoding.Of(response.Content);
        bool isPart = response.StatusCode == HttpStatusCode.PartialContent;
        ContentRangeHeaderValue? range = isPart ? response.Content.Headers.ContentRange : null;
        // The decoded bytes are saved, and a range of them can't be requested.
        string? entityTag = encodings.Length == 0 && response.Headers.ETag is { IsWeak: false } tag ? tag.Tag : null;
        // A server without support for If-Range sends the rest of the current file.
        bool continues = encodings.Length == 0 && range?.From == state.Part.Length
            && (state.Part.Length == 0 || (entityTag ?? state.EntityTag) == state.EntityTag);
        if (!continues && state.Part.Length > 0)
            state.Part.Clear();
        if (!continues && isPart)
            throw new IOException(Messages.OtherRange);
        state.EntityTag = entityTag;

        // A partial answer may end before the end of the file.
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
                state.ExtendDeadline(filled);
                if (filled == buffer.Length)
                {
                    filled = 0;
                    await state.Part.AppendAsync(buffer, buffer.Length).ConfigureAwait(false);
                }
                timer.Restart(IdleTime(state));
            }
        }
        finally
        {
            // Also for a broken body: the next attempt requests the rest only.
            if (filled > 0)
                await state.Part.AppendAsync(buffer, filled).ConfigureAwait(false);
            System.Buffers.ArrayPool<byte>.Shared.Return(buffer);
        }
        if (announced is { } whole && state.Part.Length != whole)
            throw new IOException(Messages.ImageIncomplete(state.Part.Length, whole));
        if (ImageFormat.ExtensionOf(state.Part.Start) is null)
        {
            // These bytes can't be continued.
            state.EntityTag = null;
            return new Exchange { Failure = ExchangeFailure.Garbage, BodySent = true };
        }
        if (IsIncomplete(state.Part, announced is not null))
        {
            string message = Messages.ImageWithoutEnd(state.Part.Length);
            state.RecordIncomplete();
            throw new IOException(message);
        }
        return new Exchange { Reply = MakeReply(response), BodySent = true };
    }

    /// <summary>
    /// Whether the image is incomplete by its format. Without an announced length, a broken body looks like a complete one. An announced
    /// length may also be wrong, so formats with a certain end mark are checked against it too.
    /// </summary>
    private static bool IsIncomplete(PartFile part, bool hasLength) =>
        ImageFormat.ExtensionOf(part.Start) is { } format && (!hasLength || format is ".png" or ".webp") && !part.HasEnd;

    private TimeSpan IdleTime(FetchState state) => state.Deadline.Bound(options.DownloadIdleTimeout);

    private WireReply MakeReply(HttpResponseMessage response) => new((int)response.StatusCode, [])
    {
        RetryAfter = ServerReply.RetryAfterOf(response.Headers, options.Time),
    };
}

/// <summary>The state of a download over all attempts: the bytes so far, and the entity tag for the rest.</summary>
internal sealed class FetchState(Uri url, PartFile part, Deadline deadline)
{
    /// <summary>The minimum rate in bytes per second: 8 images at the same time over a very slow connection.</summary>
    private const long MinimumRate = 16 * 1024;

    /// <summary>The address of the image.</summary>
    public Uri Url { get; } = url;

    /// <summary>The task of the image.</summary>
    public ImageTask? Task { get; init; }

    /// <summary>Limits all attempts. It is extended while bytes arrive.</summary>
    public Deadline Deadline { get; } = deadline;

    public PartFile Part { get; } = part;

    /// <summary>The strong entity tag of the bytes so far; null if the server sent none.</summary>
    public string? EntityTag { get; set; }

    /// <summary>The length at which the last incomplete body ended.</summary>
    private long? IncompleteLength { get; set; }

    /// <summary>
    /// Records a body that ended before the end of the image. The rest is requested once. If it ends at the same position again, there is
    /// no rest, and the next attempt starts again.
    /// </summary>
    public void RecordIncomplete()
    {
        long length = Part.Length;
        if (IncompleteLength == length)
            Part.Clear();
        IncompleteLength = length;
    }

    /// <summary>
    /// Extends the deadline for the received bytes, so a large download at a sufficient rate does not time out, and a server that sends too
    /// slowly does not delay the command without limit.
    /// </summary>
    /// <param name="unwritten">The received bytes that are not yet in the part file.</param>
    public void ExtendDeadline(int unwritten) => Deadline.Extra = TimeSpan.FromSeconds((double)(Part.Length + unwritten) / MinimumRate);
}
