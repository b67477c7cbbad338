
namespace NanoBanana.Client.Journal.Storage;

/// <summary>
/// The connection that writes, for one thread at a time. A command is made once for each text and used again. What the databases do
/// differently is a member here: the journal and its writer name neither.
/// </summary>
/// <param name="store">The store, for errors.</param>
internal abstract class JournalConnection(JournalStore store) : IDisposable
{
    /// <summary>The parameter that is bound to <see cref="Now"/> by itself.</summary>
    public const string NowParameter = "@now";

    /// <summary>The parameter that is bound to the name of this machine by itself: empty in a store that one machine alone uses.</summary>
    public const string MachineParameter = "@machine";

    /// <summary>After a failure: whoever waits for the store is not to wait in vain, change after change.</summary>
    protected static readonly TimeSpan ShortPatience = TimeSpan.FromSeconds(1);

    /// <summary>The time in Unix milliseconds, by the clock of the store.</summary>
    public abstract long Now { get; }

    /// <summary>Runs a command.</summary>
    /// <param name="sql">One of a few texts: what differs from call to call is in the values.</param>
    /// <param name="values">A value for every parameter, always in the same order.</param>
    /// <returns>How many rows it changed.</returns>
    public abstract int Run(string sql, params (string Name, object? Value)[] values);

    /// <summary>Runs a command of which nobody asks how many rows it changed: it may be sent together with the next one.</summary>
    /// <param name="sql">One of a few texts.</param>
    /// <param name="values">A value for every parameter, always in the same order.</param>
    public virtual void Send(string sql, params (string Name, object? Value)[] values) => Run(sql, values);

    /// <summary>Reads; the reader is to be disposed before anything else is done.</summary>
    /// <param name="sql">One of a few texts.</param>
    /// <param name="values">A value for every parameter.</param>
    public abstract IJournalRows Read(string sql, params (string Name, object? Value)[] values);

    /// <summary>Reserves row numbers for entries, inside a transaction: higher than those of all entries, in ascending order.</summary>
    public abstract IReadOnlyList<long> ReserveRows(int count);

    /// <summary>Begins a transaction. Until its end nobody else writes, so what a change has read stays true.</summary>
    public abstract void Begin();

    /// <summary>Makes the transaction durable.</summary>
    public virtual void Commit() => Run("COMMIT");

    /// <summary>Takes back a transaction, unless the database has done so itself.</summary>
    public abstract void RollBack();

    /// <summary>A change begins.</summary>
    public virtual void BeginChange()
    {
    }

    /// <summary>A circuit breaker: one change waits with full patience; those after it wait a second until one succeeds.</summary>
    /// <param name="hasFailed">Whether the last change has failed.</param>
    public abstract void SetPatience(bool hasFailed);

    /// <summary>Whether a transaction that failed is to be run again: the connection was lost, and it may have been committed.</summary>
    public virtual bool TriesAgain(Exception e) => false;

    /// <summary>Makes a copy of the store's file complete.</summary>
    public virtual void Checkpoint()
    {
    }

    /// <summary>Gives free space back to the file system.</summary>
    /// <param name="pages">How many pages at most.</param>
    /// <returns>Whether there was any.</returns>
    public virtual bool GiveBack(int pages) => false;

    /// <inheritdoc cref="JournalStore.IsOfTheStore"/>
    public bool IsOfTheStore(Exception e) => store.IsOfTheStore(e);

    /// <inheritdoc cref="JournalStore.ErrorOf"/>
    public Exception ErrorOf(Exception e) => store.ErrorOf(e);

    /// <inheritdoc cref="JournalStore.Closed"/>
    public NanoBananaException Closed() => store.Closed();

    public abstract void Dispose();
}
