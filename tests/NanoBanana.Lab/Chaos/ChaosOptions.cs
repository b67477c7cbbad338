namespace NanoBanana.Lab.Chaos;

/// <summary>The number of prompts, and how often the service fails.</summary>
public sealed record ChaosOptions
{
    /// <summary>Prompts of a round, at least 10.</summary>
    public required int Tasks { get; init; }

    /// <summary>Share of requests that fail, 0 to 1.</summary>
    public required double Rate { get; init; }

    /// <summary>Repeats the same faults.</summary>
    public required int Seed { get; init; }

    /// <summary>The dialect: <c>Generation</c> or <c>Queue</c>.</summary>
    public string Protocol { get; init; } = "Generation";

    /// <summary>Whether requests can stall until the client times out, which is slow.</summary>
    public bool Stalls { get; init; }

    /// <summary>Time limit of a round.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Receives a line for each step.</summary>
    public Action<string> Progress { get; init; } = _ => { };
}
