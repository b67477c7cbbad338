using System.Net;
using NanoBanana.Client.Files;
using NanoBanana.Client.Http;
using NanoBanana.Client.Journal;
using NanoBanana.Client.Polling;
using NanoBanana.Client.Purchases;
using NanoBanana.Client.Retries;
using NanoBanana.Client.Text;
using NanoBanana.Client.Wire;

namespace NanoBanana.Client;

/// <summary>
/// The client of the Nano Banana 2 image API: submits prompts, gets the status of tasks, waits for tasks, and saves their images. One
/// client supports any number of calls at the same time. Every method throws only <see cref="NanoBananaException"/> and, when it is
/// stopped, <see cref="OperationCanceledException"/>.
/// </summary>
public sealed class NanoBananaClient : IDisposable
{
#if !NET
    private static readonly Random RandomSource = new();

#endif
    private readonly NanoBananaClientOptions _options;
    private readonly HttpTransport _transport;
    private readonly TaskPoller _poller;
    private readonly PurchaseServices _purchases;
    private readonly TaskCanceler _canceler;
    private readonly ImageDownloader _downloader;
    private readonly ServiceProbe _probe;

    /// <summary>Creates a client. Nothing is sent.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidRequest"/>: the options can't be used.</exception>
    public NanoBananaClient(NanoBananaClientOptions options)
    {
        options.Check();
        _options = options;
        IWireDialect dialect = DialectOf(options.Protocol);
        Func<double> random = options.Random ?? NextRandom;
        IWebProxy? proxy = options.Proxy ?? LoopbackBypass.For(options.Endpoint);
        var gate = new RateGate(options.Time);
        var clock = new ServerClock(options.Time);
        _transport = new HttpTransport(options.ApiHandler ?? HandlerFactory.ForApi(proxy, options.SystemProxyCredentials), options, clock);
        var retries = new RetryLoop(gate, options.Time, random, ExchangeErrors.IsBalanceGone, options.MaximumRetryCount);
        RequestPace? pace = options.RequestsPerMinute is { } number ? new RequestPace(gate, options.Time, number) : null;
        var submits = new RetryLoop(gate, options.Time, random, ExchangeErrors.IsBalanceGone, options.MaximumRetryCount, pace);
        var transfers = new ImageTransfers(new ImageUpload(_transport, retries, options), options);
        _poller = new TaskPoller(dialect, _transport, gate, options, random);
        _purchases = new PurchaseServices(new Submitter(dialect, _transport, submits, transfers, options), _poller, options, clock);
        _canceler = new TaskCanceler(dialect, _transport, retries, options);
        _probe = new ServiceProbe(dialect, _transport, clock, proxy, options);
        var guard = new DownloadGuard(options.Endpoint, options.AllowPrivateDownload);
        HttpMessageHandler downloads = options.DownloadHandler ?? HandlerFactory.ForDownloads(proxy, guard, options.SystemProxyCredentials);
        _downloader = new ImageDownloader(downloads, guard, options, random);
    }

    private NanoBananaClient(NanoBananaClient other, Func<JournalHandle> journal)
    {
        _options = other._options with { Journal = journal };
        (_transport, _poller, _canceler) = (other._transport, other._poller, other._canceler);
        (_downloader, _probe) = (other._downloader, other._probe);
        _purchases = other._purchases.With(journal);
    }

    /// <summary>
    /// Creates a copy of this client with another journal, for one operation. Both share connections, limits and pauses. Dispose the
    /// original only.
    /// </summary>
    /// <param name="journal">Returns the journal. Called each time the journal is needed.</param>
    public NanoBananaClient With(Func<JournalHandle> journal) => new(this, journal);

    /// <summary>The base address of the API.</summary>
    public Uri Endpoint => _options.Endpoint;

