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

/// <summary>The image API's provider, offline, in this process: both protocols, real PNG files, faults on demand.</summary>
/// <remarks>
/// <para>It listens on 127.0.0.1 only. All members may be called from any thread.</para>
/// <para>
/// Each start is a service of its own: it knows no task of an earlier one, also at the same port. So the path of
/// <see cref="Endpoint"/> has a part that no other start has. Requests without it are served as well.
/// </para>
/// <para>
/// A prompt can order what becomes of its task, in square brackets. <c>[fail:5001095]</c>: it fails with this code.
/// <c>[hold]</c>: it runs until <see cref="Release()"/>. <c>[noimage]</c>: it completes with text alone.
/// <c>[refuse]</c>: the submission is answered 200 with an error and no id. <c>[status:word]</c>: the first poll
/// reports this word, the second the next such word, and so on before the truth. <c>[seconds:3.5]</c>: it takes
/// exactly so long, whatever the time scale. <c>[bytes:20000000]</c>: its image's file has that many bytes, unless
/// it needs more; at most 99999999. <c>[size:640x480]</c>: its image has that size, whatever was asked for; several of
/// them are several images. <c>[shape:Base64]</c>: the answer with its image has this
/// <see cref="EmulatorResultShape"/>.
/// </para>
/// </remarks>
public sealed class EmulatorServer : IDisposable
{
    private const string StartName = "emulator";

    private readonly CounterBoard _counters = new();
    private readonly FaultRunner _faults;
    private readonly TaskStore _tasks;
    private readonly StorageDialect _storage;
    private readonly HttpServer _downloads;
    private readonly HttpServer _api;
    private readonly string _start = $"/{StartName}-{RandomHex(4)}";
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
        // Addresses relative to the endpoint are files too.
        HttpHandler both = (request, stopping) =>
        {
            request = WithoutStart(request);
            return ImageHandler.Owns(request.Path) ? images.HandleAsync(request, stopping) : api.HandleAsync(request, stopping);
        };
        if (options.SeparateDownloadHost)
            _downloads = Listen(options.DownloadPort, images.HandleAsync);
        try
        {
            _api = Listen(options.Port, both);
        }
        catch
        {
            _downloads?.Dispose();
            throw;
        }

        _downloads ??= _api;

