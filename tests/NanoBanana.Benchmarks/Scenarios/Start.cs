using NanoBanana.Benchmarks.Workers;

namespace NanoBanana.Benchmarks.Scenarios;

/// <summary>What a person waits for before anything happens, in processes that have done nothing before.</summary>
internal static class Start
{
    public static async Task<IReadOnlyList<Row>> RunAsync(Lab lab)
    {
        List<Row> rows = [];
        int rounds = lab.Options.Scaled(15, 2);
        if (lab.Options.Pwsh is { } pwsh)
            await AddAsync("pwsh", () => Worker.StartPwsh(pwsh, ("NANOBANANA_JOURNAL", "off")));
        await AddAsync("hosted engine", () => Worker.Start("engine", ("NANOBANANA_JOURNAL", "off")));
        return rows;

        async Task AddAsync(string where, Func<Worker> start)
        {
            List<Sample> ours = [], empty = [], views = [], first = [], second = [];
            for (int round = 0; round < rounds; round++)
            {
                using (Worker worker = start())
                    empty.Add(await RunAsync(worker, Lab.ImportEmptyScript));
                using (Worker worker = start())
                    views.Add(await RunAsync(worker, Lab.ImportEmptyViewsScript));
                using (Worker worker = start())
                {
                    ours.Add(await RunAsync(worker, Lab.ImportScript));
                    first.Add(await RunAsync(worker, $"{lab.ConnectScript}; New-NanoBananaImage 'the first prompt'"));
                    second.Add(await RunAsync(worker, "New-NanoBananaImage 'the second prompt'"));
                }
            }
            rows.Add(Row.AtMost(1.5, $"CPU of the import, {where}", Cpu(ours), Cpu(empty), "ms", "an empty compiled module"));
            rows.Add(Row.Beside($"CPU of the import, {where}", Cpu(ours), Cpu(views), "ms", "an empty one with a type and a view"));
            rows.Add(Row.Beside($"Wall time of the import, {where}", Wall(ours), Wall(empty), "ms", "an empty compiled module"));
            rows.Add(Row.Beside($"Wall time of the import, {where}", Wall(ours), Wall(views), "ms", "an empty one with a type and a view"));
            double late = Wall(first) - Wall(second);
            rows.Add(new Row($"Connect-NanoBanana and the first New-NanoBananaImage, {where}", Row.Number(Wall(first), "ms"), $"{Row.Number(Wall(second), "ms")}, the second", Demand: "at most 150 ms more", Met: late <= 150));
            rows.Add(Row.Beside($"CPU of the same, {where}", Cpu(first), Cpu(second), "ms", "the second"));
        }
    }

    private static double Wall(List<Sample> samples) => 1000 * Statistics.Median(samples.Select(sample => sample.Seconds));

    private static double Cpu(List<Sample> samples) => 1000 * Statistics.Median(samples.Select(sample => sample.CpuSeconds));

    private static async Task<Sample> RunAsync(Worker worker, string script)
    {
        Sample sample = await worker.AskAsync(new Order { Do = "run", Script = script });
        string? trouble = sample.Troubles.FirstOrDefault(text => !text.StartsWith("There is no journal", StringComparison.Ordinal));
        return trouble is null ? sample : throw new BenchmarkException($"'{script}' met troubles: {trouble}");
    }
}