    /// <summary>
    /// Submits a request, or finds the task that its batch already has. The request is sent again only if an earlier attempt certainly had
    /// no effect.
    /// </summary>
    /// <param name="request">The request, checked by <see cref="RequestRules.Check"/>.</param>
    /// <param name="observer">Receives a trace of every request.</param>
    /// <param name="stop">Ends the waits before the request is sent. A request in flight continues until its own time-out.</param>
    /// <returns>The accepted task. Poll it to get its result.</returns>
    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.SubmissionUnknown"/>: the request was sent, and its outcome is unknown. Any other kind: nothing is
    /// paid for.
    /// </exception>
    public async Task<ImageTask> SubmitAsync(ImageRequest request, IClientObserver observer, CancellationToken stop)
    {
        using var run = new SubmissionRun(SubmitAsync, BudgetOf(null, SpendingLimits.None), _options.Journal, Endpoint);
        return await SubmitAsync(request, observer, run, stop).ConfigureAwait(false);
    }

    /// <summary>Starts the submissions of one command. They share a budget and their end, and keep the leases of their tasks.</summary>
    /// <param name="limits">The limits of the run; null for no limits.</param>
    /// <param name="id">The id of the run in the journal; null for a new one.</param>
    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.InvalidRequest"/>: a limit in the environment is not valid.
    /// </exception>
    public SubmissionRun StartRun(SpendingLimits? limits = null, string? id = null)
    {
        // Opens an existing journal file while the first request is prepared. The first submission reports a failure.
        if (_options.Journal() is { Exists: true, IsShared: false, Current: null } journal)
            Background.Run(() => Task.Run(() => journal.RequireFor(isOfBatch: false)), _ => { });
        return new(SubmitAsync, BudgetOf(id ?? Guid.NewGuid().ToString("N"), limits ?? SpendingLimits.None), _options.Journal, Endpoint);
    }

    /// <summary>The number of submissions that can wait at the same time and still get their turn before their time is over.</summary>
    /// <param name="throttleLimit">The requested number, 1 or more.</param>
    public int ThrottleOf(int throttleLimit)
    {
        if (_options.RequestsPerMinute is not { } number)
            return throttleLimit;
        long turns = (_options.OperationTimeout - _options.SubmitTimeout).Ticks / RequestPace.IntervalOf(number).Ticks;
        return (int)Math.Max(1, Math.Min(throttleLimit, turns));
    }

    /// <summary>Polls a task once, now.</summary>
    /// <param name="task">The last known snapshot; from <see cref="TaskById"/> if only the id is known.</param>
    /// <param name="observer">Receives a trace of every request.</param>
    /// <param name="stop">Cancels the request.</param>
    public Task<ImageTask> GetAsync(ImageTask task, IClientObserver observer, CancellationToken stop) =>
        new Purchase(_purchases, observer).PollNowAsync(task, stop);

    /// <summary>Polls a task until it has ended, on one schedule with all other waits.</summary>
    /// <param name="task">The last known snapshot.</param>
    /// <param name="timeout">The length of the wait from now.</param>
    /// <param name="observer">Receives a trace of every request.</param>
    /// <param name="stop">Ends the wait.</param>
    /// <returns>The completed, failed or canceled task.</returns>
    public Task<ImageTask> WaitAsync(ImageTask task, TimeSpan timeout, IClientObserver observer, CancellationToken stop)
    {
        _purchases.LearnFromJournalOnce();
        return new Purchase(_purchases, observer).WaitAsync(task, timeout, startNow: false, stop);
    }

    /// <summary>Cancels a task. Another cancellation of the same task changes nothing.</summary>
    /// <param name="task">The last known snapshot. A task that has ended is returned, and nothing is sent.</param>
    /// <param name="observer">Receives a trace of every request.</param>
    /// <param name="stop">Cancels the requests. A cancellation that is already sent may have an effect.</param>
    /// <returns>
    /// The task after the cancellation: <see cref="ImageTaskStatus.Canceled"/>; completed or failed if it ended before the cancellation;
    /// not ended if the service accepted the cancellation and has not reported the end yet.
    /// </returns>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.NotSupported"/>: the service has no cancellation.</exception>
    public Task<ImageTask> CancelAsync(ImageTask task, IClientObserver observer, CancellationToken stop) =>
        _canceler.CancelAsync(_purchases, task, observer, stop);

