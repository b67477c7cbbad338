namespace NanoBanana;

/// <summary>What <c>Copy-NanoBananaJournal</c> has copied.</summary>
public sealed record JournalCopyResult
{
    /// <summary>The journal that was read: a path, or an address without its password.</summary>
    public required string From { get; init; }

    /// <summary>The journal that was written: a path, or an address without its password.</summary>
    public required string To { get; init; }

    /// <summary>The entries that were copied.</summary>
    public required long Copied { get; init; }

    /// <summary>The entries that the destination had already. They were left as they are there.</summary>
    public required long AlreadyThere { get; init; }

    /// <summary>The copied entries whose submit was never answered. They are among <see cref="Copied"/>.</summary>
    public required long Unknown { get; init; }

    /// <summary>The records of saved files that were copied with their entries. The files themselves stay where they are.</summary>
    public required long Files { get; init; }
}
