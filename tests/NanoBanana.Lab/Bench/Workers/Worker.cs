using System.Diagnostics;
using System.Text.Json;

namespace NanoBanana.Lab.Bench.Workers;

/// <summary>A process of the benchmark that runs requests, one at a time.</summary>
internal sealed class Worker : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    private readonly Process _process;
    private readonly Task<string> _errors;

    private Worker(ProcessStartInfo start)
    {
        start.RedirectStandardInput = true;
        _process = Process.Start(start)!;
        _errors = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>Starts this program as a worker.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="values">Its arguments.</param>
    /// <param name="environment">Variables to set.</param>
    public static Worker Start(string kind, string[] values, params (string Name, string Value)[] environment) =>
        Start(WorkerCommand.StartInfo(kind, values), environment);

    /// <summary>Starts this program as a worker with an engine that loads the staged module.</summary>
    /// <param name="environment">Variables to set.</param>
    public static Worker StartEngine(params (string Name, string Value)[] environment) =>
        Start(WorkerCommand.StartInfoOfEngine(EngineWorker.Kind), environment);

    /// <summary>Starts a pwsh as a worker.</summary>
    /// <param name="pwsh">Its path.</param>
    /// <param name="environment">Variables to set.</param>
    public static Worker StartPwsh(string pwsh, params (string Name, string Value)[] environment) => Start(
        new ProcessStartInfo(pwsh)
        {
            ArgumentList = { "-NoProfile", "-NonInteractive", "-File", LabFiles.BenchAsset("Workers", "PwshWorker.ps1") },
            Environment = { ["POWERSHELL_TELEMETRY_OPTOUT"] = "1" },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        },
        environment);

    public Task<Sample> AskAsync(WorkerRequest request) => AskAsync<Sample>(request);

    public async Task<T> AskAsync<T>(WorkerRequest request)
    {
        await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(request));
        await _process.StandardInput.FlushAsync();
        string? answer = await _process.StandardOutput.ReadLineAsync().WaitAsync(Limit);
        return answer is null
            ? throw new LabException($"The worker ended at '{request.Action}': {await _errors}")
            : JsonSerializer.Deserialize<T>(answer)!;
    }

    public void Dispose()
    {
        // A worker ends at the end of its input.
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(10)))
            _process.Kill();
        _process.Dispose();
    }

    private static Worker Start(ProcessStartInfo start, (string Name, string Value)[] environment)
    {
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;
        return new Worker(start);
    }
}
