namespace NanoBanana.Lab.Machines;

/// <summary>The numbers of a run.</summary>
internal sealed class MachinesReport
{
    public int Batches { get; set; }

    /// <summary>Processes that were started.</summary>
    public int Processes { get; set; }

    /// <summary>What the provider sold.</summary>
    public int Purchases { get; set; }

    /// <summary>Submissions that were unknown when the faults had ended, and were bought again when the user asked for it.</summary>
    public int Unknown { get; set; }

    /// <summary>Of these, how many had been bought.</summary>
    public int UnknownButBought { get; set; }

    /// <summary>Image files.</summary>
    public int Images { get; set; }

    /// <summary>Image files that a second machine saved too, because it could not know of the first.</summary>
    public int Copies { get; set; }

    /// <summary>Sentences for broken promises.</summary>
    public List<string> Broken { get; } = [];
}
