using System.Net;
using NanoBanana.Client.Files;
using NanoBanana.Client.Http;
using NanoBanana.Client.Polling;
using NanoBanana.Client.Wire;

namespace NanoBanana.Client;

/// <summary>
/// The client of the Nano Banana 2 image API: submit a prompt, see how its task stands, wait for it, save its pictures.
/// One client serves any number of calls at once. Every method throws <see cref="NanoBananaException"/> and, when it is
/// stopped, <see cref="OperationCanceledException"/>; nothing else.
/// </summary>
public sealed class NanoBananaClient : IDisposable
{
    private readonly NanoBananaClientOptions _options;
    private readonly IWireDialect _dialect;
    private readonly HttpTransport _transport;
    private readonly RetryPipeline _retries;
    private readonly TaskPoller _poller;
    private readonly PictureDownloader _downloader;

    /// <summary>Makes a client. Nothing is sent.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidRequest"/>: the options can't be used.</exception>
    public NanoBananaClient(NanoBananaClientOptions options)
    {
        _options = options.Check();
        _dialect = DialectOf(options.Protocol);
        Func<double> random = options.Random ?? Jitter.Next;
        IWebProxy? proxy = options.Proxy ?? LoopbackBypass.For(options.Endpoint);
        var gate = new RateGate(options.Time);
        _transport = new HttpTransport(options.ApiHandler ?? HandlerFactory.ForApi(proxy), options.Endpoint, options.ApiKey, options.Time);
        _retries = new RetryPipeline(gate, options.Time, random, options.MaximumRetryCount);
        _poller = new TaskPoller(_dialect, _transport, gate, options, random);
        _downloader = new PictureDownloader(options.DownloadHandler ?? HandlerFactory.ForDownloads(proxy), options, random);
    }

    /// <summary>The base address of the API.</summary>
    public Uri Endpoint => _options.Endpoint;

    /// <summary>Buys a picture. It is sent a second time only when the first certainly had no effect.</summary>
    /// <param name="request">What to make; checked by <see cref="RequestRules.Check"/>.</param>
    /// <param name="observer">Hears of every request.</param>
    /// <param name="stop">Ends the waits before the request leaves. A request on its way runs to its own time-out.</param>
    /// <returns>The accepted task. It is never finished yet, whatever its status says.</returns>
    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.SubmissionUnknown"/>: it left, and what became of it is not known.
    /// Any other kind: nothing was bought.
    /// </exception>
    public async Task<ImageTask> SubmitAsync(ImageRequest request, IClientObserver observer, CancellationToken stop)
    {
        var deadline = new Deadline(_options.Time, _options.OperationTimeout);
        WireCall call = _dialect.Submit(request);
        // The token is not handed on to the request: what has begun to leave is seen through to its answer.
        var run = new RetryRun(
            (attempt, _) => _transport.SendAsync(call, attempt, deadline.Bound(_options.SubmitTimeout), observer, CancellationToken.None),
            RetryRules.MaySubmitAgain, deadline);
        Exchange exchange = await _retries.RunAsync(run, stop).ConfigureAwait(false);
        if (RetryRules.MayHaveBeenBought(exchange))
            throw UnknownFate(request, ExchangeErrors.Describe(exchange), exchange.Cause, exchange.Reply);
        if (!exchange.IsSuccess)
            throw ExchangeErrors.ToException(exchange, $"Submitting '{TextSafety.Excerpt(request.Prompt, 40)}'");

        TaskReading reading;
        try
        {
            reading = _dialect.ReadSubmitted(exchange.Reply!);
        }
        catch (NanoBananaException e) when (e.Kind == NanoBananaErrorKind.InvalidResponse)
        {
            throw UnknownFate(request, e.Message.TrimEnd('.'), e, exchange.Reply);
        }
        return Accepted(request, reading);
    }

    /// <summary>Asks once how a task stands, now.</summary>
    /// <param name="task">What is known of it; <see cref="KnownById"/> where that is its id alone.</param>
    /// <param name="observer">Hears of every request.</param>
    /// <param name="stop">Abandons the request.</param>
    public Task<ImageTask> GetAsync(ImageTask task, IClientObserver observer, CancellationToken stop) =>
        _poller.PollNowAsync(task, observer, stop);

