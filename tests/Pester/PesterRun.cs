using System.Diagnostics;
using System.Reflection;
using System.Text.Json;

namespace NanoBanana.Pester.Tests;

/// <summary>Runs Pester files in <c>tools/Pwsh</c>.</summary>
internal static class PesterRun
{
    /// <summary>The time after which a run is ended because it hangs.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(15);

    private static string SuiteFolder => Metadata("Suite");

    /// <summary>Runs the suite.</summary>
    public static IReadOnlyList<PesterTest> OfSuite() => Of(SuiteFolder);

    /// <summary>Runs the tests of a file or of a folder.</summary>
    /// <exception cref="PesterRunException">No test ran, a file or a block failed as a whole, or the run ended without results.</exception>
    public static IReadOnlyList<PesterTest> Of(string path)
    {
        string results = Path.Combine(Path.GetTempPath(), $"NanoBanana-pester-{Guid.NewGuid()}.json");
        try
        {
            (int exitCode, string output) = Execute(Path.Combine(SuiteFolder, "Invoke-Suite.ps1"), results, path);
            if (!File.Exists(results))
                throw new PesterRunException($"The Pester run left no results; its exit code is {exitCode}.\n{output}");
            Report report = JsonSerializer.Deserialize<Report>(File.ReadAllText(results))!;
            if (report.Errors.Count > 0)
                throw new PesterRunException(string.Join("\n", report.Errors));
            if (report.Tests.Count == 0)
                throw new PesterRunException($"No Pester test ran.\n{output}");
            if (exitCode != 0 && report.Tests.All(test => test.Result == "Passed"))
                throw new PesterRunException($"All tests passed, but the Pester run failed with exit code {exitCode}.\n{output}");
            return report.Tests;
        }
        finally
        {
            File.Delete(results);
        }
    }

    private static (int ExitCode, string Output) Execute(string script, string results, string path)
    {
        var start = new ProcessStartInfo(Metadata("Pwsh"))
        {
            ArgumentList = { "-NoProfile", "-NonInteractive", "-File", script, "-ResultFile", results, "-Path", path },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Limit))
        {
            process.Kill(entireProcessTree: true);
            throw new PesterRunException(
                $"The Pester run did not end within {Limit.TotalMinutes} minutes.\n{output.Result}{errors.Result}");
        }
        return (process.ExitCode, output.Result + errors.Result);
    }

    private static string Metadata(string key) =>
        typeof(PesterRun).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;

    private sealed record Report(IReadOnlyList<PesterTest> Tests, IReadOnlyList<string> Errors);
}

/// <summary>A Pester run as a whole failed.</summary>
internal sealed class PesterRunException(string message) : Exception(message);
