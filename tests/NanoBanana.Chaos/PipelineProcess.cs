using System.Diagnostics;
using System.Globalization;
using System.Reflection;

namespace NanoBanana.Chaos;

/// <summary>Runs the pipeline in a process of its own and hands on what it says.</summary>
internal static class PipelineProcess
{
    /// <returns>The lines that it said.</returns>
    /// <exception cref="ChaosException">It did not come to its end in time.</exception>
    public static async Task<IReadOnlyList<string>> RunAsync(EmulatorServer emulator, string folder, bool withJournal, ChaosOptions options)
    {
        string module = typeof(PipelineProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "StagedModule").Value!;
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            ArgumentList =
            {
                typeof(PipelineProcess).Assembly.Location, "pipeline", module, emulator.Endpoint.AbsoluteUri, emulator.ApiKey,
                options.Protocol, folder, options.Tasks.ToString(CultureInfo.InvariantCulture), withJournal ? "chaos" : "",
            },
            Environment = { ["NANOBANANA_JOURNAL"] = withJournal ? Path.Combine(folder, "journal.db") : "off" },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(options.Limit);
        List<string> lines = [];
        try
        {
            while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
            {
                lines.Add(line);
                if (lines.Count % 500 == 0)
                    options.Say($"{lines.Count} prompts have ended");
            }
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw new ChaosException($"The pipeline did not end within {options.Limit}; {lines.Count} prompts had.");
        }
        return lines is [.., "end"] ? lines : throw new ChaosException($"The pipeline did not end well: {string.Join(" | ", lines.TakeLast(5))} {await errors}");
    }
}
