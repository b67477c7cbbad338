namespace NanoBanana.Crash;

/// <summary>What a run came to.</summary>
public sealed class CrashReport
{
    /// <summary>Kills by their moment.</summary>
    public SortedDictionary<KillPoint, int> Kills { get; } = [];

    public int Batches { get; set; }

    /// <summary>Pictures that were on disk, whole, at the end.</summary>
    public int Pictures { get; set; }

    /// <summary>Submits that were reported as of unknown fate, and bought again when that was asked for.</summary>
    public int Unknown { get; set; }

    /// <summary>Of these, how many had been bought.</summary>
    public int UnknownButBought { get; set; }

    /// <summary>Part files that killed processes left behind, and that the next save removed.</summary>
    public int PartFilesLeft { get; set; }

    public override string ToString() =>
        $"{Kills.Values.Sum()} kills ({string.Join(", ", Kills.Select(k => $"{k.Key} {k.Value}"))}), {Batches} batches, {Pictures} whole pictures, "
        + $"{Unknown} submits of unknown fate reported ({UnknownButBought} of them bought), {PartFilesLeft} part files left and removed. "
        + "Nothing was bought twice unasked, no id was lost, every journal is intact.";
}
