using System.Diagnostics;
using NanoBanana.Client.Wire;

namespace NanoBanana.Lab.Fuzz;

/// <summary>Reads bodies by their numbers, on all processors.</summary>
internal sealed class FuzzRun(int seed, IReadOnlyList<IWireDialect> dialects)
{
    /// <summary>Time limit of a body. The slowest one takes a few seconds, and a busy machine needs more time.</summary>
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Memory limit, as a multiple of the size of a body: tables of the parser, the text twice, objects, the text of the journal, and a
    /// reserve.
    /// </summary>
    private const double MaximumMemoryRatio = 200;

    private const int MaximumBroken = 20;

    private readonly object _lock = new();
    private readonly List<(int Number, string What)> _broken = [];
    private (TimeSpan Time, int Number) _slowest;
    private (double Ratio, int Number) _largestMemory;
    private int _read;

    public FuzzReport Read(int bodies)
    {
        Parallel.For(0, bodies, (number, loop) =>
        {
            if (!ReadOne(number))
                loop.Stop();
        });
        return new FuzzReport(_read, [.. _broken.OrderBy(b => b.Number)], _slowest, _largestMemory);
    }

    /// <returns>False after the maximum number of broken bodies.</returns>
    public bool ReadOne(int number)
    {
        byte[] body = BodyMutator.Make(seed, number);
        long memory = GC.GetAllocatedBytesForCurrentThread();
        long start = Stopwatch.GetTimestamp();
        string? broken = null;
        try
        {
            foreach (IWireDialect dialect in dialects)
                ReaderCheck.Run(dialect, body);
        }
        catch (LabException e)
        {
            broken = e.Message;
        }
        TimeSpan time = Stopwatch.GetElapsedTime(start);
        double ratio = (double)(GC.GetAllocatedBytesForCurrentThread() - memory) / (body.Length + 65_536) / dialects.Count;
        broken ??= time > TimeLimit ? $"it took {time}" : ratio > MaximumMemoryRatio ? $"it took {ratio:0} times its size in memory" : null;
        lock (_lock)
        {
            _read++;
            if (time > _slowest.Time)
                _slowest = (time, number);
            if (ratio > _largestMemory.Ratio)
                _largestMemory = (ratio, number);
            if (broken is not null)
                _broken.Add((number, broken));
            return _broken.Count < MaximumBroken;
        }
    }
}
