namespace NanoBanana.Lab.Machines;

/// <summary>The numbers of a run.</summary>
internal sealed class MachinesReport
{
    public int Batches { get; set; }

    /// <summary>Started processes.</summary>
    public int Processes { get; set; }

    /// <summary>Submissions that the provider accepted.</summary>
    public int Purchases { get; set; }

    /// <summary>Submissions that were unknown after the faults and then submitted again with -ResubmitUnknown.</summary>
    public int Unknown { get; set; }

    /// <summary>The number of these that were bought.</summary>
    public int UnknownButBought { get; set; }

    /// <summary>Image files.</summary>
    public int Images { get; set; }

    /// <summary>Image files that a second machine also saved, because it had no record of the first file.</summary>
    public int Copies { get; set; }

    /// <summary>The broken promises, one sentence for each.</summary>
    public List<string> Broken { get; } = [];
}
