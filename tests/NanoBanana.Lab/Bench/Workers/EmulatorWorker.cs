using System.Globalization;

namespace NanoBanana.Lab.Bench.Workers;

/// <summary>The emulator in a separate process.</summary>
internal static class EmulatorWorker
{
    public const string Kind = "bench-emulator";

    /// <param name="timeScale">See <see cref="EmulatorOptions.TimeScale"/>. With 0, tasks complete immediately.</param>
    public static async Task RunAsync(string timeScale)
    {
        double scale = double.Parse(timeScale, CultureInfo.InvariantCulture);
        using var emulator = EmulatorServer.Start(new EmulatorOptions { ApiKey = "benchmark-key-4711", TimeScale = scale });
        foreach (WorkerRequest request in WorkerRequests.Read())
        {
            if (request.Action == "release")
                emulator.Release();
            if (request.Action == "accepted")
                await emulator.WaitForAsync(counters => counters.CreatesAccepted >= request.Count);
            WorkerRequests.Answer(new EmulatorState
            {
                Endpoint = emulator.Endpoint,
                ApiKey = emulator.GetApiKey(),
                Counters = emulator.Counters,
                CpuSeconds = Environment.CpuUsage.TotalTime.TotalSeconds,
            });
        }
    }
}
