using System.Diagnostics;
using System.Threading.Channels;

namespace NanoBanana.Lab.Crash;

/// <summary>One run of the script in a process of its own.</summary>
internal sealed class ChildProcess : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private readonly Process _process;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly Task _reading;
    private readonly Task<string> _errors;

    public ChildProcess(Batch batch, EmulatorServer emulator, bool resubmit)
    {
        ProcessStartInfo start = WorkerCommand.StartInfo(
            BatchWorker.Kind, emulator.Endpoint.AbsoluteUri, emulator.GetApiKey(), batch.PromptFile, batch.Name, batch.Folder, resubmit.ToString());
        start.Environment["NANOBANANA_JOURNAL"] = batch.Journal.Path;
        _process = Process.Start(start)!;
        _errors = _process.StandardError.ReadToEndAsync();
        _reading = ReadAsync();
    }

    /// <summary>Ends when the process has.</summary>
    public Task Ended => _reading;

    /// <summary>Ends when the module is loaded and the script begins.</summary>
    public async Task ReadyAsync()
    {
        if (await _lines.Reader.ReadAsync().AsTask().WaitAsync(Limit) is var line and not "ready")
            throw new LabException($"The process did not start: {line}");
    }

    /// <summary>Waits for the script's own end.</summary>
    /// <returns>The lines that it wrote, split at the tabs.</returns>
    public async Task<IReadOnlyList<string[]>> EndAsync()
    {
        await _reading.WaitAsync(Limit);
        List<string[]> lines = [];
        while (_lines.Reader.TryRead(out string? line))
            lines.Add(line.Split('\t'));
        return lines is [.., ["end"]] ? lines : throw new LabException($"The process failed: {string.Join(" | ", lines.Select(line => string.Join(' ', line)))} {await _errors}");
    }

    /// <summary>Kills it (SIGKILL) and waits until it is gone.</summary>
    /// <returns>False when it had ended before.</returns>
    public async Task<bool> KillAsync()
    {
        if (_process.HasExited)
            return false;
        _process.Kill();
        await _process.WaitForExitAsync().WaitAsync(Limit);
        return true;
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
            // Disposed while it was being read.
        }
        finally
        {
            _lines.Writer.TryComplete();
        }
        await _process.WaitForExitAsync();
    }
}
