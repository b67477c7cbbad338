namespace NanoBanana.Lab.Machines;

/// <summary>The history of one batch, from the provider, the network, the databases and the disks.</summary>
internal sealed class History
{
    /// <summary>The number of requested images for each prompt.</summary>
    public required IReadOnlyDictionary<string, int> Wanted { get; init; }

    /// <summary>The purchases in the order of their acceptance.</summary>
    public List<Purchase> Purchases { get; init; } = [];

    /// <summary>The budgets, each with the number of purchases from which on it applies; null for no budget.</summary>
    public List<(int From, int? Images)> Budgets { get; init; } = [];

    /// <summary>Prompts that were submitted again with -ResubmitUnknown.</summary>
    public List<string> Resubmitted { get; init; } = [];

    /// <summary>The answers that reached a machine.</summary>
    public List<Delivery> Deliveries { get; init; } = [];

    /// <summary>The processes that were killed.</summary>
    public List<Kill> Kills { get; init; } = [];

    /// <summary>Entries of the shared journal.</summary>
    public List<Entry> Entries { get; init; } = [];

    /// <summary>Ids in the outcomes files of the machines, which are not in the shared journal yet.</summary>
    public HashSet<string> Local { get; init; } = [];

    /// <summary>The files of all machines.</summary>
    public List<SavedFile> Files { get; init; } = [];
}

/// <summary>A task that the provider accepted.</summary>
internal sealed record Purchase(string Id, string Prompt);

/// <summary>An id that was sent to a machine.</summary>
/// <param name="Id">The id.</param>
/// <param name="Machine">The machine.</param>
/// <param name="Connected">When the process connected.</param>
/// <param name="At">When the answer arrived.</param>
internal sealed record Delivery(string Id, string Machine, DateTime Connected, DateTime At);

/// <summary>The end of a process.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Since">The process may not have read later answers, because it was paused or had too little time.</param>
/// <param name="At">When it was killed.</param>
internal sealed record Kill(string Machine, DateTime Since, DateTime At);

/// <summary>An entry of the journal.</summary>
/// <param name="Id">Null for a submission without an answer.</param>
/// <param name="Status">The status in the journal.</param>
/// <param name="Prompt">The prompt.</param>
/// <param name="Holds">Whether it holds its request, so that the request is not bought again.</param>
internal sealed record Entry(string? Id, string Status, string Prompt, bool Holds);

/// <summary>An image file.</summary>
/// <param name="Machine">The machine of the disk.</param>
/// <param name="Path">Its path.</param>
/// <param name="Id">The id of the task in its name.</param>
/// <param name="IsWhole">Whether it has the same bytes as the provider's image.</param>
internal sealed record SavedFile(string Machine, string Path, string Id, bool IsWhole);
