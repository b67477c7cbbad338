using System.Globalization;
using NanoBanana.Lab.Bench.Workers;

namespace NanoBanana.Lab.Bench;

/// <summary>The process of the emulator and a folder for files. It starts the rivals.</summary>
internal sealed class BenchSession : IDisposable
{
    private static int _sessions;

    private readonly Worker _emulator;
    private readonly string _folder;
    private EmulatorState _state;
    private int _paths;

    private BenchSession(BenchOptions options, Worker emulator, EmulatorState state)
    {
        Options = options;
        _emulator = emulator;
        _state = state;
        _folder = Path.Combine(options.Folder, $"nanobanana-benchmarks-{Environment.ProcessId}-{Interlocked.Increment(ref _sessions)}");
        Directory.CreateDirectory(_folder);
    }

    public BenchOptions Options { get; }

    /// <summary>Tables of details, which are printed after the table of all rows.</summary>
    public List<(IReadOnlyList<string> Head, IReadOnlyList<IReadOnlyList<string>> Rows)> Details { get; } = [];

    /// <param name="options">What to measure.</param>
    /// <param name="timeScale">See <see cref="EmulatorOptions.TimeScale"/>. With 0 (default) tasks complete immediately.</param>
    public static async Task<BenchSession> OpenAsync(BenchOptions options, double timeScale = 0)
    {
        Worker emulator = Worker.Start(EmulatorWorker.Kind, [timeScale.ToString(CultureInfo.InvariantCulture)]);
        return new BenchSession(options, emulator, await emulator.AskAsync<EmulatorState>(new WorkerRequest { Action = "state" }));
    }

    /// <summary>The same with a service over TLS instead of the emulator. The started processes trust its certificate.</summary>
    public static async Task<BenchSession> OpenTlsAsync(BenchOptions options)
    {
        string certificate = Path.Combine(options.Folder, $"nanobanana-benchmarks-{Environment.ProcessId}.pem");
        Worker kestrel = Worker.Start(KestrelWorker.Kind, [certificate]);
        return new BenchSession(options, kestrel, await kestrel.AskAsync<EmulatorState>(new WorkerRequest { Action = "state" }));
    }

    /// <summary>The script that imports the staged module.</summary>
    public static string ImportScript { get; } = ImportOf(Path.Combine(LabFiles.StagedModule, "NanoBanana.psd1"));

    /// <summary>An unused path.</summary>
    public string NewPath() => Path.Combine(_folder, $"{++_paths}");

    /// <summary>The script that connects the staged module.</summary>
    public string ConnectScript => $"Connect-NanoBanana -Endpoint '{_state.Endpoint}' -ApiKey '{_state.ApiKey}'";

    /// <summary>The first line of scripts, with the endpoint and the key.</summary>
    public string EndpointScript => $"$endpoint = '{_state.Endpoint}'; $key = '{_state.ApiKey}'";

    /// <summary>The text of a script in the folder of the workers.</summary>
    public static string ScriptFile(string name) => File.ReadAllText(LabFiles.BenchAsset("Workers", name));

    /// <summary>A bare HttpClient in a separate process.</summary>
    /// <param name="isHttp2">Whether it uses HTTP/2.</param>
    public async Task<Worker> StartBareClientAsync(bool isHttp2 = false)
    {
        Worker worker = Worker.Start(BareClientWorker.Kind, [], Trust);
        await worker.AskAsync(
            new WorkerRequest { Action = "connect", Prompt = _state.Endpoint.AbsoluteUri, Script = _state.ApiKey, IsHttp2 = isHttp2 });
        return worker;
    }

    /// <summary>The module in a hosted engine in a separate process.</summary>
    /// <param name="journal">The path of its journal, or <c>off</c>.</param>
    /// <param name="traced">Whether the statements of SQLite are counted. Counting takes time.</param>
    public async Task<Worker> StartModuleAsync(string journal, bool traced = false)
    {
        var worker = Worker.StartEngine([("NANOBANANA_JOURNAL", journal), .. Trust]);
        if (traced)
            await worker.AskAsync(new WorkerRequest { Action = "trace" });
        // The first command writes the warning about a missing journal.
        const string First = "New-NanoBananaImage 'the first prompt' | Wait-NanoBananaTask | ForEach-Object Id";
        string isStaged = $"[NanoBanana.ImageTask].Assembly.Location.StartsWith('{LabFiles.StagedModule}')";
        string check = $"if (-not {isStaged}) {{ throw 'Not the staged module.' }}";
        Sample connected = await worker.AskAsync(
            new WorkerRequest { Action = "run", Script = $"{ImportScript}; {check}; {ConnectScript}; {First}" });
        return connected.Items == 1
            ? worker
            : throw new LabException($"The module did not connect: {string.Join(" | ", connected.Problems)}");
    }

    /// <summary>The module in a pwsh.</summary>
    /// <param name="journal">The path of its journal, or <c>off</c>.</param>
    public async Task<Worker> StartModuleInPwshAsync(string journal)
    {
        Worker pwsh = Worker.StartPwsh(Options.Pwsh, ("NANOBANANA_JOURNAL", journal));
        Sample connected = await pwsh.AskAsync(new WorkerRequest { Action = "run", Script = $"{ImportScript}; {ConnectScript}" });
        return connected.Problems.Count == 0
            ? pwsh
            : throw new LabException($"The module did not connect: {string.Join(" | ", connected.Problems)}");
    }

    /// <summary>Runs something and reads the emulator's counters before and after it.</summary>
    public async Task<Measured> MeasureAsync(Func<Task<Sample>> run)
    {
        EmulatorState before = await AskEmulatorAsync("state");
        Sample sample = await run();
        EmulatorState after = await AskEmulatorAsync("state");
        return sample.Problems.Count == 0
            ? new Measured(sample, before, after)
            : throw new LabException($"A run had errors: {string.Join(" | ", sample.Problems)}");
    }

    public async Task<EmulatorState> AskEmulatorAsync(string action, int count = 0) =>
        _state = await _emulator.AskAsync<EmulatorState>(new WorkerRequest { Action = action, Count = count });

    /// <summary>Runs rivals alternately: A B A B.</summary>
    /// <param name="warmUps">Number of rounds that run first and are not measured.</param>
    /// <param name="rivals">The rivals. Each runs once in a round.</param>
    /// <returns>The runs of each rival.</returns>
    public async Task<IReadOnlyList<Series>> InterleaveAsync(int warmUps, params Func<Task<Measured>>[] rivals)
    {
        List<Measured>[] runs = [.. rivals.Select(_ => new List<Measured>())];
        for (int round = 0; round < warmUps + Options.Rounds; round++)
        {
            for (int rival = 0; rival < rivals.Length; rival++)
                runs[rival].Add(await rivals[rival]());
        }
        return [.. runs.Select(series => new Series(series[warmUps..], series[0]))];
    }

    public void Dispose()
    {
        _emulator.Dispose();
        Directory.Delete(_folder, recursive: true);
        if (_state.Certificate is { } certificate)
            File.Delete(certificate);
    }

    /// <summary>Environment variables that make a process trust the service.</summary>
    private (string Name, string Value)[] Trust => _state.Certificate is { } file ? [("SSL_CERT_FILE", file)] : [];

    /// <summary>The script that imports a module.</summary>
    public static string ImportOf(string manifest) => $"Import-Module '{manifest}' -ErrorAction Stop";
}
