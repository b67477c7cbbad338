using System.Diagnostics;
using System.Globalization;
using NanoBanana.Lab.Bench.Workers;

namespace NanoBanana.Lab.LongRun;

/// <summary>One run of the pipeline in a separate pwsh. The memory of this process is sampled.</summary>
internal sealed class PipelineRun
{
    private static readonly TimeSpan SampleInterval = TimeSpan.FromSeconds(0.5);

    private PipelineRun()
    {
    }

    /// <summary>Seconds from the start of the pipeline to its first file.</summary>
    public double First => Marks[0].Seconds;

    /// <summary>Seconds of the whole pipeline.</summary>
    public double Seconds { get; private set; }

    /// <summary>The number of saved files.</summary>
    public int Files { get; private set; }

    /// <summary>Managed memory at the end, after a collection, in megabytes.</summary>
    public double Managed { get; private set; }

    /// <summary>Physical memory of the process with the module connected and idle, in megabytes.</summary>
    public double Idle { get; private set; }

    /// <summary>Peak physical memory during the run, in megabytes.</summary>
    public double Peak { get; private set; }

    /// <summary>Measurements after the first file and after each tenth of the files.</summary>
    public List<Mark> Marks { get; } = [];

    /// <param name="pwsh">The pwsh.</param>
    /// <param name="service">The emulator.</param>
    /// <param name="folder">The folder of prompts, journal and images.</param>
    /// <param name="prompts">The number of prompts.</param>
    /// <exception cref="LabException">It reported errors or failed.</exception>
    public static async Task<PipelineRun> RunAsync(string pwsh, EmulatorState service, string folder, int prompts)
    {
        string[] arguments =
        [
            "-NoProfile", "-NonInteractive", "-File", LabFiles.Asset("LongRun", "Run-Pipeline.ps1"),
            Path.Combine(LabFiles.StagedModule, "NanoBanana.psd1"), service.Endpoint.AbsoluteUri, service.ApiKey,
            PromptFile(folder), Path.Combine(folder, "images"), $"{prompts}",
        ];
        var start = new ProcessStartInfo(pwsh, arguments)
        {
            Environment = { ["POWERSHELL_TELEMETRY_OPTOUT"] = "1", ["NANOBANANA_JOURNAL"] = Path.Combine(folder, "journal.db") },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        var run = new PipelineRun();
        bool hasEnded = false;
        using var stop = new CancellationTokenSource();
        Task sampling = Task.CompletedTask;
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            string[] parts = line.Split('\t');
            switch (parts[0])
            {
                case "idle":
                    run.Idle = MemoryOf(process);
                    sampling = run.SampleAsync(process, stop.Token);
                    await process.StandardInput.WriteLineAsync("go");
                    await process.StandardInput.FlushAsync();
                    break;
                case "files":
                    var mark = new Mark(
                        int.Parse(parts[1], CultureInfo.InvariantCulture), Number(parts[2]), MemoryOf(process) - run.Idle,
                        Number(parts[3]) / 1e6, Number(parts[4]) / 1e6);
                    run.Marks.Add(mark);
                    Report.Progress(string.Create(CultureInfo.InvariantCulture, $"{mark.Files:N0} files, {mark.OverIdle:0} MB over idle"));
                    break;
                case "end":
                    run.Files = int.Parse(parts[1], CultureInfo.InvariantCulture);
                    (run.Seconds, run.Managed) = (Number(parts[2]), Number(parts[3]) / 1e6);
                    hasEnded = parts[4] == "0";
                    await stop.CancelAsync();
                    break;
            }
        }
        await stop.CancelAsync();
        await sampling;
        await process.WaitForExitAsync();
        return hasEnded && process.ExitCode == 0 && run.Marks.Count > 0
            ? run
            : throw new LabException($"The pipeline ended with exit code {process.ExitCode} after {run.Files} files: {await errors}");
    }

    public static string PromptFile(string folder) => Path.Combine(folder, "prompts.txt");

    private async Task SampleAsync(Process process, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(SampleInterval);
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
                Peak = Math.Max(Peak, MemoryOf(process));
        }
        catch (OperationCanceledException)
        {
            // The run has ended.
        }
    }

    private static double MemoryOf(Process process)
    {
        process.Refresh();
        return process.HasExited ? 0 : process.WorkingSet64 / 1e6;
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}

/// <summary>A moment of a run.</summary>
/// <param name="Files">Files so far.</param>
/// <param name="Seconds">Seconds so far.</param>
/// <param name="OverIdle">Physical memory above that of the idle process, in megabytes.</param>
/// <param name="Committed">Memory that the garbage collector had committed at its last collection, in megabytes.</param>
/// <param name="Heap">The used part of it, in megabytes.</param>
internal sealed record Mark(int Files, double Seconds, double OverIdle, double Committed, double Heap)
{
    public static string[] Head => ["seconds", "over idle, MB", "GC committed, MB", "GC heap, MB"];

    public string[] Cells => [.. new[] { Seconds, OverIdle, Committed, Heap }.Select(number => Bench.Row.Number(number, ""))];
}
