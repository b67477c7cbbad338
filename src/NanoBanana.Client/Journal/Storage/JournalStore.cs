using System.Text.Json;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Journal.Storage;

/// <summary>The store of a journal: an SQLite file, or a schema of a PostgreSQL database.</summary>
internal abstract class JournalStore
{
    /// <summary>How long to wait for another process's commit.</summary>
    public static readonly TimeSpan DefaultLockTimeout = TimeSpan.FromSeconds(20);

    /// <summary>The name for users: a full path, or an address without its password.</summary>
    public abstract string Name { get; }

    /// <summary>
    /// Whether other machines write it too. Then the clock of the database counts, and nothing is submitted without the store.
    /// </summary>
    public abstract bool IsShared { get; }

    /// <summary>Whether it exists. True if only a connection can show it.</summary>
    public abstract bool Exists { get; }

    /// <summary>Why commits can be lost, as a sentence; null if they are durable. Available after the store was opened.</summary>
    public virtual string? DurabilityWarning => null;

    /// <summary>Opens or creates the store, and migrates it to this version. The queries have their own connection.</summary>
    /// <param name="lockTimeout">How long to wait for another process's commit.</param>
    /// <param name="time">The clock for a store without its own clock.</param>
    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.JournalRequired"/>: it can't be opened, is damaged, belongs to another program, or has a newer
    /// version. It is not changed.
    /// </exception>
    public abstract (JournalConnection Connection, JournalQueries Queries) Open(TimeSpan lockTimeout, TimeProvider time);

    /// <summary>Opens the store for queries. Creates and changes nothing.</summary>
    /// <param name="lockTimeout">How long to wait for another process's commit.</param>
    /// <param name="time">The clock for a store without its own clock.</param>
    /// <param name="stop">Ends the queries. If it can't be canceled, queries end after a limit.</param>
    /// <returns>Null if the store does not exist yet.</returns>
    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.JournalRequired"/>: it can't be read, or belongs to another program.
    /// </exception>
    /// <exception cref="OperationCanceledException">The pipeline has stopped.</exception>
    public abstract JournalQueries? OpenToRead(TimeSpan lockTimeout, TimeProvider time, CancellationToken stop);

    /// <summary>The error for users of a store that can't be used.</summary>
    /// <param name="why">The reason, as a sentence.</param>
    /// <param name="inner">The cause.</param>
    public abstract NanoBananaException Unusable(string why, Exception? inner = null);

    /// <summary>Whether an error is of the store, its disk or the network, so that the next change would fail too.</summary>
    public abstract bool IsStoreError(Exception e);

    /// <summary>The reason of an error, as a sentence.</summary>
    public abstract string Explain(Exception e);

    /// <summary>Whether an error is of the store or its data: a value that is missing, has another type, or is out of range.</summary>
    public bool IsDataError(Exception e) => IsStoreError(e)
        || e is System.Data.Common.DbException or JsonException or InvalidOperationException or InvalidCastException
            or ArgumentException or OverflowException or FormatException or InvalidDataException;

    /// <summary>Converts an error of the store to an error for users. Other exceptions stay unchanged.</summary>
    public Exception ErrorOf(Exception e) => IsDataError(e) ? Unusable(Explain(e), e) : e;

    /// <summary>The error of a use after the store was closed.</summary>
    public NanoBananaException Closed() => Unusable(Messages.JournalIsClosed);
}
