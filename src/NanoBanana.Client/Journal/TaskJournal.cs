using System.Collections.Concurrent;
using NanoBanana.Client.Http;
using NanoBanana.Client.Journal.Storage;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Journal;

/// <summary>
/// The durable record of submissions: an intent before the request leaves, the id before the task is emitted, the outcome, and the files
/// of the images. Several processes and runspaces share a journal. It never contains an API key.
/// </summary>
public sealed partial class TaskJournal : IDisposable
{
    private readonly JournalStore _store;
    private readonly JournalWriter _writer;
    private readonly Leases _leases;
    private readonly JournalGuard _guard = new();
    private readonly TimeProvider _time;
    private readonly ITimer _renewal;
    private readonly object _lock = new();
    private readonly Lazy<bool> _hasKeysOfVersion1;
    private readonly ConcurrentDictionary<long, string> _claims = new();
    private readonly LocalOutcomes? _outcomes;
    private int _uses;
    private bool _closesWhenUnused;

    private TaskJournal(JournalStore store, JournalConnection connection, JournalQueries queries, Leases leases, TimeProvider time)
    {
        _store = store;
        _time = time;
        _outcomes = store.IsShared ? LocalOutcomes.Of(store.Name, time) : null;
        _leases = leases;
        _writer = new JournalWriter(connection);
        Reader = new JournalReader(queries, _leases);
        // Only an older version of the module writes such keys, and it can't open this version of the journal.
        _hasKeysOfVersion1 = new Lazy<bool>(Reader.HasKeysOfVersion1, LazyThreadSafetyMode.PublicationOnly);
        _renewal = time.CreateTimer(_ => RenewIfWorking(), null, Leases.RenewalInterval, Leases.RenewalInterval);
    }

    /// <summary>The full path of the file, or the address of a database without its password.</summary>
    public string Name => _store.Name;

    /// <summary>Whether other machines use the journal too.</summary>
    public bool IsShared => _store.IsShared;

    /// <summary>Whether the lease of this process is valid for long enough to send a submission.</summary>
    internal bool HasValidLease => _leases.IsValid(_time);

    /// <summary>Why committed entries can be lost, as sentences; null if commits are durable.</summary>
    internal string? DurabilityWarning => _store.DurabilityWarning;

    /// <summary>Reads the journal.</summary>
    public JournalReader Reader { get; }

    /// <summary>Opens or creates the journal at a full path, or at the address of a database.</summary>
    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.JournalRequired"/>: it can't be used. It is not changed.
    /// </exception>
    public static TaskJournal Open(string place, TimeProvider time) => Open(place, time, JournalStore.DefaultLockTimeout);

    /// <param name="place">The full path of a file, or an address.</param>
    /// <param name="time">The clock for its entries.</param>
    /// <param name="lockTimeout">How long to wait for another process's commit.</param>
    internal static TaskJournal Open(string place, TimeProvider time, TimeSpan lockTimeout)
    {
        JournalStore store = JournalStores.Of(place);
        (JournalConnection connection, JournalQueries queries) = store.Open(lockTimeout, time);
        var journal = new TaskJournal(store, connection, queries, Leases.Of(place), time);
        journal._outcomes?.TransferNow(journal);
        return journal;
    }

    /// <summary>Awaits a change. If it can't be written, writes a warning instead of an error.</summary>
    /// <param name="write">The change.</param>
    /// <param name="observer">Receives the warning.</param>
    /// <param name="lost">A sentence with the information that only the entry would contain; empty if the loss is small.</param>
    internal Task TryAsync(Task write, IClientObserver observer, string lost = "") => _guard.TryAsync(write, observer, lost);

    /// <summary>Warns that work continues without the journal.</summary>
    internal void ReportUnavailable(NanoBananaException failure, IClientObserver observer) => _guard.Report(failure, observer);

    /// <summary>Keeps the journal open until the use is disposed, even if the module is removed before that.</summary>
    /// <returns>Null if the journal is already closed.</returns>
    internal IDisposable? Use()
    {
        lock (_lock)
        {
            if (_closesWhenUnused && _uses == 0)
                return null;
            _uses++;
            return new Lease(EndUse);
        }
    }

    /// <summary>Closes the journal when its last use ends.</summary>
    internal void CloseWhenUnused()
    {
        lock (_lock)
        {
            if (_closesWhenUnused)
                return;
            _closesWhenUnused = true;
            if (_uses > 0)
                return;
        }
        Dispose();
    }

    /// <summary>Checks that the journal can be written.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.JournalRequired"/>: it can't.</exception>
    public Task CheckAsync() => WriteAsync(changes =>
    {
        changes.Renew();
        return true;
    });

    /// <summary>Ends when all changes so far are durable.</summary>
    public Task FlushAsync() => _writer.FlushAsync(checkpoint: !_leases.IsWorking);

    /// <summary>Closes the journal.</summary>
    public void Dispose()
    {
        _renewal.Dispose();
        _writer.Dispose();
        Reader.Dispose();
    }

    private void EndUse()
    {
        lock (_lock)
        {
            if (--_uses > 0 || !_closesWhenUnused)
                return;
        }
        Dispose();
    }

    private void RenewIfWorking()
    {
        // If a renewal fails, the next one follows. A submission checks the lease before it leaves.
        if (_outcomes is { MayHaveEntries: true })
            Background.Run(() => _outcomes.TransferAsync(this), _ => { });
        else if (_leases.IsWorking)
            Background.Run(() => WriteAsync(_ => true), _ => { });
    }

    private JournalChanges ChangesOver(JournalConnection connection) =>
        new(connection, _leases, IsShared ? connection.Now - _time.GetUtcNow().ToUnixTimeMilliseconds() : 0);

    /// <summary>Runs a change. If a renewal of the lease is due, the same transaction renews it.</summary>
    private async Task<T> WriteAsync<T>(Func<JournalChanges, T> change, bool isRetried = false)
    {
        (DateTimeOffset At, long Timestamp)? renewed = null;
        T result = await _writer.WriteAsync(
            connection =>
            {
                JournalChanges changes = ChangesOver(connection);
                if (_leases.IsDue(_time))
                {
                    renewed = (_time.GetUtcNow(), _time.GetTimestamp());
                    changes.Renew();
                }
                return change(changes);
            },
            isRetried).ConfigureAwait(false);
        if (renewed is { } moment)
            _leases.RecordRenewal(moment.At, moment.Timestamp);
        return result;
    }
}
