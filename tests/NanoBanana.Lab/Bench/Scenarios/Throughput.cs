using System.Globalization;
using NanoBanana.Lab.Bench.Workers;

namespace NanoBanana.Lab.Bench.Scenarios;

/// <summary>New | Wait | Save of tasks that complete immediately, so only our own time is measured.</summary>
internal static class Throughput
{
    /// <summary>It saves 16 images at a time, as the bare client does. The default of Save-NanoBananaImage is 8.</summary>
    public const string Pipeline = "$prompts | New-NanoBananaImage -Resolution 0.5K | Wait-NanoBananaTask | "
        + "Save-NanoBananaImage -Destination $folder -ThrottleLimit 16";

    private const string Rival = "bare client with the least journal in SQLite";

    private const string Limit = "bare client that keeps images as safe";

    public static async Task<IReadOnlyList<Row>> RunAsync(BenchSession session)
    {
        // Even if every connection that the limits allow is new, this number meets the demand on new connections.
        int count = session.Options.Scaled(2000, 1200);
        using Worker client = await session.StartBareClientAsync();
        using Worker off = await session.StartModuleAsync("off");
        using Worker on = await session.StartModuleAsync(session.NewPath());
        string rivalJournal = session.NewPath();
        IReadOnlyList<Series> series = await session.InterleaveAsync(
            // The runtime optimizes frequently used methods. Most of our methods are optimized by the thirteenth round.
            warmUps: session.Options.Scaled(13, 1),
            () => RunAsync(session, client, new WorkerRequest { Action = "write", Count = count }),
            () => RunAsync(session, off, new WorkerRequest { Action = "run", Script = Pipeline, Count = count }),
            () => RunAsync(session, client, new WorkerRequest { Action = "keep", Count = count }),
            () => RunAsync(session, on, new WorkerRequest { Action = "run", Script = Pipeline, Count = count }),
            () => RunAsync(session, client, new WorkerRequest { Action = "journal", Count = count, Script = rivalJournal }));
        (Series write, Series module, Series keep) = (series[0], series[1], series[2]);
        (Series journaled, Series rival) = (series[3], series[4]);
        return
        [
            Row.AtLeast(0.9, "Tasks per second, journal off", module.PerSecond, keep.PerSecond, "/s", Limit),
            Row.AtMost(1.2, "CPU per task, journal off", module.Cpu, keep.Cpu, "ms", Limit),
            Row.AtLeast(0.8, "Tasks per second, journal on", journaled.PerSecond, keep.PerSecond, "/s", Limit),
            Row.AtMost(1.5, "CPU per task, journal on", journaled.Cpu, keep.Cpu, "ms", Limit),
            Row.AtLeast(0.95, "Tasks per second, journal on", journaled.PerSecond, rival.PerSecond, "/s", Rival),
            Row.Beside("CPU per task, journal on", journaled.Cpu, rival.Cpu, "ms", Rival),
            .. await CountAsync(session, count, rival),
            Row.Beside("Tasks per second, journal off", module.PerSecond, write.PerSecond, "/s", "bare client that only writes"),
            Row.Beside("CPU per task, journal off", module.Cpu, write.Cpu, "ms", "bare client that only writes"),
            Row.Beside("Emulator's CPU per task", module.EmulatorCpu, write.EmulatorCpu, "ms", "under the bare client"),
            Row.AtMostValue(20, "Managed memory allocated per task, journal off", module.Allocated, "KB", keep.Allocated, Limit),
            Row.Beside("Managed memory allocated per task, journal on", journaled.Allocated, rival.Allocated, "KB", Rival),
            Row.AtMostValue(0.05, "New connections per task", Math.Max(module.WorstConnections, journaled.WorstConnections), "").Enforce(),
            .. await FreshAsync(session, count),
        ];
    }

    /// <summary>The journal's commits and statements for a task. A separate process counts them, because counting takes time.</summary>
    private static async Task<IReadOnlyList<Row>> CountAsync(BenchSession session, int count, Series rival)
    {
        if (!File.Exists(SqliteTrace.Library))
            return [Row.NotMeasured("Commits per task", "the module has no SQLite for this machine")];
        using Worker module = await session.StartModuleAsync(session.NewPath(), traced: true);
        var request = new WorkerRequest { Action = "run", Script = Pipeline, Count = count };
        await RunAsync(session, module, request);
        await module.AskAsync(new WorkerRequest { Action = "traced" });
        await RunAsync(session, module, request);
        Sample traced = await module.AskAsync(new WorkerRequest { Action = "traced" });
        session.Details.Add((["per task", "statement of the journal"], [.. traced.Lines.Select(Cells)]));
        return
        [
            Row.Beside("Commits per task", (double)traced.Commits / count, rival.Commits, "", Rival),
            Row.Beside("SQL statements per task", (double)traced.Statements / count, rival.Statements, "", Rival),
        ];

        string[] Cells(string line)
        {
            string[] parts = line.Split('\t', 2);
            return [Row.Number(double.Parse(parts[0], CultureInfo.InvariantCulture) / count, ""), Shorten(parts[1])];
        }
    }

    /// <summary>The start of a statement as one line.</summary>
    private static string Shorten(string sql)
    {
        string line = string.Join(' ', sql.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            .Replace("|", "\\|", StringComparison.Ordinal);
        return line.Length <= 100 ? line : line[..97] + "...";
    }

    /// <summary>The first tasks of new processes, including the time of compilation.</summary>
    private static async Task<IReadOnlyList<Row>> FreshAsync(BenchSession session, int count)
    {
        IReadOnlyList<Series> series = await session.InterleaveAsync(
            warmUps: 0,
            async () =>
            {
                using Worker client = await session.StartBareClientAsync();
                return await RunAsync(session, client, new WorkerRequest { Action = "keep", Count = count });
            },
            async () =>
            {
                using Worker module = await session.StartModuleAsync("off");
                return await RunAsync(session, module, new WorkerRequest { Action = "run", Script = Pipeline, Count = count });
            });
        return
        [
            Row.Beside($"Tasks per second, the first {count:N0} of a process", series[1].PerSecond, series[0].PerSecond, "/s", Limit),
            Row.Beside($"CPU per task, the first {count:N0} of a process", series[1].Cpu, series[0].Cpu, "ms", Limit),
        ];
    }

    /// <summary>
    /// Runs one rival in a new folder, with new prompts unless the request has one, and checks that no task was lost.
    /// </summary>
    public static async Task<Measured> RunAsync(BenchSession session, Worker worker, WorkerRequest request)
    {
        // The images stay until the end, because their removal would slow down the next rival.
        string path = session.NewPath();
        request = request with { Folder = path, Prompt = request.Prompt.Length > 0 ? request.Prompt : $"a fox of {path}" };
        Measured measured = await session.MeasureAsync(() => worker.AskAsync(request));
        return measured.Expect(request.Count);
    }
}
