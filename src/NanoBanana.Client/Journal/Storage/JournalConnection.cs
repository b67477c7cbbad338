namespace NanoBanana.Client.Journal.Storage;

/// <summary>
/// The connection that writes, for one thread at a time. A command is created once for each text and reused. Its members are the operations
/// that differ between the databases, so the journal and its writer work with both.
/// </summary>
/// <param name="store">The store, for errors.</param>
internal abstract class JournalConnection(JournalStore store) : IDisposable
{
    /// <summary>The parameter that is automatically bound to <see cref="Now"/>.</summary>
    public const string NowParameter = "@now";

    /// <summary>
    /// The parameter that is automatically bound to the name of this machine; empty in a store that only one machine uses.
    /// </summary>
    public const string MachineParameter = "@machine";

    /// <summary>The time-out after a failure, so that later changes do not all wait for a store that is not available.</summary>
    protected static readonly TimeSpan ShortLockTimeout = TimeSpan.FromSeconds(1);

    /// <summary>The time in Unix milliseconds, by the clock of the store.</summary>
    public abstract long Now { get; }

    /// <summary>Runs a command.</summary>
    /// <param name="sql">One of a few constant texts. Only the values differ between calls.</param>
    /// <param name="values">A value for every parameter, always in the same order.</param>
    /// <returns>The number of changed rows.</returns>
    public abstract int Run(string sql, params (string Name, object? Value)[] values);

    /// <summary>Runs a command without a result. It can be sent together with the next command.</summary>
    /// <param name="sql">One of a few texts.</param>
    /// <param name="values">A value for every parameter, always in the same order.</param>
    public virtual void Send(string sql, params (string Name, object? Value)[] values) => Run(sql, values);

    /// <summary>Runs a query. Dispose the rows before the next command.</summary>
    /// <param name="sql">One of a few texts.</param>
    /// <param name="values">A value for every parameter.</param>
    public abstract IJournalRows Read(string sql, params (string Name, object? Value)[] values);

    /// <summary>Reserves row numbers for entries, inside a transaction: higher than those of all entries, in ascending order.</summary>
    public abstract IReadOnlyList<long> ReserveRows(int count);

    /// <summary>Begins a transaction. No other process can write until it ends, so values that a change has read stay valid.</summary>
    public abstract void Begin();

    /// <summary>Makes the transaction durable.</summary>
    public virtual void Commit() => Run("COMMIT");

    /// <summary>Rolls back a transaction, unless the database has already rolled it back.</summary>
    public abstract void RollBack();

    /// <summary>Called before each change of a transaction.</summary>
    public virtual void BeginChange()
    {
    }

    /// <summary>
    /// A circuit breaker. After a change has failed with the full time-out, later changes wait only a second, until one succeeds.
    /// </summary>
    /// <param name="hasFailed">Whether the last change has failed.</param>
    public abstract void SetLockTimeout(bool hasFailed);

    /// <summary>Whether to run a failed transaction again, because the connection was lost. It may have been committed.</summary>
    public virtual bool ShouldRetry(Exception e) => false;

    /// <summary>Moves all changes into the file of the store, so that a copy of the file is complete.</summary>
    public virtual void Checkpoint()
    {
    }

    /// <summary>Returns free space to the file system.</summary>
    /// <param name="pages">The maximum number of pages.</param>
    /// <returns>Whether there was free space.</returns>
    public virtual bool ReturnFreePages(int pages) => false;

    /// <inheritdoc cref="JournalStore.IsStoreError"/>
    public bool IsStoreError(Exception e) => store.IsStoreError(e);

    /// <inheritdoc cref="JournalStore.ErrorOf"/>
    public Exception ErrorOf(Exception e) => store.ErrorOf(e);

    /// <inheritdoc cref="JournalStore.Closed"/>
    public NanoBananaException Closed() => store.Closed();

    public abstract void Dispose();
}
