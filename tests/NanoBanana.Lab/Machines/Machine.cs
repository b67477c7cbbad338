using System.Diagnostics;
using System.Globalization;

namespace NanoBanana.Lab.Machines;

/// <summary>
/// A machine: its own network, host name, disk and process ids, and at most one process.
/// </summary>
internal sealed class Machine : IDisposable
{
    /// <summary>Maximum time until a running process reads an answer, on a busy host.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private const string ImageFolder = "images";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private readonly string _clock;
    private readonly bool _hasClock;
    private readonly string _disk;
    private Process? _process;
    private (DateTime From, DateTime To) _paused;

    /// <param name="home">The folder of the run.</param>
    /// <param name="number">From 1.</param>
    /// <param name="hasClock">Whether <see cref="SetClock"/> can change its clock.</param>
    /// <param name="ports">The ports of the provider.</param>
    public Machine(string home, int number, bool hasClock, IEnumerable<int> ports)
    {
        Name = string.Create(CultureInfo.InvariantCulture, $"machine-{number}");
        Home = Directory.CreateDirectory(Path.Combine(home, Name)).FullName;
        _disk = Directory.CreateDirectory(Path.Combine(home, "disk")).FullName;
        _clock = Path.Combine(Home, "clock");
        _hasClock = hasClock;
        File.WriteAllText(_clock, "+0\n");
        Network = new MachineNetwork(Name, number, ports, Answered);
    }

    public string Name { get; }

    /// <summary>Its disk. Processes of all machines have their disk at the same path.</summary>
    public string Home { get; }

    /// <summary>The folder of its images.</summary>
    public string Images => Path.Combine(Home, ImageFolder);

    /// <summary>Its connections to the database and to the provider.</summary>
    public MachineNetwork Network { get; }

    /// <summary>The answers to submissions of its processes.</summary>
    public List<(DateTime Connected, DateTime At, string Text)> Answers { get; } = [];

    public List<Kill> Kills { get; } = [];

    /// <summary>Whether it has a fault now, so that the next one must wait.</summary>
    public bool HasFault { get; set; }

    /// <summary>Whether its process runs and has started its script.</summary>
    public bool IsReady { get; private set; }

    /// <summary>Runs the script once.</summary>
    /// <returns>The lines of its output, split at the tabs. The last one is "end" if the process was not killed.</returns>
    public async Task<IReadOnlyList<string[]>> RunAsync(WorkOrder order)
    {
        using Process process = Process.Start(StartInfo(order))!;
        _process = process;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        List<string[]> lines = [];
        using StreamWriter log = File.AppendText(Path.Combine(Home, "log.txt"));
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
            {
                await log.WriteLineAsync($"{DateTime.UtcNow:HH:mm:ss.fff} {order.Batch} {line}");
                await log.FlushAsync();
                IsReady = true;
                lines.Add(line.Split('\t'));
            }
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            throw new LabException($"{Name} did not end within {Limit}: {string.Join(' ', lines.LastOrDefault([]))}");
        }
        finally
        {
            IsReady = false;
            _process = null;
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
        // If the process is killed, unshare writes an error.
        if (await errors is { Length: > 0 } text && !text.StartsWith("unshare:", StringComparison.Ordinal))
            await log.WriteLineAsync($"{DateTime.UtcNow:HH:mm:ss.fff} {order.Batch} stderr: {text}");
        return lines;
    }

    /// <summary>SIGKILL to the process in the machine.</summary>
    /// <returns>False if it has no process.</returns>
    public bool Kill()
    {
        if (!Signal("KILL"))
            return false;
        DateTime now = DateTime.UtcNow;
        Kills.Add(new Kill(Name, _paused.To > now - Grace ? _paused.From - Grace : now - Grace, now));
        EndPause();
        return true;
    }

    /// <summary>SIGSTOP.</summary>
    /// <returns>False if it has no process.</returns>
    public bool Pause()
    {
        _paused = (DateTime.UtcNow, DateTime.MaxValue);
        return Signal("STOP");
    }

    /// <summary>SIGCONT.</summary>
    public void Continue()
    {
        Signal("CONT");
        EndPause();
    }

    /// <summary>Changes its clock, also for a running process.</summary>
    public void SetClock(int seconds)
    {
        // Write atomically, because a process can read the file at any time.
        string next = _clock + ".next";
        File.WriteAllText(next, string.Create(CultureInfo.InvariantCulture, $"{seconds:+0;-0;+0}\n"));
        File.Move(next, _clock, overwrite: true);
    }

    public void Dispose() => Network.Dispose();

    private ProcessStartInfo StartInfo(WorkOrder order)
    {
        ProcessStartInfo work = WorkerCommand.StartInfo(
            MachineWorker.Kind, order.Endpoint, order.Key, order.Prompts, order.Batch, Path.Combine(_disk, ImageFolder, order.Batch),
            order.Resubmit.ToString(), order.LeaseSeconds.ToString(CultureInfo.InvariantCulture));
        string[] isolation =
        [
            "netns", "exec", Name, "unshare", "--pid", "--uts", "--fork", "--kill-child", "--mount-proc",
            "sh", "-c", """hostname "$0" && mount --bind "$1" "$2" && shift 2 && exec env "$@" """, Name, Home, _disk,
        ];
        var start = new ProcessStartInfo("ip") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in (IEnumerable<string>)[.. isolation, .. Clock(), work.FileName, .. work.ArgumentList])
            start.ArgumentList.Add(argument);
        start.Environment["HOME"] = _disk;
        start.Environment["XDG_DATA_HOME"] = Path.Combine(_disk, "data");
        start.Environment["TMPDIR"] = _disk;
        start.Environment["NANOBANANA_JOURNAL"] = order.Journal;
        if (order.Budget is { } budget)
            start.Environment["NANOBANANA_MAXIMUM_IMAGES_PER_DAY"] = budget.ToString(CultureInfo.InvariantCulture);
        return start;
    }

    private string[] Clock() => !_hasClock || Tool.FakeTime is not { } library ? [] :
    [
        $"LD_PRELOAD={library}", $"FAKETIME_TIMESTAMP_FILE={_clock}", "FAKETIME_CACHE_DURATION=1", "FAKETIME_DONT_FAKE_MONOTONIC=1",
        // Otherwise waits with a limit end immediately: https://github.com/wolfcw/libfaketime, README, 4f.
        "FAKETIME_FORCE_MONOTONIC_FIX=0",
    ];

    private void EndPause()
    {
        if (_paused.To == DateTime.MaxValue)
            _paused.To = DateTime.UtcNow;
    }

    private void Answered(DateTime connected, string text)
    {
        lock (Answers)
            Answers.Add((connected, DateTime.UtcNow, text));
    }

    /// <summary>Signals the process, which is the child of unshare.</summary>
    private bool Signal(string name)
    {
        if (!IsReady || _process is not { } process)
            return false;
        string children = $"/proc/{process.Id}/task/{process.Id}/children";
        return File.Exists(children) && File.ReadAllText(children).Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var child, ..]
            && Tool.TryRun("kill", $"-s {name} {child}");
    }
}
