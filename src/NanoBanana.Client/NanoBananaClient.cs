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
/// The client of the Nano Banana 2 image API: submit a prompt, see how its task stands, wait for it, save its images.
/// One client serves any number of calls at once. Every method throws <see cref="NanoBananaException"/> and, when it is
/// stopped, <see cref="OperationCanceledException"/>; nothing else.
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

    /// <summary>Makes a client. Nothing is sent.</summary>
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
        _downloader = new ImageDownloader(options.DownloadHandler ?? HandlerFactory.ForDownloads(proxy, guard, options.SystemProxyCredentials), guard, options, random);
    }

    private NanoBananaClient(NanoBananaClient other, Func<JournalHandle> journal)
    {
        _options = other._options with { Journal = journal };
        (_transport, _poller, _canceler, _downloader, _probe) = (other._transport, other._poller, other._canceler, other._downloader, other._probe);
        _purchases = other._purchases.With(journal);
    }

    /// <summary>
    /// This client with another journal, for one operation: connections, limits and pauses are the same ones. Dispose this client and
    /// not that one.
    /// </summary>
    /// <param name="journal">Where purchases are recorded. Called whenever the journal is needed.</param>
    public NanoBananaClient With(Func<JournalHandle> journal) => new(this, journal);

    /// <summary>The base address of the API.</summary>
    public Uri Endpoint => _options.Endpoint;

    /// <summary>
    /// Buys an image, or finds the task that its batch has bought already. It is sent a second time only when the first
    /// certainly had no effect.
    /// </summary>
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
        using var run = new SubmissionRun(SubmitAsync, BudgetOf(null, SpendingLimits.None), _options.Journal, Endpoint);
        return await SubmitAsync(request, observer, run, stop).ConfigureAwait(false);
    }

    /// <summary>Starts the submits of one command, which share their budget and their end and keep the leases of their tasks.</summary>
    /// <param name="limits">The most that may be bought in it; null for no limits.</param>
    /// <param name="id">The id of the run in the journal; null for a new one.</param>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidRequest"/>: a limit in the environment can't be read.</exception>
    public SubmissionRun StartRun(SpendingLimits? limits = null, string? id = null)
    {
        // A journal file that exists is opened while the first request is made. The first purchase reports a failure.
        if (_options.Journal() is { Exists: true, IsShared: false, Current: null } journal)
            Background.Run(() => Task.Run(() => journal.RequireFor(isOfBatch: false)), _ => { });
        return new(SubmitAsync, BudgetOf(id ?? Guid.NewGuid().ToString("N"), limits ?? SpendingLimits.None), _options.Journal, Endpoint);
    }

    /// <summary>How many submits at once can all have their turn before their time is over.</summary>
    /// <param name="throttleLimit">The most that are wanted at once, from 1.</param>
    public int ThrottleOf(int throttleLimit)
    {
        if (_options.RequestsPerMinute is not { } number)
            return throttleLimit;
        long turns = (_options.OperationTimeout - _options.SubmitTimeout).Ticks / RequestPace.IntervalOf(number).Ticks;
        return (int)Math.Max(1, Math.Min(throttleLimit, turns));
    }

    /// <summary>Asks once how a task stands, now.</summary>
    /// <param name="task">What is known of it; <see cref="KnownById"/> where that is its id alone.</param>
    /// <param name="observer">Hears of every request.</param>
    /// <param name="stop">Abandons the request.</param>
    public Task<ImageTask> GetAsync(ImageTask task, IClientObserver observer, CancellationToken stop) =>
        new Purchase(_purchases, observer).PollNowAsync(task, stop);

    /// <summary>Polls a task until it has ended, together with all others that are waited for.</summary>
    /// <param name="task">What is known of it.</param>
    /// <param name="timeout">How long to wait from now.</param>
    /// <param name="observer">Hears of every request.</param>
    /// <param name="stop">Ends the wait.</param>
    /// <returns>The task as it ended, well or not.</returns>
    public Task<ImageTask> WaitAsync(ImageTask task, TimeSpan timeout, IClientObserver observer, CancellationToken stop)
    {
        _purchases.RecallOnce();
        return new Purchase(_purchases, observer).WaitAsync(task, timeout, startNow: false, stop);
    }

    /// <summary>Cancels a task. A second cancel of the same task changes nothing.</summary>
    /// <param name="task">What is known of it. One that has ended is given back, and nothing is sent.</param>
    /// <param name="observer">Hears of every request.</param>
    /// <param name="stop">Abandons the requests; a cancel that has left may take effect.</param>
    /// <returns>
    /// The task as it stands afterwards: <see cref="ImageTaskStatus.Canceled"/>; completed or failed when the cancel came too
    /// late; not ended when the service accepted the cancel and shows no end yet.
    /// </returns>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.NotSupported"/>: the protocol or the endpoint has no cancellation.</exception>
    public Task<ImageTask> CancelAsync(ImageTask task, IClientObserver observer, CancellationToken stop) =>
        _canceler.CancelAsync(_purchases, task, observer, stop);

    /// <summary>Asks about a task that cannot exist, which costs nothing, and says what the answer tells about the service, the key, the proxy and the clock.</summary>
    /// <param name="observer">Hears of the request.</param>
    /// <param name="stop">Abandons the request.</param>
    internal Task<(ConnectionCheck Service, ConnectionCheck ApiKey, ConnectionCheck Proxy, ConnectionCheck Clock)> ProbeAsync(IClientObserver observer, CancellationToken stop) =>
        _probe.RunAsync(observer, stop);

    /// <summary>A log of events, which never holds the key of this client.</summary>
    /// <param name="path">The full path of the file.</param>
    public EventLog OpenLog(string path) => new(path, _options.ApiKey.ServerText, _options.Time);

    /// <summary>Checks, without a request, that tasks can be canceled over this protocol.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.NotSupported"/>: they can't.</exception>
    public void RequireCancellation() => _canceler.Require();

    /// <summary>Checks, without a request, that a task was made where this client leads, in the dialect that it speaks.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidRequest"/>: it was made elsewhere.</exception>
    public void CheckOrigin(ImageTask task) => _purchases.CheckOrigin(task);

    /// <summary>
    /// Leases a completed task to this process before its images are saved. In a journal that several machines share, waits while another
    /// process saves them.
    /// </summary>
    /// <param name="task">A completed task.</param>
    /// <param name="observer">Hears whom it waits for.</param>
    /// <param name="stop">Ends the wait.</param>
    /// <returns>To be disposed when the images are saved.</returns>
    public Task<IDisposable> LeaseToSaveAsync(ImageTask task, IClientObserver observer, CancellationToken stop) =>
        new Purchase(_purchases, observer).LeaseToSaveAsync(task, stop);

    /// <summary>Downloads one image of a completed task into a file that is either whole or not there.</summary>
    /// <param name="task">A completed task.</param>
    /// <param name="imageNumber">Which of its images, from 0.</param>
    /// <param name="target">Where it goes.</param>
    /// <param name="observer">Hears of every request.</param>
    /// <param name="stop">Abandons the download; no half file stays.</param>
    public Task<SavedImage> SaveAsync(ImageTask task, int imageNumber, ImageTarget target, IClientObserver observer, CancellationToken stop) =>
        new Purchase(_purchases, observer).SaveAsync(
            task, files => _downloader.SaveAsync(task, imageNumber, target, files, known => RefreshAsync(known, observer, stop), observer, stop), stop);

    /// <summary>
    /// Downloads one image of a completed task under the name of an exact target: the one of the size that was asked for,
    /// else the largest. A warning tells of the others.
    /// </summary>
    /// <inheritdoc cref="SaveAsync"/>
    public Task<SavedImage> SaveBestAsync(ImageTask task, ImageTarget target, IClientObserver observer, CancellationToken stop) =>
        new Purchase(_purchases, observer).SaveAsync(
            task, files => _downloader.SaveBestAsync(task, target, files, known => RefreshAsync(known, observer, stop), observer, stop), stop);

    /// <summary>
    /// Asks for the links of a completed task anew. Where the poll reports an earlier state than the last one did, the end is
    /// waited for until it is told again; without the moment of acceptance the schedule learns nothing from that.
    /// </summary>
    private async Task<ImageTask> RefreshAsync(ImageTask known, IClientObserver observer, CancellationToken stop)
    {
        ImageTask told = await GetAsync(known, observer, stop).ConfigureAwait(false);
        return await WaitAsync(told with { AcceptedTimestamp = null }, _options.OperationTimeout, observer, stop).ConfigureAwait(false);
    }

    /// <summary>Writes a JSON file beside a saved image that says how it was made.</summary>
    /// <param name="image">What <see cref="SaveAsync"/> returned.</param>
    /// <param name="target">Where the image went.</param>
    /// <param name="observer">Hears of a journal that can't be read.</param>
    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.FileExists"/>: a file of that name tells of something else.
    /// <see cref="NanoBananaErrorKind.WriteFailed"/>: it could not be written.
    /// </exception>
    public void Describe(SavedImage image, ImageTarget target, IClientObserver observer) =>
        new PurchaseFiles(_options.Journal().Open(observer), observer).Describe(image, target, _options.Time.GetUtcNow());

    /// <summary>Keeps a task for this process until the lease is disposed: no other takes it from the journal meanwhile.</summary>
    public IDisposable Hold(ImageTask task, IClientObserver observer) => new Purchase(_purchases, observer).Hold(task);

    /// <summary>A task by its id: as the journal has it, else with nothing known but its id.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidRequest"/>: that can't be an id.</exception>
    public ImageTask KnownById(string id, IClientObserver observer)
    {
        string trimmed = id.Trim();
        ImageTask? Journaled() =>
            _options.Journal() is { Exists: true } journal ? journal.Open(observer)?.Reader.Find(Endpoint, trimmed) : null;
        if (!TaskIds.IsUsable(trimmed) && Journaled() is null)
            throw new NanoBananaException(NanoBananaErrorKind.InvalidRequest, $"'{TextSafety.Excerpt(id)}' is not a task id. An id is one word such as 'd758n65e878c73cmdg20', as New-NanoBananaImage returns it.");
        if (Journaled() is { } known)
            return known;
        return new ImageTask { Id = trimmed, Status = ImageTaskStatus.Running, Endpoint = Endpoint, Protocol = _options.Protocol };
    }

    /// <summary>The full path of the journal that records the tasks of this client; null when none is open.</summary>
    public string? JournalPath => _options.Journal().Current?.Name;

    /// <summary>Ends when all that the journal was told so far is durable.</summary>
    public Task FlushAsync() => _options.Journal().Current?.FlushAsync() ?? Task.CompletedTask;

    /// <summary>Closes the connections. Requests that are under way fail.</summary>
    public void Dispose()
    {
        _poller.Dispose();
        _transport.Dispose();
        _downloader.Dispose();
    }

    private Task<ImageTask> SubmitAsync(ImageRequest request, IClientObserver observer, SubmissionRun run, CancellationToken stop)
    {
        Task<ImageTask> submitting = new Purchase(_purchases, observer).SubmitAsync(request, run, stop);
        // With the journal open: before, two threads would load SQLite, and the first submit of a process would wait longer.
        _purchases.RecallOnce();
        return submitting;
    }

    /// <summary>The limits that hold now: those of the connection and of the environment, the stricter one of each.</summary>
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
        _ => throw new NanoBananaException(NanoBananaErrorKind.NotSupported, $"The protocol '{protocol}' is not known."),
    };
}
