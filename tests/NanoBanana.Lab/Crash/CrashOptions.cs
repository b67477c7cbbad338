namespace NanoBanana.Lab.Crash;

/// <summary>How many processes to kill and how, and how large the batches are.</summary>
public sealed record CrashOptions
{
    /// <summary>How many processes to kill.</summary>
    public required int Kills { get; init; }

    /// <summary>Repeats the same choice of moments.</summary>
    public required int Seed { get; init; }

    /// <summary>Images of a batch, at least 5: one prompt stands there twice.</summary>
    public int Prompts { get; init; } = 50;

    /// <summary>Maximum number of kills before a batch may finish.</summary>
    public int KillsOfBatch { get; init; } = 12;

    /// <summary>What happens to the processes; chosen anew for each.</summary>
    public IReadOnlyList<Ending> With { get; init; } = [Ending.Kill];

    /// <summary>Receives a line for each step.</summary>
    public Action<string> Progress { get; init; } = _ => { };
}
