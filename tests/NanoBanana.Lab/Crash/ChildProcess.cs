using System.Diagnostics;
using System.Threading.Channels;

namespace NanoBanana.Lab.Crash;

/// <summary>One run of the script in a separate process.</summary>
internal sealed class ChildProcess : IDisposable
{
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private readonly Process _process;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly Task _reading;
    private readonly Task<string> _errors;

    public ChildProcess(
        Batch batch, EmulatorServer emulator, bool resubmit, IReadOnlyDictionary<string, string?>? environment = null)
    {
        ProcessStartInfo start = WorkerCommand.StartInfo(
            BatchWorker.Kind, emulator.Endpoint.AbsoluteUri, emulator.GetApiKey(), batch.PromptFile, batch.Name, batch.Folder,
            resubmit.ToString());
        start.Environment["NANOBANANA_JOURNAL"] = batch.Journal.Path;
        foreach ((string name, string? value) in environment ?? new Dictionary<string, string?>())
            start.Environment[name] = value;
        start.RedirectStandardInput = true;
        _process = Process.Start(start)!;
        _errors = _process.StandardError.ReadToEndAsync();
        _reading = ReadAsync();
    }

    public int Id => _process.Id;

    /// <summary>Completes when the process has ended.</summary>
    public Task Ended => _reading;

    /// <summary>Completes when the module is loaded and the script starts.</summary>
    public async Task ReadyAsync()
    {
        if (await _lines.Reader.ReadAsync().AsTask().WaitAsync(Limit) is var line and not "ready")
            throw new LabException($"The process did not start: {line}");
    }

    /// <summary>Waits until the script ends.</summary>
    /// <returns>The lines of its output, split at the tabs.</returns>
    public async Task<IReadOnlyList<string[]>> EndAsync()
    {
        await _reading.WaitAsync(Limit);
        List<string[]> lines = [];
        while (_lines.Reader.TryRead(out string? line))
            lines.Add(line.Split('\t'));
        if (lines is [.., ["end"]])
            return lines;
        throw new LabException($"The process failed: {string.Join(" | ", lines.Select(line => string.Join(' ', line)))} {await _errors}");
    }

    /// <summary>Starts to end the process. Only a killed process has ended when this returns.</summary>
    /// <returns>False if the process ended before.</returns>
    public async Task<bool> StartEndingAsync(Ending ending)
    {
        if (_process.HasExited)
            return false;
        switch (ending)
        {
            case Ending.Kill:
                _process.Kill();
                await _process.WaitForExitAsync().WaitAsync(Limit);
                break;
            case Ending.Remove:
                await _process.StandardInput.WriteLineAsync("remove");
                break;
            default:
                await SignalAsync(ending == Ending.Pause ? "STOP" : $"{ending}".ToUpperInvariant()[3..]);
                break;
        }
        return true;
    }

    /// <summary>Ends a pause.</summary>
    public Task ContinueAsync() => SignalAsync("CONT");

    private async Task SignalAsync(string signal)
    {
        using Process kill = Process.Start("kill", ["-s", signal, $"{_process.Id}"]);
        await kill.WaitForExitAsync().WaitAsync(Limit);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        try
        {
            while (await _process.StandardOutput.ReadLineAsync() is { } line)
                _lines.Writer.TryWrite(line);
        }
        catch (Exception)
        {
            // The process was disposed during a read.
        }
        finally
        {
            _lines.Writer.TryComplete();
        }
        await _process.WaitForExitAsync();
    }
}
