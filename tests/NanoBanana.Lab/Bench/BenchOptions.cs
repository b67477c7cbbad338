namespace NanoBanana.Lab.Bench;

/// <summary>The parts to measure and the number of runs.</summary>
internal sealed record BenchOptions
{
    public bool Quick { get; init; }

    /// <summary>The only part to run; empty for all.</summary>
    public string Only { get; init; } = "";

    /// <summary>Measured runs of each rival. The result is the median.</summary>
    public int Rounds { get; init; }

    /// <summary>The path of the pwsh that runs scripts and imports.</summary>
    public required string Pwsh { get; init; }

    /// <summary>The folder of images and journals.</summary>
    public required string Folder { get; init; }

    /// <summary>The file to write this run to, or null.</summary>
    public string? Store { get; init; }

    /// <summary>The file of a run to compare with, or null.</summary>
    public string? Compare { get; init; }

    /// <summary>The number for a full run or the smaller one for CI.</summary>
    public int Scaled(int full, int quick) => Quick ? quick : full;

    public bool Includes(string part) => Only is "" || Only == part;
}
