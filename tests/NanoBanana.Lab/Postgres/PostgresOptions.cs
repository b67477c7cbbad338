namespace NanoBanana.Lab.Postgres;

/// <summary>Settings of a server for tests.</summary>
internal sealed record PostgresOptions
{
    /// <summary>Whether commits survive a crash of the operating system. Tests without such a crash can set it to false.</summary>
    public bool Fsync { get; init; } = true;

    /// <summary>Whether a commit is durable before its answer. A test sets it to false to check that the client detects this.</summary>
    public bool SynchronousCommit { get; init; } = true;

    /// <summary>
    /// The addresses to listen at, separated by commas. All users of these networks are trusted, except
    /// <see cref="PostgresServer.GuardedUser"/>.
    /// </summary>
    public string ListenAddresses { get; init; } = "127.0.0.1";
}
