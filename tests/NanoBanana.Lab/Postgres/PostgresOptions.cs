namespace NanoBanana.Lab.Postgres;

/// <summary>How a server for tests is set up.</summary>
internal sealed record PostgresOptions
{
    /// <summary>What a commit survives is the default; false for tests that never let the machine crash.</summary>
    public bool Fsync { get; init; } = true;

    /// <summary>Whether a commit is durable before it is answered. Off only to see that this is noticed.</summary>
    public bool SynchronousCommit { get; init; } = true;

    /// <summary>
    /// Addresses at which it listens, with commas. All users of these networks are trusted, apart from
    /// <see cref="PostgresServer.GuardedUser"/>.
    /// </summary>
    public string ListenAddresses { get; init; } = "127.0.0.1";
}
