namespace NanoBanana.Crash;

/// <summary>What to do to the batches.</summary>
public sealed record CrashOptions
{
    /// <summary>How many processes to kill.</summary>
    public required int Kills { get; init; }

    /// <summary>Where the moments are drawn from.</summary>
    public required int Seed { get; init; }

    /// <summary>Pictures of a batch, at least 2: one prompt is meant twice.</summary>
    public int Prompts { get; init; } = 50;

    /// <summary>So many kills at the most before a batch may finish.</summary>
    public int KillsOfBatch { get; init; } = 12;

    /// <summary>Hears of each step.</summary>
    public Action<string> Say { get; init; } = _ => { };
}
