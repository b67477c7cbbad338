namespace NanoBanana;

/// <summary>The result of <c>Copy-NanoBananaJournal</c>.</summary>
public sealed record JournalCopyResult
{
    /// <summary>The source journal: a path, or an address without its password.</summary>
    public required string From { get; init; }

    /// <summary>The destination journal: a path, or an address without its password.</summary>
    public required string To { get; init; }

    /// <summary>The number of entries that were copied.</summary>
    public required long Copied { get; init; }

    /// <summary>The number of entries that the destination already had. They were not changed.</summary>
    public required long AlreadyThere { get; init; }

    /// <summary>The number of copied entries with an unknown outcome. <see cref="Copied"/> includes them.</summary>
    public required long Unknown { get; init; }

    /// <summary>The number of records of saved files that were copied with their entries. The files themselves are not copied.</summary>
    public required long Files { get; init; }
}
