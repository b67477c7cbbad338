using NanoBanana.Lab.Bench.Workers;

namespace NanoBanana.Lab.Bench.Scenarios;

/// <summary>What a person waits for before anything happens, in processes that have done nothing before.</summary>
internal static class Start
{
    public static async Task<IReadOnlyList<Row>> RunAsync(BenchSession session)
    {
        List<Row> rows = [];
        int rounds = session.Options.Scaled(15, 2);
        string emptyModule = await BuildEmptyModuleAsync(session);
        string importEmpty = BenchSession.ImportOf(Path.Combine(emptyModule, "NanoBanana.EmptyModule.psd1"));
        string importEmptyViews = BenchSession.ImportOf(Path.Combine(emptyModule, "NanoBanana.EmptyModule.Views.psd1"));
        await AddAsync("pwsh", () => Worker.StartPwsh(session.Options.Pwsh, ("NANOBANANA_JOURNAL", "off")));
        await AddAsync("hosted engine", () => Worker.StartEngine(("NANOBANANA_JOURNAL", "off")));
        return rows;

        async Task AddAsync(string where, Func<Worker> start)
        {
            List<Sample> ours = [], empty = [], views = [], first = [], second = [];
            for (int round = 0; round < rounds; round++)
            {
                using (Worker worker = start())
                    empty.Add(await RunAsync(worker, importEmpty));
                using (Worker worker = start())
                    views.Add(await RunAsync(worker, importEmptyViews));
                using (Worker worker = start())
                {
                    ours.Add(await RunAsync(worker, BenchSession.ImportScript));
                    first.Add(await RunAsync(worker, $"{session.ConnectScript}; New-NanoBananaImage 'the first prompt'"));
                    second.Add(await RunAsync(worker, "New-NanoBananaImage 'the second prompt'"));
                }
            }
            rows.Add(Row.AtMost(1.5, $"CPU of the import, {where}", Cpu(ours), Cpu(empty), "ms", "an empty compiled module"));
            rows.Add(Row.Beside($"CPU of the import, {where}", Cpu(ours), Cpu(views), "ms", "an empty one with a type and a view"));
            rows.Add(Row.Beside($"Wall time of the import, {where}", Wall(ours), Wall(empty), "ms", "an empty compiled module"));
            rows.Add(Row.Beside($"Wall time of the import, {where}", Wall(ours), Wall(views), "ms", "an empty one with a type and a view"));
            rows.Add(Row.NoMoreOver(
                150, $"Connect-NanoBanana and the first New-NanoBananaImage, {where}", Wall(first), Wall(second), "ms", "the second"));
            rows.Add(Row.Beside($"CPU of the same, {where}", Cpu(first), Cpu(second), "ms", "the second"));
        }
    }

    /// <summary>Has PowerShell compile the least that a compiled module can be.</summary>
    /// <returns>The folder with its assembly and its two manifests.</returns>
    private static async Task<string> BuildEmptyModuleAsync(BenchSession session)
    {
        string folder = session.NewPath();
        Directory.CreateDirectory(folder);
        foreach (string file in Directory.GetFiles(LabFiles.BenchAsset("EmptyModule")))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        using Worker pwsh = Worker.StartPwsh(session.Options.Pwsh);
        const string Build = "Add-Type -Path $folder/GetNothingCommand.cs -OutputAssembly $folder/NanoBanana.EmptyModule.dll";
        Sample built = await pwsh.AskAsync(new Order { Do = "run", Folder = folder, Script = Build });
        return built.Troubles.Count == 0 ? folder : throw new LabException($"The empty module was not built: {string.Join(" | ", built.Troubles)}");
    }

    private static double Wall(List<Sample> samples) => 1000 * Series.Median(samples.Select(sample => sample.Seconds));

    private static double Cpu(List<Sample> samples) => 1000 * Series.Median(samples.Select(sample => sample.CpuSeconds));

    private static async Task<Sample> RunAsync(Worker worker, string script)
    {
        Sample sample = await worker.AskAsync(new Order { Do = "run", Script = script });
        string? trouble = sample.Troubles.FirstOrDefault(text => !text.StartsWith("There is no journal", StringComparison.Ordinal));
        return trouble is null ? sample : throw new LabException($"'{script}' met troubles: {trouble}");
    }
}
