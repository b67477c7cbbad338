using NanoBanana.Lab.Bench.Workers;

namespace NanoBanana.Lab.Bench;

/// <summary>One run: what the rival measured of itself, and what the emulator counted meanwhile.</summary>
internal sealed record Measured(Sample Sample, EmulatorState Before, EmulatorState After)
{
    public int Items => Sample.Items;

    /// <summary>Sees to it that every prompt was bought once and came out.</summary>
    public Measured Expect(int count)
    {
        long bought = After.Counters.CreatesAccepted - Before.Counters.CreatesAccepted;
        return Items == count && bought == count
            ? this
            : throw new LabException($"{count} tasks went in, {bought} were bought and {Items} came out.");
    }
}
