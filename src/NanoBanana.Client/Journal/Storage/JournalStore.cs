using System.Text.Json;

namespace NanoBanana.Client.Journal.Storage;

/// <summary>Where a journal is: a file of SQLite, or a schema of a PostgreSQL database. What differs between the two begins here.</summary>
internal abstract class JournalStore
{
    /// <summary>How long to wait for another process's commit.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>The place as users see it: a full path, or an address without its password.</summary>
    public abstract string Name { get; }

    /// <summary>Whether other machines write it too, so that its database's clock counts and a purchase without it is not made.</summary>
    public abstract bool IsShared { get; }

    /// <summary>Whether it is there already; true where only a connection can tell.</summary>
    public abstract bool Exists { get; }

    /// <summary>Why a commit may be lost after all, as a sentence; null when it can't be. Known when the store was opened.</summary>
    public virtual string? Weakness => null;

    /// <summary>Opens or creates it, and brings it to this version. The queries run over a connection of their own.</summary>
    /// <param name="patience">How long to wait for another process's commit.</param>
    /// <param name="time">The clock of a store that has none.</param>
    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.JournalRequired"/>: it can't be opened, is damaged, is none of ours, or is of a newer
    /// version. It is left as it is.
    /// </exception>
    public abstract (JournalConnection Connection, JournalQueries Queries) Open(TimeSpan patience, TimeProvider time);

    /// <summary>Opens it for queries that make and change nothing.</summary>
    /// <param name="patience">How long to wait for another process's commit.</param>
    /// <param name="time">The clock of a store that has none.</param>
    /// <param name="stop">Ends the queries; without one they end after a while.</param>
    /// <returns>Null when nothing is there yet.</returns>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.JournalRequired"/>: it can't be read, or is none of ours.</exception>
    /// <exception cref="OperationCanceledException">The pipeline has stopped.</exception>
    public abstract JournalQueries? OpenToRead(TimeSpan patience, TimeProvider time, CancellationToken stop);

    /// <summary>The error for users of a store that can't be used.</summary>
    /// <param name="why">The reason, as a sentence.</param>
    /// <param name="inner">What was thrown.</param>
    public abstract NanoBananaException Unusable(string why, Exception? inner = null);

    /// <summary>Whether an error is of the store, its disk or the way to it, so that the next change would meet it too.</summary>
    public abstract bool IsOfTheStore(Exception e);

    /// <summary>What an error says of the store, as a sentence.</summary>
    public abstract string Explain(Exception e);

    /// <summary>Whether an error is of what stands in the store: a value that is missing, of another type, or out of range.</summary>
    public bool IsOfTheData(Exception e) => IsOfTheStore(e) || e is System.Data.Common.DbException or JsonException or InvalidOperationException
        or InvalidCastException or ArgumentException or OverflowException or FormatException or InvalidDataException;

    /// <summary>What is wrong with the store is an error for the user; a defect stays what it is.</summary>
    public Exception ErrorOf(Exception e) => IsOfTheData(e) ? Unusable(Explain(e), e) : e;

    /// <summary>The error of a use after the end.</summary>
    public NanoBananaException Closed() => Unusable("it was closed.");
}
