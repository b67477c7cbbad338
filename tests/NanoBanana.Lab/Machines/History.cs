namespace NanoBanana.Lab.Machines;

/// <summary>What happened to one batch, as seen from outside: from the provider, the wire, the databases and the disks.</summary>
internal sealed class History
{
    /// <summary>How many images of each prompt the batch asks for.</summary>
    public required IReadOnlyDictionary<string, int> Wanted { get; init; }

    /// <summary>The purchases in the order in which the provider accepted them.</summary>
    public List<Purchase> Purchases { get; init; } = [];

    /// <summary>What the budget was from the first purchase on, and from each later number of purchases on; null for none.</summary>
    public List<(int From, int? Images)> Budgets { get; init; } = [];

    /// <summary>Prompts that the user asked to buy again because their outcome was unknown.</summary>
    public List<string> Resubmitted { get; init; } = [];

    /// <summary>The answers that reached a machine.</summary>
    public List<Delivery> Deliveries { get; init; } = [];

    /// <summary>The processes that were killed.</summary>
    public List<Kill> Kills { get; init; } = [];

    /// <summary>Entries of the shared journal.</summary>
    public List<Entry> Entries { get; init; } = [];

    /// <summary>Ids in the local journals of the machines, which are still to be settled.</summary>
    public HashSet<string> Local { get; init; } = [];

    /// <summary>The files of all machines.</summary>
    public List<SavedFile> Files { get; init; } = [];
}

/// <summary>A task that the provider accepted.</summary>
internal sealed record Purchase(string Id, string Prompt);

/// <summary>An id on its way to a machine.</summary>
/// <param name="Id">The id.</param>
/// <param name="Machine">The machine.</param>
/// <param name="Connected">When the process made the connection.</param>
/// <param name="At">When the answer was there.</param>
internal sealed record Delivery(string Id, string Machine, DateTime Connected, DateTime At);

/// <summary>The end of a process.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Since">An answer that came later may not have been read: the process was paused, or had just a moment.</param>
/// <param name="At">When it was killed.</param>
internal sealed record Kill(string Machine, DateTime Since, DateTime At);

/// <summary>An entry of the journal.</summary>
/// <param name="Id">Null for a submission that was not answered.</param>
/// <param name="Status">As the journal spells it.</param>
/// <param name="Prompt">The prompt.</param>
/// <param name="Holds">Whether it keeps its request from being bought.</param>
internal sealed record Entry(string? Id, string Status, string Prompt, bool Holds);

/// <summary>An image file.</summary>
/// <param name="Machine">On whose disk it is.</param>
/// <param name="Path">Its path.</param>
/// <param name="Id">The task that its name says.</param>
/// <param name="IsWhole">Whether it has the bytes that the provider has.</param>
internal sealed record SavedFile(string Machine, string Path, string Id, bool IsWhole);
