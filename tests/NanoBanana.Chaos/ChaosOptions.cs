namespace NanoBanana.Chaos;

/// <summary>How many prompts to send through how bad a service.</summary>
public sealed record ChaosOptions
{
    /// <summary>Prompts of a round, at least 10.</summary>
    public required int Tasks { get; init; }

    /// <summary>Share of requests that go wrong, 0 to 1.</summary>
    public required double Rate { get; init; }

    /// <summary>Where the faults are drawn from.</summary>
    public required int Seed { get; init; }

    /// <summary>The protocol that is spoken: <c>Generation</c> or <c>Queue</c>.</summary>
    public string Protocol { get; init; } = "Generation";

    /// <summary>Whether requests may stall until the client gives up: lifelike, and slow.</summary>
    public bool Stalls { get; init; }

    /// <summary>How long a round may take.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Hears of each step.</summary>
    public Action<string> Say { get; init; } = _ => { };
}
