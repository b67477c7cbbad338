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
        return 0;
    }
}
