using System.Diagnostics;
using System.Runtime.InteropServices;
using NanoBanana.Benchmarks.Scenarios;

namespace NanoBanana.Benchmarks;

/// <summary>Runs the parts one after the other and prints one table.</summary>
internal static class Suite
{
    public static async Task<int> RunAsync(BenchmarkOptions options)
    {
        (string Name, Func<Lab, Task<IReadOnlyList<Row>>> Run)[] parts =
        [
            ("throughput", Throughput.RunAsync),
            ("scale", Scale.RunAsync),
            ("start", Start.RunAsync),
            ("downloads", Downloads.RunAsync),
        ];
        List<Row> rows = [];
        using Lab lab = await Lab.OpenAsync(options);
        foreach ((string name, Func<Lab, Task<IReadOnlyList<Row>>> run) in parts.Where(part => part.Name.StartsWith(options.Only, StringComparison.Ordinal)))
        {
            Console.Error.WriteLine($"{DateTime.Now:HH:mm:ss} {name}");
            rows.AddRange(await run(lab));
        }
        Console.WriteLine($"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}, {Environment.ProcessorCount} processors; {options.Rounds} rounds{(options.Quick ? ", quick: ratios mean little" : "")}.");
        Console.WriteLine($"pwsh: {options.Pwsh ?? "there is none on this machine, so the scripts of today and the import in it were not measured"}");
        Console.WriteLine();
        Console.WriteLine("| what | ours | beside it | ratio | demand | met |");
        Console.WriteLine("|---|---|---|---|---|---|");
        rows.ForEach(Console.WriteLine);
        return "polling".StartsWith(options.Only, StringComparison.Ordinal) ? await SimulatePollingAsync(options) : 0;
    }

    /// <summary>The simulation of polling has a program and a table of its own.</summary>
    private static async Task<int> SimulatePollingAsync(BenchmarkOptions options)
    {
        if (!File.Exists(Lab.PollSimulation))
            return 0;
        Console.WriteLine();
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet") { ArgumentList = { Lab.PollSimulation } };
        if (options.Quick)
            start.ArgumentList.Add("--quick");
        using Process process = Process.Start(start)!;
        await process.WaitForExitAsync();
        return process.ExitCode;
    }
}
