namespace NanoBanana.Lab.Bench;

/// <summary>What to measure, and how long.</summary>
internal sealed record BenchOptions
{
    public bool Quick { get; init; }

    /// <summary>The only part to run; empty for all.</summary>
    public string Only { get; init; } = "";

    /// <summary>How often each rival runs; the median counts.</summary>
    public int Rounds { get; init; }

    /// <summary>The path of the pwsh that runs scripts and imports.</summary>
    public required string Pwsh { get; init; }

    /// <summary>Where images and journals go.</summary>
    public required string Folder { get; init; }

    /// <summary>The file that this run is written to; null for none.</summary>
    public string? Store { get; init; }

    /// <summary>The file of a run that this one is compared with; null for none.</summary>
    public string? Compare { get; init; }

    /// <summary>A number of the full run, and a small one that shows the same in CI.</summary>
    public int Scaled(int full, int quick) => Quick ? quick : full;

    public bool Includes(string part) => Only is "" || Only == part;
}