    /// <summary>
    /// Checks the service, the key, the proxy and the clock with a poll of a task that does not exist, which costs nothing.
    /// </summary>
    /// <param name="observer">Receives a trace of the request.</param>
    /// <param name="stop">Cancels the request.</param>
    internal Task<(ConnectionCheck Service, ConnectionCheck ApiKey, ConnectionCheck Proxy, ConnectionCheck Clock)> ProbeAsync(
        IClientObserver observer, CancellationToken stop) => _probe.RunAsync(observer, stop);

    /// <summary>Opens a log of events. It never contains the key of this client.</summary>
    /// <param name="path">The full path of the file.</param>
    public EventLog OpenLog(string path) => new(path, _options.ApiKey.ServerText, _options.Time);

    /// <summary>Checks, without a request, that the protocol supports cancellation.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.NotSupported"/>: the protocol has no cancellation.</exception>
    public void RequireCancellation() => _canceler.Require();

    /// <summary>Checks, without a request, that a task belongs to the endpoint and the protocol of this client.</summary>
    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.InvalidRequest"/>: the task belongs to another endpoint or protocol.
    /// </exception>
    public void CheckOrigin(ImageTask task) => _purchases.CheckOrigin(task);

    /// <summary>
    /// Leases a completed task before its images are saved. With a journal of several machines, it waits while another process saves them.
    /// </summary>
    /// <param name="task">A completed task.</param>
    /// <param name="observer">Receives a warning that names the other process.</param>
    /// <param name="stop">Ends the wait.</param>
    /// <returns>The lease. Dispose it when the images are saved.</returns>
    public Task<IDisposable> LeaseToSaveAsync(ImageTask task, IClientObserver observer, CancellationToken stop) =>
        new Purchase(_purchases, observer).LeaseToSaveAsync(task, stop);

    /// <summary>Downloads one image of a completed task. The file is complete or does not exist.</summary>
    /// <param name="task">A completed task.</param>
    /// <param name="imageNumber">The index of the image in the task, from 0.</param>
    /// <param name="target">The destination.</param>
    /// <param name="observer">Receives a trace of every request.</param>
    /// <param name="stop">Cancels the download. No incomplete file remains.</param>
    public Task<SavedImage> SaveAsync(
        ImageTask task, int imageNumber, ImageTarget target, IClientObserver observer, CancellationToken stop)
    {
        Task<ImageTask> Refresh(ImageTask known) => RefreshAsync(known, observer, stop);
        return new Purchase(_purchases, observer).SaveAsync(
            task, files => _downloader.SaveAsync(task, imageNumber, target, files, Refresh, observer, stop), stop);
    }

    /// <summary>
    /// Downloads one image of a completed task to a target with an exact name: the image of the requested size, or the largest one. A
    /// warning reports the other images.
    /// </summary>
    /// <inheritdoc cref="SaveAsync"/>
    public Task<SavedImage> SaveBestAsync(ImageTask task, ImageTarget target, IClientObserver observer, CancellationToken stop)
    {
        Task<ImageTask> Refresh(ImageTask known) => RefreshAsync(known, observer, stop);
        return new Purchase(_purchases, observer).SaveAsync(
            task, files => _downloader.SaveBestAsync(task, target, files, Refresh, observer, stop), stop);
    }

    /// <summary>
    /// Gets new links of a completed task. If the poll returns an earlier status, it waits for the end again. The snapshot has no time of
    /// acceptance, so the schedule does not learn from this wait.
    /// </summary>
    private async Task<ImageTask> RefreshAsync(ImageTask known, IClientObserver observer, CancellationToken stop)
    {
        ImageTask polled = await GetAsync(known, observer, stop).ConfigureAwait(false);
        return await WaitAsync(polled with { AcceptedTimestamp = null }, _options.OperationTimeout, observer, stop).ConfigureAwait(false);
    }

