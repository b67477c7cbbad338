using System.Globalization;
using System.Net;
using System.Security;
using System.Security.Cryptography;
using NanoBanana.Emulator.Faults;
using NanoBanana.Emulator.Http;
using NanoBanana.Emulator.Images;
using NanoBanana.Emulator.Provider;
using NanoBanana.Emulator.Wire;

namespace NanoBanana.Emulator;

/// <summary>The provider of the image API, offline and in this process: both dialects, real PNG files, faults on demand.</summary>
/// <remarks>
/// <para>It listens on 127.0.0.1 only. All members can be called from any thread.</para>
/// <para>
/// Each start is a separate service without tasks of an earlier one, even at the same port. Therefore the path of
/// <see cref="Endpoint"/> has a part that is different at each start. Requests without this part are served, too.
/// </para>
/// <para>
/// Text in square brackets in a prompt controls its task. <c>[fail:5001095]</c>: it fails with this code.
/// <c>[hold]</c>: it runs until <see cref="Release()"/>. <c>[noimage]</c>: it completes with text and no image.
/// <c>[refuse]</c>: the answer to the submission is 200 with an error and no id. <c>[status:word]</c>: the first poll
/// reports this word, the second poll the word of the second <c>[status:...]</c>, and so on. Then polls report the true
/// status. <c>[seconds:3.5]</c>: it takes this time, with any time scale. <c>[bytes:20000000]</c>: the file of its image
/// has at least this number of bytes, up to 99999999. <c>[size:640x480]</c>: its image has this size instead of the
/// requested size; several of them make several images. <c>[shape:Base64]</c>: the answer with its image has this
/// <see cref="EmulatorResultShape"/>.
/// </para>
/// </remarks>
public sealed class EmulatorServer : IDisposable
{
    private const string ShortName = "emulator";

    private readonly CounterBoard _counters = new();
    private readonly FaultRunner _faults;
    private readonly TaskStore _tasks;
    private readonly StorageDialect _storage;
    private readonly HttpServer _downloads;
    private readonly HttpServer _api;
    private readonly string _pathPrefix = $"/{ShortName}-{RandomHex(4)}";
    private volatile bool _isDisposed;

    private EmulatorServer(EmulatorOptions options)
    {
        string key = options.ApiKey ?? NewKey();
        ApiKey = new NetworkCredential("", key).SecurePassword;
        ApiKey.MakeReadOnly();
        _tasks = new TaskStore(options);
        _faults = new FaultRunner(_tasks, options, _counters);
        _storage = new StorageDialect(_counters, Origin);
        ApiDialect[] dialects =
            [_storage, new GenerationDialect(_tasks, _counters, UrlOf), new QueueDialect(_tasks, _counters, UrlOf, Origin)];
        var api = new ApiHandler(options, key, dialects, _faults, _counters);
        var images = new ImageHandler(_tasks, _faults, _counters);
        // The API's port also serves images, for addresses that are relative to the endpoint.
        HttpHandler apiHost = (request, stopping) =>
        {
            request = WithoutPathPrefix(request);
            return ImageHandler.IsImagePath(request.Path) ? images.HandleAsync(request, stopping) : api.HandleAsync(request, stopping);
        };
        if (options.SeparateDownloadHost)
            _downloads = Listen(options.DownloadPort, images.HandleAsync);
        try
        {
            _api = Listen(options.Port, apiHost);
        }
        catch
        {
            _downloads?.Dispose();
            throw;
        }

        _downloads ??= _api;

        HttpServer Listen(int port, HttpHandler handler) => new(port, handler, _counters, options.MaxRequestBytes);
        string Origin() => _api!.Origin + _pathPrefix;
        string UrlOf(ProviderTask task, int number) => _downloads!.Origin + ImageHandler.PathOf(task, number);
    }

    /// <summary>Base URL of the API, for example <c>http://127.0.0.1:41234/emulator-7f3a9c21/</c>.</summary>
    public Uri Endpoint => new(_api.Endpoint, _pathPrefix + "/");

    /// <summary>Base URL of the images; equal to <see cref="Endpoint"/> if they share a port.</summary>
    public Uri DownloadEndpoint => _downloads == _api ? Endpoint : _downloads.Endpoint;

    /// <summary>Whether it serves requests: from its start until it is disposed.</summary>
    public bool IsRunning => !_isDisposed;

    /// <summary>
    /// The bearer key that the API requires. Views, texts and serializers don't show it. <see cref="GetApiKey"/> returns it.
    /// </summary>
    public SecureString ApiKey { get; }

