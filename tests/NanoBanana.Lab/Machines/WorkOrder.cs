namespace NanoBanana.Lab.Machines;

/// <summary>What the processes of all machines run.</summary>
internal sealed record WorkOrder(string Endpoint, string Key, string Prompts, string Batch, string Journal, int LeaseSeconds)
{
    /// <summary>Images of a day; null for no limit.</summary>
    public int? Budget { get; init; }

    /// <summary>Whether unknown submissions are bought again.</summary>
    public bool Resubmit { get; init; }
}
