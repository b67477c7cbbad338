namespace NanoBanana.Lab.Crash;

/// <summary>The numbers of a run.</summary>
public sealed class CrashReport
{
    /// <summary>Kills by their moment.</summary>
    public SortedDictionary<KillPoint, int> Kills { get; } = [];

    /// <summary>The same, by how they ended.</summary>
    public SortedDictionary<Ending, int> Endings { get; } = [];

    public int Batches { get; set; }

    /// <summary>Images that were on disk, whole, at the end.</summary>
    public int Images { get; set; }

    /// <summary>Submissions that were reported as unknown, and bought again when the user asked for it.</summary>
    public int Unknown { get; set; }

    /// <summary>Of these, how many had been bought.</summary>
    public int UnknownButBought { get; set; }

    /// <summary>Part files that killed processes left behind, and that the next save removed.</summary>
    public int PartFilesLeft { get; set; }
}
