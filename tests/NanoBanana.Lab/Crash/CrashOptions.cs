namespace NanoBanana.Lab.Crash;

/// <summary>The number of processes to kill, the ways to end them, and the size of the batches.</summary>
public sealed record CrashOptions
{
    /// <summary>The number of processes to kill.</summary>
    public required int Kills { get; init; }

    /// <summary>Repeats the same choice of moments.</summary>
    public required int Seed { get; init; }

    /// <summary>Images of a batch, at least 5. One prompt occurs twice.</summary>
    public int Prompts { get; init; } = 50;

    /// <summary>Maximum number of kills before a batch can finish.</summary>
    public int KillsOfBatch { get; init; } = 12;

    /// <summary>What can happen to the processes. The choice is random for each process.</summary>
    public IReadOnlyList<Ending> With { get; init; } = [Ending.Kill];

    /// <summary>Receives a line for each step.</summary>
    public Action<string> Progress { get; init; } = _ => { };
}
