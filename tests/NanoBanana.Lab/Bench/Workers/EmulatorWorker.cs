namespace NanoBanana.Lab.Bench.Workers;

/// <summary>The emulator in a process of its own, whose tasks are done at once.</summary>
internal static class EmulatorWorker
{
    public const string Kind = "bench-emulator";

    public static async Task RunAsync()
    {
        using var emulator = EmulatorServer.Start(new EmulatorOptions { ApiKey = "benchmark-key-4711", TimeScale = 0 });
        foreach (Order order in Orders.Read())
        {
            if (order.Do == "release")
                emulator.Release();
            if (order.Do == "accepted")
                await emulator.WaitForAsync(counters => counters.CreatesAccepted >= order.Count);
            Orders.Answer(new EmulatorState
            {
                Endpoint = emulator.Endpoint,
                ApiKey = emulator.GetApiKey(),
                Counters = emulator.Counters,
                CpuSeconds = Environment.CpuUsage.TotalTime.TotalSeconds,
            });
        }
    }
}
