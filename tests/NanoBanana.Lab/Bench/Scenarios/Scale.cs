using NanoBanana.Lab.Bench.Workers;

namespace NanoBanana.Lab.Bench.Scenarios;

/// <summary>
/// Ten thousand tasks in flight: memory of each, processor time of the wait, and whether the cost of each is that of one of a hundred.
/// </summary>
internal static class Scale
{
    private const string Wait =
        "$prompts | New-NanoBananaImage -Resolution 0.5K -ThrottleLimit 64 | Wait-NanoBananaTask -TimeoutSec 3600";

    public static async Task<IReadOnlyList<Row>> RunAsync(BenchSession session)
    {
        int crowd = session.Options.Scaled(10_000, 500);
        return [.. await InFlightAsync(session, crowd), .. await PerTaskAsync(session, crowd), .. await ProgressAsync(session, crowd)];
    }

    private static async Task<IReadOnlyList<Row>> InFlightAsync(BenchSession session, int crowd)
    {
        using Worker module = await session.StartModuleAsync("off");
        // Run first with fewer tasks, so that one-time allocations are not counted for each task.
        await MeasureHeldTasksAsync(session, module, crowd / 10, TimeSpan.Zero);
        var watched = TimeSpan.FromSeconds(session.Options.Scaled(20, 1));
        (double bytes, double core, double poll) = await MeasureHeldTasksAsync(session, module, crowd, watched);
        double bare = await AllocatedByBarePollAsync(session);
        return
        [
            Row.Beside("Managed memory allocated per poll", poll, bare, "KB", "bare client that parses nothing"),
            Row.AtMostValue(5, $"Managed memory of a task in flight, {crowd:N0} of them", bytes / 1000, "KB"),
            Row.AtMostValue(2, $"Of one core, waiting for {crowd:N0} while none completes", core * 100, "%"),
        ];
    }

    /// <summary>Memory that .NET's HTTP client allocates for a request and its answer, in kilobytes.</summary>
    private static async Task<double> AllocatedByBarePollAsync(BenchSession session)
    {
        using Worker client = await session.StartBareClientAsync();
        var request = new WorkerRequest { Action = "poll", Count = session.Options.Scaled(5000, 1000), Prompt = "[hold] an owl" };
        await client.AskAsync(request);
        Sample sample = await client.AskAsync(request);
        await session.AskEmulatorAsync("release");
        return sample.AllocatedBytes / 1000.0 / sample.Items;
    }

    /// <returns>
    /// Managed bytes for each waiting task, the share of a core that the wait takes, and kilobytes allocated per poll.
    /// </returns>
    private static async Task<(double Bytes, double Core, double PerPoll)> MeasureHeldTasksAsync(
        BenchSession session, Worker module, int count, TimeSpan watched)
    {
        EmulatorState state = await session.AskEmulatorAsync("state");
        await module.AskAsync(new WorkerRequest { Action = "prepare", Count = count, Prompt = $"[hold] an owl of {session.NewPath()}" });
        Sample before = await module.AskAsync(new WorkerRequest { Action = "collect" });
        await module.AskAsync(new WorkerRequest { Action = "begin", Script = Wait });
        await session.AskEmulatorAsync("accepted", (int)state.Counters.CreatesAccepted + count);
        Sample during = await module.AskAsync(new WorkerRequest { Action = "collect" });
        // Measure twice. Before the first measurement, each task has had its first poll.
        await Task.Delay(watched / 2);
        EmulatorState polledBefore = await session.AskEmulatorAsync("state");
        Sample from = await module.AskAsync(new WorkerRequest { Action = "measure" });
        await Task.Delay(watched);
        Sample to = await module.AskAsync(new WorkerRequest { Action = "measure" });
        EmulatorState polledAfter = await session.AskEmulatorAsync("state");
        await session.AskEmulatorAsync("release");
        Sample end = await module.AskAsync(new WorkerRequest { Action = "end" });
        if (end.Items != count || end.Problems.Count > 0)
            throw new LabException($"{end.Items} of {count} tasks ended. {string.Join(" | ", end.Problems)}");
        return (
            (double)(during.ManagedBytes - before.ManagedBytes) / count,
            (to.CpuSeconds - from.CpuSeconds) / (to.Seconds - from.Seconds),
            (to.AllocatedBytes - from.AllocatedBytes) / 1000.0 / (polledAfter.Counters.Polls - polledBefore.Counters.Polls));
    }

    private static async Task<IReadOnlyList<Row>> PerTaskAsync(BenchSession session, int crowd)
    {
        const int Few = 100;
        using Worker module = await session.StartModuleAsync("off");
        IReadOnlyList<Series> series = await session.InterleaveAsync(
            warmUps: 1,
            () => Throughput.RunAsync(session, module, new WorkerRequest { Action = "run", Script = Throughput.Pipeline, Count = crowd }),
            () => RepeatAsync(session, module, Few, crowd / Few));
        return
        [
            Row.AtMost(1.2, $"CPU per task, {crowd:N0} in one pipeline", series[0].Cpu, series[1].Cpu, "ms", $"{Few} in one pipeline"),
            Row.Beside(
                $"Tasks per second, {crowd:N0} in one pipeline", series[0].PerSecond, series[1].PerSecond, "/s", $"{Few} in one pipeline"),
        ];
    }

    /// <summary>Several short runs as one. One short run is too short to measure its processor time.</summary>
    private static Task<Measured> RepeatAsync(BenchSession session, Worker module, int count, int times)
    {
        string pipeline = Throughput.Pipeline["$prompts | ".Length..];
        string script = $"for ($i = 0; $i -lt $prompts.Count; $i += {count}) {{ $prompts[$i..($i + {count - 1})] | {pipeline} }}";
        return Throughput.RunAsync(session, module, new WorkerRequest { Action = "run", Count = count * times, Script = script });
    }

    private static async Task<IReadOnlyList<Row>> ProgressAsync(BenchSession session, int crowd)
    {
        const string Quiet = "$prompts | New-NanoBananaImage -Resolution 0.5K -ProgressAction SilentlyContinue | "
            + "Wait-NanoBananaTask -ProgressAction SilentlyContinue | "
            + "Save-NanoBananaImage -Destination $folder -ProgressAction SilentlyContinue";
        using Worker module = await session.StartModuleAsync("off");
        IReadOnlyList<Series> series = await session.InterleaveAsync(
            warmUps: 1,
            () => Throughput.RunAsync(session, module, new WorkerRequest { Action = "run", Script = Throughput.Pipeline, Count = crowd }),
            () => Throughput.RunAsync(session, module, new WorkerRequest { Action = "run", Script = Quiet, Count = crowd }));
        string name = $"CPU per task with progress shown, {crowd:N0} tasks";
        return [Row.Beside(name, series[0].Cpu, series[1].Cpu, "ms", "-ProgressAction SilentlyContinue")];
    }
}
