using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using NanoBanana.Client.Http;
using NanoBanana.Client.Wire;

namespace NanoBanana.Client.Files;

/// <summary>Sends one GET for a picture and streams what comes into its <see cref="PartFile"/>.</summary>
internal sealed class PictureFetch(HttpMessageInvoker http, NanoBananaClientOptions options)
{
    private const int BufferSize = 128 * 1024;

    public async Task<Exchange> SendAsync(FetchState state, int attempt, IClientObserver observer, CancellationToken stop)
    {
        long start = options.Time.GetTimestamp();
        long before = state.Part.Length;
        // Every byte that comes winds the timer up again, as far as the deadline lets it.
        using var timer = new RequestTimer(options.Time, IdleTime(state), stop);
        Exchange exchange;
        try
        {
            using HttpRequestMessage request = MakeRequest(state);
            using HttpResponseMessage response = await http.SendAsync(request, timer.Token).ConfigureAwait(false);
            exchange = response.IsSuccessStatusCode
                ? await CopyAsync(response, state, timer).ConfigureAwait(false)
                : Refused(response, state);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            exchange = new Exchange
            {
                Failure = timer.IsOver ? ExchangeFailure.Timeout : ExchangeFailure.Network,
                Cause = FailureCause.Of(e),
                BodySent = true,
                MadeProgress = state.Part.Length > before,
            };
        }
        string outcome = exchange.Reply?.Status.ToString(CultureInfo.InvariantCulture) ?? exchange.Failure!.Value.ToString();
        observer.OnRequest(new RequestTrace("GET", state.Url.GetLeftPart(UriPartial.Path), outcome, attempt, options.Time.GetElapsedTime(start)));
        return exchange;
    }

    private static HttpRequestMessage MakeRequest(FetchState state)
    {
#if !NET
        HandlerFactory.TuneServicePoint(state.Url);
#endif
        var request = new HttpRequestMessage(HttpMethod.Get, state.Url);
        request.Headers.TryAddWithoutValidation("User-Agent", UserAgent.Value);
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
            throw new IOException("The server no longer has the rest of the picture.");
        }
        return new Exchange { Reply = MakeReply(response), BodySent = true };
    }

    private async Task<Exchange> CopyAsync(HttpResponseMessage response, FetchState state, RequestTimer timer)
    {
        bool isPart = response.StatusCode == HttpStatusCode.PartialContent;
        ContentRangeHeaderValue? range = isPart ? response.Content.Headers.ContentRange : null;
        string? entityTag = response.Headers.ETag is { IsWeak: false } tag ? tag.Tag : null;
        // A server that does not know If-Range sends the rest of whatever is there now.
        bool continues = range?.From == state.Part.Length && (state.Part.Length == 0 || (entityTag ?? state.EntityTag) == state.EntityTag);
        if (!continues && state.Part.Length > 0)
            state.Part.Clear();
        if (!continues && isPart)
            throw new IOException("The server sent another part of the picture than was asked for.");
        state.EntityTag = entityTag;

        // A part may end before the whole does.
        long? announced = range?.Length ?? response.Content.Headers.ContentLength + state.Part.Length;
        if (announced > options.MaximumPictureBytes)
            return new Exchange { Failure = ExchangeFailure.TooLarge, BodySent = true };
#if NET
        Stream stream = await response.Content.ReadAsStreamAsync(timer.Token).ConfigureAwait(false);
#else
        Stream stream = await response.Content.ReadAsStreamAsync().ConfigureAwait(false);
        using CancellationTokenRegistration closing = timer.Token.Register(stream.Dispose);
#endif
        byte[] buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            int read;
            while ((read = await stream.ReadAsync(buffer, 0, buffer.Length, timer.Token).ConfigureAwait(false)) > 0)
            {
                if (state.Part.Length + read > options.MaximumPictureBytes)
                    return new Exchange { Failure = ExchangeFailure.TooLarge, BodySent = true };
                await state.Part.AppendAsync(buffer, read).ConfigureAwait(false);
                state.GrantTime();
                timer.Rewind(IdleTime(state));
            }
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(buffer);
        }
        if (announced is { } whole && state.Part.Length != whole)
            throw new IOException(FormattableString.Invariant($"The picture ended after {state.Part.Length} of {whole} bytes."));
        if (PictureFormat.ExtensionOf(state.Part.Start) is null)
        {
            // Nothing goes on from here.
            state.EntityTag = null;
            return new Exchange { Failure = ExchangeFailure.Garbage, BodySent = true };
        }
        if (IsCutPicture(state.Part, announced is not null))
        {
            string cut = FormattableString.Invariant($"The picture ended after {state.Part.Length} bytes, without the end that its format marks.");
            state.Cut();
            throw new IOException(cut);
        }
        return new Exchange { Reply = MakeReply(response), BodySent = true };
    }

    /// <summary>
    /// Where no length was announced, a body that was cut ends as a whole one does: only the format tells. An announced length
    /// may be wrong too; against it only those formats count that leave no doubt about their end.
    /// </summary>
    private static bool IsCutPicture(PartFile part, bool hasLength) =>
        PictureFormat.ExtensionOf(part.Start) is { } format && (!hasLength || format is ".png" or ".webp") && !part.HasEnd;

    private TimeSpan IdleTime(FetchState state) => state.Deadline.Bound(options.DownloadIdleTimeout);

    private WireReply MakeReply(HttpResponseMessage response) => new((int)response.StatusCode, [])
    {
        RetryAfter = HttpTransport.RetryAfterOf(response.Headers, options.Time),
    };
}
