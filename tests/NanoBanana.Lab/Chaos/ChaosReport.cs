using System.Globalization;

namespace NanoBanana.Lab.Chaos;

/// <summary>The numbers of a round.</summary>
public sealed record ChaosReport
{
    public static IReadOnlyList<string> Head { get; } =
        ["round", "seconds", "submissions", "polls", "downloads", "faults", "bought", "outcomes", "memory left, KB"];

    /// <summary>The dialect, and whether a journal was used.</summary>
    public required string Round { get; init; }

    public required double Seconds { get; init; }

    public required long Submits { get; init; }

    public required long Polls { get; init; }

    public required long Downloads { get; init; }

    public required long Faults { get; init; }

    /// <summary>Tasks that the service accepted.</summary>
    public required int Bought { get; init; }

    /// <summary>The number of saved prompts, and the number of prompts for each ErrorId.</summary>
    public required string Outcomes { get; init; }

    /// <summary>Bytes that the last nine tenths of the prompts left in memory.</summary>
    public required long MemoryLeft { get; init; }

    public IReadOnlyList<string> Cells =>
        [Round, Text(Seconds), Text(Submits), Text(Polls), Text(Downloads), Text(Faults), Text(Bought), Outcomes, Text(MemoryLeft / 1024)];

    private static string Text(double number) => number.ToString("0", CultureInfo.InvariantCulture);
}
