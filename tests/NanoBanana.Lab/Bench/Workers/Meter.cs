using System.Diagnostics;

namespace NanoBanana.Lab.Bench.Workers;

/// <summary>Measures its own process from its creation.</summary>
internal sealed class Meter
{
    private readonly long _allocated = GC.GetTotalAllocatedBytes();
    private readonly TimeSpan _cpu = Environment.CpuUsage.TotalTime;
    private readonly long _start = Stopwatch.GetTimestamp();

    public Sample Read(bool collect = false)
    {
        TimeSpan wall = Stopwatch.GetElapsedTime(_start);
        TimeSpan cpu = Environment.CpuUsage.TotalTime - _cpu;
        long allocated = GC.GetTotalAllocatedBytes() - _allocated;
        using var process = Process.GetCurrentProcess();
        return new Sample
        {
            Seconds = wall.TotalSeconds,
            CpuSeconds = cpu.TotalSeconds,
            AllocatedBytes = allocated,
            ManagedBytes = GC.GetTotalMemory(collect),
            PeakBytes = process.PeakWorkingSet64,
        };
    }
}