    /// <summary>Polls a task until it has ended, together with all others that are waited for.</summary>
    /// <param name="task">What is known of it.</param>
    /// <param name="timeout">How long to wait from now.</param>
    /// <param name="observer">Hears of every request.</param>
    /// <param name="stop">Ends the wait.</param>
    /// <returns>The task as it ended, well or not.</returns>
    public Task<ImageTask> WaitAsync(ImageTask task, TimeSpan timeout, IClientObserver observer, CancellationToken stop) =>
        _poller.WaitAsync(task, timeout, observer, stop);

    /// <summary>Downloads one picture of a completed task into a file that is either whole or not there.</summary>
    /// <param name="task">A completed task.</param>
    /// <param name="imageNumber">Which of its pictures, from 0.</param>
    /// <param name="target">Where it goes.</param>
    /// <param name="observer">Hears of every request.</param>
    /// <param name="stop">Abandons the download; no half file stays.</param>
    public Task<SavedPicture> SaveAsync(
        ImageTask task, int imageNumber, PictureTarget target, IClientObserver observer, CancellationToken stop) =>
        _downloader.SaveAsync(task, imageNumber, target, refresh: known => GetAsync(known, observer, stop), observer, stop);

    /// <summary>A task of which nothing is known but its id.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidRequest"/>: that can't be an id.</exception>
    public ImageTask KnownById(string id)
    {
        string trimmed = id.Trim();
        if (trimmed.Length is 0 or > 256 || trimmed.All(c => c == '.') || !trimmed.All(c => c is > ' ' and < (char)127))
            throw new NanoBananaException(NanoBananaErrorKind.InvalidRequest, $"'{TextSafety.Excerpt(id)}' is not a task id. An id is one word such as 'd758n65e878c73cmdg20', as New-NanoBananaImage returns it.");
        return new ImageTask { Id = trimmed, Status = ImageTaskStatus.Running, Endpoint = Endpoint };
    }

    /// <summary>Closes the connections. Requests that are under way fail.</summary>
    public void Dispose()
    {
        _poller.Dispose();
        _transport.Dispose();
        _downloader.Dispose();
    }

    private static IWireDialect DialectOf(ApiProtocol protocol) => protocol switch
    {
        ApiProtocol.Generation => new GenerationDialect(),
        _ => throw new NanoBananaException(NanoBananaErrorKind.NotSupported, $"The protocol '{protocol}' is not known."),
    };

    private ImageTask Accepted(ImageRequest request, TaskReading reading)
    {
        var sent = new ImageTask
        {
            Id = reading.Id!,
            Status = ImageTaskStatus.Pending,
            Prompt = request.Prompt,
            Model = request.Model,
            AspectRatio = request.AspectRatio,
            Resolution = request.Resolution,
            ResponseModality = request.ResponseModalities,
            ImageUrl = request.ImageUrls,
            Name = request.Name,
            Batch = request.Batch,
            InputIndex = request.InputIndex,
            Endpoint = Endpoint,
            AcceptedTimestamp = _options.Time.GetTimestamp(),
        };
        DateTimeOffset now = _options.Time.GetUtcNow();
        // Accepted means not finished: an answer that claims an end is read for its id and time alone.
        ImageTaskStatus status = reading.Status == ImageTaskStatus.Pending ? ImageTaskStatus.Pending : ImageTaskStatus.Running;
        return sent with
        {
            Status = status,
            RawStatus = reading.RawStatus,
            CreatedAt = reading.CreatedAt ?? now,
            Elapsed = TimeSpan.Zero,
            RequestId = reading.RequestId,
        };
    }

    private static NanoBananaException UnknownFate(ImageRequest request, string why, Exception? cause, WireReply? reply) =>
        new(NanoBananaErrorKind.SubmissionUnknown,
            $"'{TextSafety.Excerpt(request.Prompt, 40)}' was sent and what became of it is not known: {why}. It may have been bought, so it is not sent again. Check the account at the provider before you submit it once more.",
            cause)
        {
            StatusCode = reply?.Status,
            RequestId = reply?.RequestId,
        };
}
