using NanoBanana.Lab.Bench.Workers;

namespace NanoBanana.Lab.Bench.Scenarios;

/// <summary>Compares the module with usual scripts, all in pwsh.</summary>
internal static class Scripts
{
    private const string OneByOne = "Invoke-RestMethod, one by one";
    private const string Parallel = "ForEach-Object -Parallel, 16 at a time";

    /// <summary>Median duration of the emulator's tasks of 0.5K at a time scale of 1.</summary>
    private const double MedianSeconds = 8;

    public static async Task<IReadOnlyList<Row>> RunAsync(BenchSession session) =>
        [.. await WithoutDelayAsync(session), .. await WithRealDurationsAsync(session)];

    /// <summary>
    /// Tasks complete immediately, so only the time of each program is measured. The scripts have fewer prompts, because they are slow.
    /// </summary>
    private static async Task<IReadOnlyList<Row>> WithoutDelayAsync(BenchSession session)
    {
        (int count, int few) = (session.Options.Scaled(2000, 1200), session.Options.Scaled(300, 20));
        using Worker off = await session.StartModuleInPwshAsync("off");
        using Worker on = await session.StartModuleInPwshAsync(session.NewPath());
        using Worker scripts = Worker.StartPwsh(session.Options.Pwsh);
        IReadOnlyList<Series> series = await session.InterleaveAsync(
            warmUps: session.Options.Scaled(3, 1),
            () => Throughput.RunAsync(session, off, new WorkerRequest { Action = "run", Script = Throughput.Pipeline, Count = count }),
            () => Throughput.RunAsync(session, on, new WorkerRequest { Action = "run", Script = Throughput.Pipeline, Count = count }),
            () => Throughput.RunAsync(session, scripts, Script(session, "Sequential.ps1", few)),
            () => Throughput.RunAsync(session, scripts, Script(session, "Parallel.ps1", few)));
        (Series module, Series journaled) = (series[0], series[1]);
        return [.. Rows(series[2], OneByOne), .. Rows(series[3], Parallel)];

        IEnumerable<Row> Rows(Series script, string whose) =>
        [
            Row.AtLeast(10, "Tasks per second, in pwsh, journal off", module.PerSecond, script.PerSecond, "/s", whose),
            Row.AtLeast(10, "Tasks per second, in pwsh, journal on", journaled.PerSecond, script.PerSecond, "/s", whose),
            Row.Beside("CPU per task, in pwsh, journal on", journaled.Cpu, script.Cpu, "ms", whose),
            Row.Beside("New connections per task, in pwsh", journaled.WorstConnections, script.WorstConnections, "", whose),
        ];
    }

    /// <summary>
    /// Tasks with a realistic median of 15 s. Each program has a separate service, which uses the same times for the same prompts. All run
    /// at the same time, because they only wait. The script that runs one task at a time has only a few prompts.
    /// </summary>
    private static async Task<IReadOnlyList<Row>> WithRealDurationsAsync(BenchSession session)
    {
        int seconds = session.Options.Scaled(15, 1);
        (int count, int few) = (session.Options.Scaled(64, 16), session.Options.Scaled(4, 2));
        const string Prompt = "a fox in the snow";
        Series[] series = await Task.WhenAll(
            MeasureAsync(async own => (
                await own.StartModuleInPwshAsync(own.NewPath()),
                new WorkerRequest { Action = "run", Script = Throughput.Pipeline, Count = count })),
            MeasureAsync(own => Task.FromResult((Worker.StartPwsh(own.Options.Pwsh), Script(own, "Sequential.ps1", few)))),
            MeasureAsync(own => Task.FromResult((Worker.StartPwsh(own.Options.Pwsh), Script(own, "Parallel.ps1", count)))));
        Series module = series[0];
        return [.. Rows(series[1], $"{OneByOne}, {few} prompts"), .. Rows(series[2], Parallel)];

        async Task<Series> MeasureAsync(Func<BenchSession, Task<(Worker Worker, WorkerRequest Request)>> start)
        {
            using BenchSession own = await BenchSession.OpenAsync(session.Options, seconds / MedianSeconds);
            (Worker worker, WorkerRequest request) = await start(own);
            using (worker)
            {
                Measured only = await Throughput.RunAsync(own, worker, request with { Prompt = Prompt });
                return new Series([only], only);
            }
        }

        IEnumerable<Row> Rows(Series script, string whose) =>
        [
            Row.Beside(
                $"Tasks per minute, {count} prompts of {seconds} s, in pwsh", 60 * module.PerSecond, 60 * script.PerSecond, "/min", whose),
            Row.Beside($"Polls per task of {seconds} s, in pwsh", module.Polls, script.Polls, "", whose),
        ];
    }

    private static WorkerRequest Script(BenchSession session, string name, int count) =>
        new() { Action = "run", Script = $"{session.EndpointScript}\n{BenchSession.ScriptFile(name)}", Count = count };
}
