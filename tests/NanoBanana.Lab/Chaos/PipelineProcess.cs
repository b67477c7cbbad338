using System.Diagnostics;
using System.Globalization;

namespace NanoBanana.Lab.Chaos;

/// <summary>Runs the pipeline in a separate process and returns its lines.</summary>
internal static class PipelineProcess
{
    /// <returns>The lines of its output, split at the tabs.</returns>
    /// <exception cref="LabException">It did not end in time, or failed.</exception>
    public static async Task<IReadOnlyList<string[]>> RunAsync(
        EmulatorServer emulator, string folder, bool withJournal, ChaosOptions options)
    {
        ProcessStartInfo start = WorkerCommand.StartInfo(
            PipelineWorker.Kind, emulator.Endpoint.AbsoluteUri, emulator.GetApiKey(), options.Protocol, folder,
            options.Tasks.ToString(CultureInfo.InvariantCulture), withJournal ? "chaos" : "");
        start.Environment["NANOBANANA_JOURNAL"] = withJournal ? Path.Combine(folder, "journal.db") : "off";
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(options.Limit);
        List<string[]> lines = [];
        try
        {
            while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
            {
                lines.Add(line.Split('\t'));
                if (lines.Count % 500 == 0)
                    options.Progress($"{lines.Count} prompts have ended");
            }
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw new LabException($"The pipeline did not end within {options.Limit}. {lines.Count} prompts have ended.");
        }
        if (lines is [.., ["end"]])
            return lines;
        string last = string.Join(" | ", lines.TakeLast(5).Select(line => string.Join(' ', line)));
        throw new LabException($"The pipeline failed: {last} {await errors}");
    }
}
