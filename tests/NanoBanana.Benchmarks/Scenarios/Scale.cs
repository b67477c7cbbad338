using NanoBanana.Benchmarks.Workers;

namespace NanoBanana.Benchmarks.Scenarios;

/// <summary>Ten thousand tasks in flight: what each holds in memory, what waiting for all costs, and whether each is as cheap as one of a hundred.</summary>
internal static class Scale
{
    private const string Wait = "$prompts | New-NanoBananaImage -Resolution 0.5K -ThrottleLimit 64 | Wait-NanoBananaTask -TimeoutSec 3600";

    public static async Task<IReadOnlyList<Row>> RunAsync(Lab lab)
    {
        int crowd = lab.Options.Scaled(10_000, 500);
        return [.. await InFlightAsync(lab, crowd), .. await PerTaskAsync(lab, crowd), .. await ProgressAsync(lab, crowd)];
    }

    private static async Task<IReadOnlyList<Row>> InFlightAsync(Lab lab, int crowd)
    {
        using Worker module = await lab.StartModuleAsync("off");
        // Once before, on fewer: what is made once for all is not a task's.
        await HoldAsync(lab, module, crowd / 10, TimeSpan.Zero);
        (double bytes, double core) = await HoldAsync(lab, module, crowd, TimeSpan.FromSeconds(lab.Options.Scaled(20, 1)));
        return
        [
            Row.NoMoreThan(5, $"Managed memory of a task in flight, {crowd:N0} of them", bytes / 1000, "KB"),
            Row.NoMoreThan(2, $"Of one core, waiting for {crowd:N0} while none completes", core * 100, "%"),
        ];
    }

    /// <returns>Managed bytes for each task that is waited for, and the share of a core that waiting takes.</returns>
    private static async Task<(double Bytes, double Core)> HoldAsync(Lab lab, Worker module, int count, TimeSpan watched)
    {
        EmulatorState state = await lab.AskEmulatorAsync("state");
        await module.AskAsync(new Order { Do = "prepare", Count = count, Prompt = $"[hold] an owl of {lab.NewPath()}" });
        Sample before = await module.AskAsync(new Order { Do = "collect" });
        await module.AskAsync(new Order { Do = "begin", Script = Wait });
        await lab.AskEmulatorAsync("accepted", (int)state.Counters.CreatesAccepted + count);
        Sample during = await module.AskAsync(new Order { Do = "collect" });
        // Two looks: the first polls of all are over before the first.
        await Task.Delay(watched / 2);
        Sample from = await module.AskAsync(new Order { Do = "measure" });
        await Task.Delay(watched);
        Sample to = await module.AskAsync(new Order { Do = "measure" });
        await lab.AskEmulatorAsync("release");
        Sample end = await module.AskAsync(new Order { Do = "end" });
        if (end.Items != count || end.Troubles.Count > 0)
            throw new BenchmarkException($"{count} tasks were waited for, {end.Items} came out. {string.Join(" | ", end.Troubles)}");
        return ((double)(during.ManagedBytes - before.ManagedBytes) / count, (to.CpuSeconds - from.CpuSeconds) / (to.Seconds - from.Seconds));
    }

    private static async Task<IReadOnlyList<Row>> PerTaskAsync(Lab lab, int crowd)
    {
        const int Few = 100;
        using Worker module = await lab.StartModuleAsync("off");
        IReadOnlyList<Series> series = await lab.InterleaveAsync(
            warmUps: 1,
            () => Throughput.RunAsync(lab, module, new Order { Do = "run", Script = Throughput.Pipeline, Count = crowd }),
            () => RepeatAsync(lab, module, Few, crowd / Few));
        return
        [
            Row.AtMost(1.2, $"CPU per task, {crowd:N0} in one pipeline", series[0].Cpu, series[1].Cpu, "ms", $"{Few} in one pipeline"),
            Row.Beside($"Tasks per second, {crowd:N0} in one pipeline", series[0].PerSecond, series[1].PerSecond, "/s", $"{Few} in one pipeline"),
        ];
    }

    /// <summary>Many short runs as one long one: a short one is too short for the clock of the processor.</summary>
    private static Task<Measured> RepeatAsync(Lab lab, Worker module, int count, int times) => Throughput.RunAsync(lab, module, new Order
    {
        Do = "run",
        Count = count * times,
        Script = $"for ($i = 0; $i -lt $prompts.Count; $i += {count}) {{ $prompts[$i..($i + {count - 1})] | {Throughput.Pipeline["$prompts | ".Length..]} }}",
    });

    private static async Task<IReadOnlyList<Row>> ProgressAsync(Lab lab, int crowd)
    {
        const string Quiet = "$prompts | New-NanoBananaImage -Resolution 0.5K -ProgressAction SilentlyContinue | Wait-NanoBananaTask -ProgressAction SilentlyContinue | Save-NanoBananaImage -Destination $folder -ProgressAction SilentlyContinue";
        using Worker module = await lab.StartModuleAsync("off");
        IReadOnlyList<Series> series = await lab.InterleaveAsync(
            warmUps: 1,
            () => Throughput.RunAsync(lab, module, new Order { Do = "run", Script = Throughput.Pipeline, Count = crowd }),
            () => Throughput.RunAsync(lab, module, new Order { Do = "run", Script = Quiet, Count = crowd }));
        return [Row.Beside($"CPU per task with progress shown, {crowd:N0} tasks", series[0].Cpu, series[1].Cpu, "ms", "-ProgressAction SilentlyContinue")];
    }
}
