namespace NanoBanana.Lab.Crash;

/// <summary>The numbers of a run.</summary>
public sealed class CrashReport
{
    /// <summary>Kills by their moment.</summary>
    public SortedDictionary<KillPoint, int> Kills { get; } = [];

    /// <summary>Kills by their kind.</summary>
    public SortedDictionary<Ending, int> Endings { get; } = [];

    public int Batches { get; set; }

    /// <summary>Complete images on disk at the end.</summary>
    public int Images { get; set; }

    /// <summary>Submissions that were reported as unknown and then submitted again with -ResubmitUnknown.</summary>
    public int Unknown { get; set; }

    /// <summary>The number of these that were bought.</summary>
    public int UnknownButBought { get; set; }

    /// <summary>Part files that killed processes left and that the next save removed.</summary>
    public int PartFilesLeft { get; set; }
}