        HttpServer Listen(int port, HttpHandler handler) => new(port, handler, _counters, options.MaxRequestBytes);
        string Origin() => _api!.Origin + _start;
        string UrlOf(ProviderTask task, int number) => _downloads!.Origin + ImageHandler.PathOf(task, number);
    }

    /// <summary>Base URL of the API, for example <c>http://127.0.0.1:41234/emulator-7f3a9c21/</c>.</summary>
    public Uri Endpoint => new(_api.Endpoint, _start + "/");

    /// <summary>Base URL that images come from; equal to <see cref="Endpoint"/> if they share a port.</summary>
    public Uri DownloadEndpoint => _downloads == _api ? Endpoint : _downloads.Endpoint;

    /// <summary>Whether it serves: from its start until it is disposed.</summary>
    public bool IsRunning => !_isDisposed;

    /// <summary>The bearer key that the API asks for. No view, text or serializer shows it; <see cref="GetApiKey"/> does.</summary>
    public SecureString ApiKey { get; }

    /// <summary>What was asked so far: a snapshot.</summary>
    public EmulatorCounters Counters => _counters.Snapshot();

    /// <summary>The tasks accepted so far, in that order: a snapshot.</summary>
    public IReadOnlyList<EmulatorTask> Tasks => _tasks.Snapshot();

    /// <summary>The files uploaded so far, in that order: a snapshot.</summary>
    public IReadOnlyList<EmulatorUpload> Uploads => _storage.Uploads;

    /// <summary>Starts a server; it serves until it is disposed.</summary>
    /// <param name="options">How it behaves; null for the defaults.</param>
    /// <exception cref="ArgumentException">An option is outside its range; the message names it.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">A port is taken or not permitted.</exception>
    public static EmulatorServer Start(EmulatorOptions? options = null)
    {
        options ??= new EmulatorOptions();
        options.Validate();
        return new EmulatorServer(options);
    }

    /// <summary>The key as text, for programs that send it by themselves.</summary>
    public string GetApiKey() => new NetworkCredential("", ApiKey).Password;

    /// <summary>How many tasks were bought with each prompt.</summary>
    public IReadOnlyDictionary<string, int> CountByPrompt() => Tasks
        .GroupBy(static task => task.Prompt, StringComparer.Ordinal)
        .ToDictionary(static same => same.Key, static same => same.Count(), StringComparer.Ordinal);

    /// <summary>The file that the download host has for a task, whole, whatever a download meets.</summary>
    /// <param name="id">The id of a task that makes an image.</param>
    /// <exception cref="ArgumentException">There is no such task, or it makes none.</exception>
    public byte[] ImageOf(string id)
    {
        Check.NotNull(id);
        return _tasks.Find(id) is { HasImage: true } task
            ? Image.Of(task).ToArray()
            : throw new ArgumentException($"There is no task '{id}' with an image.", nameof(id));
    }

    /// <summary>Makes the next request of a kind go wrong; several faults of a kind are used up in order.</summary>
    /// <param name="operation">The kind of request.</param>
    /// <param name="fault">What happens to it.</param>
    /// <exception cref="ArgumentNullException"><paramref name="fault"/> is null.</exception>
    public void Enqueue(EmulatorOperation operation, EmulatorFault fault)
    {
        Check.NotNull(fault);
        Check.Range(operation is >= EmulatorOperation.Create and <= EmulatorOperation.Upload, operation, "Not a kind of request.");
        _faults.Enqueue(operation, fault);
    }

    /// <summary>Ends every task that <c>[hold]</c> keeps running now, and lets stalled requests go on.</summary>
    /// <remarks>A request is stalled for certain once it is counted as received, or among the faults.</remarks>
    public void Release()
    {
        _tasks.ReleaseAll();
        _faults.Release();
    }

    /// <summary>Ends one task that <c>[hold]</c> keeps running. No effect on others.</summary>
    /// <param name="id">The task's id.</param>
    /// <exception cref="ArgumentException">There is no such task.</exception>
    public void Release(string id)
    {
        Check.NotNull(id);
        (_tasks.Find(id) ?? throw new ArgumentException($"There is no task '{id}'.", nameof(id))).Release();
    }

    /// <summary>Waits until the counters meet a condition, which is looked at whenever one of them changes.</summary>
    /// <param name="condition">Quick, and without side effects: it runs in the middle of serving requests.</param>
    /// <param name="cancellationToken">Ends the wait with <see cref="OperationCanceledException"/>.</param>
    public Task WaitForAsync(Func<EmulatorCounters, bool> condition, CancellationToken cancellationToken = default)
    {
        Check.NotNull(condition);
        return _counters.WaitForAsync(condition, cancellationToken);
    }

    /// <summary>Closes both ports and all connections. Requests without an answer get none.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        _api.Dispose();
        _downloads.Dispose();
    }

    /// <summary>The kind of thing this is and where it listens.</summary>
    public override string ToString() => $"NanoBanana emulator at {Endpoint}";

    /// <summary>128 random bits: other users of this machine reach the port too.</summary>
    private static string NewKey() => $"{StartName}-{RandomHex(16)}";

    private static string RandomHex(int count)
    {
        var bytes = new byte[count];
        using var random = RandomNumberGenerator.Create();
        random.GetBytes(bytes);
        return string.Concat(bytes.Select(static value => value.ToString("x2", CultureInfo.InvariantCulture)));
    }

    private HttpRequest WithoutStart(HttpRequest request) => request.Path.StartsWith(_start + "/", StringComparison.Ordinal)
        ? request with { Path = request.Path.Substring(_start.Length) }
        : request;
}