    /// <summary>The counts of requests so far: a snapshot.</summary>
    public EmulatorCounters Counters => _counters.Snapshot();

    /// <summary>The accepted tasks, in the order of acceptance: a snapshot.</summary>
    public IReadOnlyList<EmulatorTask> Tasks => _tasks.Snapshot();

    /// <summary>The uploaded files, in the order of arrival: a snapshot.</summary>
    public IReadOnlyList<EmulatorUpload> Uploads => _storage.Uploads;

    /// <summary>Starts a server; it serves until it is disposed.</summary>
    /// <param name="options">Its options; null for the defaults.</param>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">A port is in use or not permitted.</exception>
    public static EmulatorServer Start(EmulatorOptions? options = null)
    {
        options ??= new EmulatorOptions();
        options.Validate();
        return new EmulatorServer(options);
    }

    /// <summary>The key as text, for programs that send requests without this module.</summary>
    public string GetApiKey() => new NetworkCredential("", ApiKey).Password;

    /// <summary>The number of accepted tasks for each prompt.</summary>
    public IReadOnlyDictionary<string, int> CountByPrompt() => Tasks
        .GroupBy(static task => task.Prompt, StringComparer.Ordinal)
        .ToDictionary(static same => same.Key, static same => same.Count(), StringComparer.Ordinal);

    /// <summary>The whole file of a task's image, without the faults of a download.</summary>
    /// <param name="id">The id of a task that makes an image.</param>
    /// <exception cref="ArgumentException">The emulator has no task with this id, or the task makes no image.</exception>
    public byte[] ImageOf(string id)
    {
        Check.NotNull(id);
        return _tasks.Find(id) is { HasImage: true } task
            ? Image.Of(task).ToArray()
            : throw new ArgumentException(Messages.TaskWithoutImage(id), nameof(id));
    }

    /// <summary>Adds a fault for the next request of a kind. Several faults of a kind are used in order.</summary>
    /// <param name="operation">The kind of request.</param>
    /// <param name="fault">Its fault.</param>
    /// <exception cref="ArgumentNullException"><paramref name="fault"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="operation"/> is not an operation.</exception>
    public void Enqueue(EmulatorOperation operation, EmulatorFault fault)
    {
        Check.NotNull(fault);
        Check.Range(operation is >= EmulatorOperation.Create and <= EmulatorOperation.Upload, operation, Messages.OperationUnknown);
        _faults.Enqueue(operation, fault);
    }

    /// <summary>Ends all tasks with <c>[hold]</c>, and answers all stalled requests.</summary>
    /// <remarks>A request is certainly stalled after a counter has counted it, as a request or as a fault.</remarks>
    public void Release()
    {
        _tasks.ReleaseAll();
        _faults.Release();
    }

    /// <summary>Ends one task with <c>[hold]</c>. It has no effect on other tasks.</summary>
    /// <param name="id">The task's id.</param>
    /// <exception cref="ArgumentException">The emulator has no task with this id.</exception>
    public void Release(string id)
    {
        Check.NotNull(id);
        (_tasks.Find(id) ?? throw new ArgumentException(Messages.TaskNotFound(id), nameof(id))).Release();
    }

    /// <summary>Waits until the counters meet a condition. It is evaluated after each change of a counter.</summary>
    /// <param name="condition">Fast and without side effects, because it runs while requests are served.</param>
    /// <param name="cancellationToken">Ends the wait with <see cref="OperationCanceledException"/>.</param>
    public Task WaitForAsync(Func<EmulatorCounters, bool> condition, CancellationToken cancellationToken = default)
    {
        Check.NotNull(condition);
        return _counters.WaitForAsync(condition, cancellationToken);
    }

    /// <summary>Closes both ports and all connections. Requests in progress get no answer.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        _api.Dispose();
        _downloads.Dispose();
    }

    /// <summary>The name of the service and its address.</summary>
    public override string ToString() => $"NanoBanana emulator at {Endpoint}";

    /// <summary>128 random bits, because other users of this machine can reach the port.</summary>
    private static string NewKey() => $"{ShortName}-{RandomHex(16)}";

    private static string RandomHex(int count)
    {
        var bytes = new byte[count];
        using var random = RandomNumberGenerator.Create();
        random.GetBytes(bytes);
        return string.Concat(bytes.Select(static value => value.ToString("x2", CultureInfo.InvariantCulture)));
    }

    private HttpRequest WithoutPathPrefix(HttpRequest request) => request.Path.StartsWith(_pathPrefix + "/", StringComparison.Ordinal)
        ? request with { Path = request.Path.Substring(_pathPrefix.Length) }
        : request;
}
