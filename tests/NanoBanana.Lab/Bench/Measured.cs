using NanoBanana.Lab.Bench.Workers;

namespace NanoBanana.Lab.Bench;

/// <summary>One run: the measurements of the rival, and the counters of the emulator before and after it.</summary>
internal sealed record Measured(Sample Sample, EmulatorState Before, EmulatorState After)
{
    public int Items => Sample.Items;

    /// <summary>Checks that every prompt was bought once and has an output.</summary>
    public Measured Expect(int count)
    {
        long bought = After.Counters.CreatesAccepted - Before.Counters.CreatesAccepted;
        return Items == count && bought == count
            ? this
            : throw new LabException($"The run had {count} prompts, but {bought} tasks were bought and there were {Items} outputs.");
    }
}
