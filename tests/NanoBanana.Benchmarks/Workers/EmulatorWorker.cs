namespace NanoBanana.Benchmarks.Workers;

/// <summary>The emulator in a process of its own, whose tasks are done at once.</summary>
internal static class EmulatorWorker
{
    public static async Task<int> RunAsync()
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
                ApiKey = emulator.ApiKey,
                Counters = emulator.Counters,
                CpuSeconds = Environment.CpuUsage.TotalTime.TotalSeconds,
            });
        }
        return 0;
    }
}
