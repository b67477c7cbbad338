using NanoBanana.Lab.Bench.Workers;

namespace NanoBanana.Lab.Bench.Scenarios;

/// <summary>The import and the first commands, in new processes.</summary>
internal static class Start
{
    public static async Task<IReadOnlyList<Row>> RunAsync(BenchSession session)
    {
        List<Row> rows = [];
        int rounds = session.Options.Scaled(15, 2);
        string emptyModule = await BuildEmptyModuleAsync(session);
        string importEmpty = BenchSession.ImportOf(Path.Combine(emptyModule, "NanoBanana.EmptyModule.psd1"));
        string importEmptyViews = BenchSession.ImportOf(Path.Combine(emptyModule, "NanoBanana.EmptyModule.Views.psd1"));
        await AddAsync("pwsh", journal => Worker.StartPwsh(session.Options.Pwsh, ("NANOBANANA_JOURNAL", journal)));
        await AddAsync("hosted engine", journal => Worker.StartEngine(("NANOBANANA_JOURNAL", journal)));
        return rows;

        async Task AddAsync(string where, Func<string, Worker> start)
        {
            List<Sample> ours = [], empty = [], views = [];
            (FirstCommands off, FirstCommands on) = (new(), new());
            // The first round creates it. In the other rounds it exists, as it usually does.
            string journal = session.NewPath();
            for (int round = 0; round < rounds; round++)
            {
                using (Worker worker = start("off"))
                    empty.Add(await RunAsync(worker, importEmpty));
                using (Worker worker = start("off"))
                    views.Add(await RunAsync(worker, importEmptyViews));
                using (Worker worker = start("off"))
                {
                    ours.Add(await RunAsync(worker, BenchSession.ImportScript));
                    await off.AddAsync(worker, session.ConnectScript);
                }
                using (Worker worker = start(journal))
                {
                    await RunAsync(worker, BenchSession.ImportScript);
                    await on.AddAsync(worker, session.ConnectScript);
                }
            }
            const string Empty = "an empty compiled module";
            rows.Add(where == "pwsh"
                ? Row.AtMost(1.3, $"Wall time of the import, {where}", Wall(ours), Wall(empty), "ms", Empty)
                : Row.Beside($"Wall time of the import, {where}", Wall(ours), Wall(empty), "ms", Empty));
            rows.Add(Row.Beside($"Wall time of the import, {where}", Wall(ours), Wall(views), "ms", "an empty one with a type and a view"));
            rows.Add(Row.AtMost(1.5, $"CPU of the import, {where}", Cpu(ours), Cpu(empty), "ms", Empty));
            rows.Add(Row.Beside($"CPU of the import, {where}", Cpu(ours), Cpu(views), "ms", "an empty one with a type and a view"));
            rows.AddRange(off.Rows($"journal off, {where}"));
            rows.AddRange(on.Rows($"journal on, {where}"));
        }
    }

    /// <summary>The first Connect-NanoBanana and New-NanoBananaImage of a process, and the second ones.</summary>
    private sealed class FirstCommands
    {
        private readonly List<Sample>[] _samples = [[], [], [], []];

        public async Task AddAsync(Worker worker, string connect)
        {
            string[] scripts = [connect, "New-NanoBananaImage 'the first prompt'", connect, "New-NanoBananaImage 'the second prompt'"];
            for (int i = 0; i < scripts.Length; i++)
                _samples[i].Add(await RunAsync(worker, scripts[i]));
        }

        public IEnumerable<Row> Rows(string where)
        {
            double[] wall = [.. _samples.Select(Wall)], cpu = [.. _samples.Select(Cpu)];
            const string Second = "the second ones";
            return
            [
                Row.AtMostMore(60, $"First Connect and New, {where}", wall[0] + wall[1], wall[2] + wall[3], "ms", Second),
                Row.Beside($"First Connect-NanoBanana, {where}", wall[0], wall[2], "ms", "the second one"),
                Row.Beside($"First New-NanoBananaImage, {where}", wall[1], wall[3], "ms", "the second one"),
                Row.Beside($"CPU of the first Connect and New, {where}", cpu[0] + cpu[1], cpu[2] + cpu[3], "ms", Second),
            ];
        }
    }

    /// <summary>Compiles the smallest possible module.</summary>
    /// <returns>The folder with its assembly and its two manifests.</returns>
    private static async Task<string> BuildEmptyModuleAsync(BenchSession session)
    {
        string folder = session.NewPath();
        Directory.CreateDirectory(folder);
        foreach (string file in Directory.GetFiles(LabFiles.BenchAsset("EmptyModule")))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        using Worker pwsh = Worker.StartPwsh(session.Options.Pwsh);
        const string Build = "Add-Type -Path $folder/GetNothingCommand.cs -OutputAssembly $folder/NanoBanana.EmptyModule.dll";
        Sample built = await pwsh.AskAsync(new WorkerRequest { Action = "run", Folder = folder, Script = Build });
        return built.Problems.Count == 0
            ? folder
            : throw new LabException($"The empty module was not built: {string.Join(" | ", built.Problems)}");
    }

    private static double Wall(List<Sample> samples) => 1000 * Series.Median(samples.Select(sample => sample.Seconds));

    private static double Cpu(List<Sample> samples) => 1000 * Series.Median(samples.Select(sample => sample.CpuSeconds));

    private static async Task<Sample> RunAsync(Worker worker, string script)
    {
        Sample sample = await worker.AskAsync(new WorkerRequest { Action = "run", Script = script });
        string? problem = sample.Problems.FirstOrDefault(text => !text.Contains("NANOBANANA_JOURNAL", StringComparison.Ordinal));
        return problem is null ? sample : throw new LabException($"'{script}' had an error: {problem}");
    }
}
