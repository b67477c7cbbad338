using System.Diagnostics;
using System.Reflection;
using System.Threading.Channels;

namespace NanoBanana.Crash;

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
        string module = typeof(ChildProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "StagedModule").Value!;
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            ArgumentList =
            {
                typeof(ChildProcess).Assembly.Location, "child", module, emulator.Endpoint.AbsoluteUri, emulator.ApiKey,
                batch.PromptFile, batch.Name, batch.Folder, resubmit.ToString(),
            },
            Environment = { ["NANOBANANA_JOURNAL"] = batch.Journal.Path },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
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
            throw new CrashException($"The child did not begin: {line}");
    }

    /// <summary>Waits for the script's own end.</summary>
    /// <returns>What it said.</returns>
    public async Task<IReadOnlyList<string>> EndAsync()
    {
        await _reading.WaitAsync(Limit);
        List<string> lines = [];
        while (_lines.Reader.TryRead(out string? line))
            lines.Add(line);
        return lines is [.., "end"] ? lines : throw new CrashException($"The child did not end well: {string.Join(" | ", lines)} {await _errors}");
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
            // Disposed while it was being read: nobody listens any more.
        }
        finally
        {
            _lines.Writer.TryComplete();
        }
        await _process.WaitForExitAsync();
    }
}