    /// <summary>Writes the metadata of a saved image to a JSON file beside it.</summary>
    /// <param name="image">The result of <see cref="SaveAsync"/>.</param>
    /// <param name="target">The destination of the image.</param>
    /// <param name="observer">Receives a warning if the journal can't be read.</param>
    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.FileExists"/>: a file of that name belongs to something else.
    /// <see cref="NanoBananaErrorKind.WriteFailed"/>: the file could not be written.
    /// </exception>
    public void Describe(SavedImage image, ImageTarget target, IClientObserver observer) =>
        new PurchaseFiles(_options.Journal().Open(observer), observer).Describe(image, target, _options.Time.GetUtcNow());

    /// <summary>Leases a task until the lease is disposed, so no other process works on it.</summary>
    /// <param name="task">The task.</param>
    /// <param name="observer">Receives a warning if the lease can't be written.</param>
    public IDisposable LeaseTask(ImageTask task, IClientObserver observer) => new Purchase(_purchases, observer).LeaseTask(task);

    /// <summary>Gets the task with an id from the journal; if the journal does not have it, creates a task with the id only.</summary>
    /// <param name="id">The id. White space at its start and end is removed.</param>
    /// <param name="observer">Receives a warning if the journal can't be read.</param>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidRequest"/>: the value is not a task id.</exception>
    public ImageTask TaskById(string id, IClientObserver observer)
    {
        string trimmed = id.Trim();
        ImageTask? known = _options.Journal() is { Exists: true } journal ? journal.Open(observer)?.Reader.Find(Endpoint, trimmed) : null;
        if (known is null && !TaskIds.IsUsable(trimmed))
            throw new NanoBananaException(NanoBananaErrorKind.InvalidRequest, Messages.TaskIdInvalid(TextSafety.Excerpt(id)));
        return known ?? new ImageTask { Id = trimmed, Status = ImageTaskStatus.Running, Endpoint = Endpoint, Protocol = _options.Protocol };
    }

    /// <summary>The full path of the open journal of this client; null if no journal is open.</summary>
    public string? JournalPath => _options.Journal().Current?.Name;

    /// <summary>Completes when all changes of the journal so far are durable.</summary>
    public Task FlushAsync() => _options.Journal().Current?.FlushAsync() ?? Task.CompletedTask;

    /// <summary>Closes the connections. Requests in flight fail.</summary>
    public void Dispose()
    {
        _poller.Dispose();
        _transport.Dispose();
        _downloader.Dispose();
    }

    private Task<ImageTask> SubmitAsync(ImageRequest request, IClientObserver observer, SubmissionRun run, CancellationToken stop)
    {
        Task<ImageTask> submitting = new Purchase(_purchases, observer).SubmitAsync(request, run, stop);
        // After the journal was opened. Otherwise two threads would load SQLite, and the first submission of a process would take longer.
        _purchases.LearnFromJournalOnce();
        return submitting;
    }

    /// <summary>The current limits of the connection and of the environment, the stricter one of each.</summary>
    private RunBudget BudgetOf(string? run, SpendingLimits limits) => new(run, _options.Time.GetUtcNow())
    {
        PerRun = limits,
        PerDay = _options.DailyLimits.And(_options.LimitsOfEnvironment()),
    };

    /// <summary>Random numbers in [0, 1) from any thread.</summary>
    private static double NextRandom()
    {
#if NET
        return Random.Shared.NextDouble();
#else
        lock (RandomSource)
            return RandomSource.NextDouble();
#endif
    }

    private static IWireDialect DialectOf(ApiProtocol protocol) => protocol switch
    {
        ApiProtocol.Generation => new GenerationDialect(),
        ApiProtocol.Queue => new QueueDialect(),
        _ => throw new NanoBananaException(NanoBananaErrorKind.NotSupported, Messages.ProtocolUnknown(protocol)),
    };
}
