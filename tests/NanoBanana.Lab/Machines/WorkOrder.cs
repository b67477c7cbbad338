namespace NanoBanana.Lab.Machines;

/// <summary>The parameters of the processes of all machines.</summary>
internal sealed record WorkOrder(string Endpoint, string Key, string Prompts, string Batch, string Journal, int LeaseSeconds)
{
    /// <summary>Maximum number of images per day; null for no limit.</summary>
    public int? Budget { get; init; }

    /// <summary>Whether unknown requests are submitted again.</summary>
    public bool Resubmit { get; init; }
}
