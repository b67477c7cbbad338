using System.Collections.Concurrent;
using NanoBanana.Client.Files;
using NanoBanana.Client.Http;
using NanoBanana.Client.Journal.Storage;
using NanoBanana.Client.Text;
using NanoBanana.Client.Wire;

namespace NanoBanana.Client.Journal;

/// <summary>
/// The durable record of submissions: an intent before the request leaves, the id before the task is emitted, the outcome, and the files
/// of the images. Several processes and runspaces share a journal. It never contains an API key.
/// </summary>
public sealed class TaskJournal : IDisposable
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
    /// <param name="what">A sentence with the information that only the entry would contain; empty if the loss is small.</param>
    internal Task TryAsync(Task write, IClientObserver observer, string what = "") => _guard.TryAsync(write, observer, what);

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

    /// <summary>Makes the intent to submit a request durable, unless an entry of its batch already has the request.</summary>
    /// <param name="request">A request that was checked.</param>
    /// <param name="endpoint">The endpoint to submit it to.</param>
    /// <param name="protocol">The protocol of the endpoint.</param>
    /// <param name="budget">The limits. The worst case is reserved in the same transaction.</param>
    /// <param name="submitTimeout">The longest time that a submission can be in flight.</param>
    /// <returns>The row of the new intent, or the entry that already has the request.</returns>
    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.SubmissionUnknown"/>: the request is to be submitted again, but the earlier submission may be in
    /// flight.
    /// <see cref="NanoBananaErrorKind.BudgetExhausted"/>, <see cref="NanoBananaErrorKind.BatchStopped"/>: it must not be submitted.
    /// </exception>
    internal async Task<(long? Row, JournalRow? Known)> ClaimAsync(
        ImageRequest request, Uri endpoint, ApiProtocol protocol, RunBudget? budget = null, TimeSpan submitTimeout = default)
    {
        budget ??= RunBudget.None;
        string? key = RequestKey.Of(request, endpoint);
        IReadOnlyList<string> keys = RequestKey.AllOf(request, endpoint, key is not null && _hasKeysOfVersion1.Value);
        ImageRun? run = request.Batch is null ? null : request.RunItem?.Run;
        ImageTask intent = request.ToTask("", ImageTaskStatus.Submitting, endpoint);
        if (run is not null)
            StartRun(run, endpoint);
        var claim = new Claim(_leases);
        (long?, JournalRow?) claimed;
        try
        {
            claimed = await WriteAsync<(long?, JournalRow?)>(MakeClaim).ConfigureAwait(false);
        }
        catch (NanoBananaException e) when (IsShared && e.Kind == NanoBananaErrorKind.JournalRequired)
        {
            // The intent may be committed, although nothing is sent: remove it when the database is available again.
            claim.Release();
            Background.Run(() => WriteAsync(changes => changes.RemoveClaim(claim.Id), isRetried: true), _ => { });
            throw;
        }
        if (run is not null)
            run.HasEntry = true;
        return claimed;

        (long?, JournalRow?) MakeClaim(JournalChanges changes)
        {
            // The change runs again after the connection was lost. The first transaction may be committed.
            if (claim.IsRepeated && changes.FindClaim(claim.Id) is { } committed)
            {
                claim.SetRow(committed);
                return (committed, null);
            }
            claim.IsRepeated = true;
            if (run is { HasEntry: false })
                changes.AddRun(run, endpoint);
            while (changes.FindByKeys(keys) is { } known)
            {
                if (known.Row.Task.Status != ImageTaskStatus.Unknown || !request.ResubmitUnknown)
                {
                    if (request.Batch is not null && known.Row.IsSuperseded)
                        changes.MakeCurrent(known.Row.Task.JournalRow!.Value, endpoint, request, keys);
                    return (null, known.Row);
                }
                if (known.Row.ExpiredAt + submitTimeout is { } until && until.ToUnixTimeMilliseconds() > changes.Now)
                    throw InFlight(known.Row.Task, until);
                changes.ReleaseKey(known.Key);
            }
            changes.Budget.CheckStop(request.Batch, endpoint, budget);
            var now = DateTimeOffset.FromUnixTimeMilliseconds(changes.Now);
            string day = Spending.DayOf(now);
            Spending reserved = changes.Budget.Reserve(request, endpoint, budget, day);
            long row = changes.Insert(
                intent with { CreatedAt = now }, protocol, key, budget.Run ?? run?.WholeId, day, reserved, IsShared ? claim.Id : null);
            if (request.Batch is not null)
                changes.Supersede(row, endpoint, request, keys);
            claim.SetRow(row);
            if (IsShared)
                _claims[row] = claim.Id;
            return (row, null);
        }
    }

    private static NanoBananaException InFlight(ImageTask task, DateTimeOffset until) => new(
        NanoBananaErrorKind.SubmissionUnknown, Messages.MayBeInFlight(task.Prompt, until))
    {
        IsFromJournal = true,
        Task = task,
    };

    /// <summary>If the cost is limited, checks that the price of an image is known, unless an entry already has the request.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidRequest"/>: the price is not known.</exception>
    internal Task CheckPriceAsync(ImageRequest request, Uri endpoint, RunBudget budget) => WriteAsync(changes =>
        changes.FindByKeys(RequestKey.AllOf(request, endpoint, _hasKeysOfVersion1.Value)) is not null
        || changes.Budget.PriceOf(request, endpoint, budget) >= 0);

    /// <summary>
    /// Whether the submission of an intent may leave: the lease is valid, and no other process has marked the intent as unknown.
    /// </summary>
    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.JournalRequired"/>: the lease has expired and can't be renewed.
    /// </exception>
    internal ValueTask<bool> MaySendAsync(long row) => _leases.IsValid(_time)
        ? new ValueTask<bool>(true)
        : new ValueTask<bool>(WriteAsync(changes => changes.IsIntent(row)));

    /// <summary>Checks that the batch of the request was not stopped since this run started.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.BatchStopped"/>: it was stopped.</exception>
    internal Task CheckStopAsync(ImageRequest request, Uri endpoint, RunBudget budget) => request.Batch is null
        ? Task.CompletedTask
        : WriteAsync(changes =>
        {
            changes.Budget.CheckStop(request.Batch, endpoint, budget);
            return true;
        });

    /// <summary>Makes the id of an accepted task durable. The lease of the intent becomes that of the task.</summary>
    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.JournalRequired"/>: it could not be written. If the journal is shared, a file of this machine has the
    /// id.
    /// </exception>
    internal Task AcceptAsync(long row, ImageTask task, ApiProtocol protocol, out Lease lease)
    {
        _leases.Acquire(task);
        (Uri?, string) key = Leases.Key(task);
        lease = new Lease(() => Release(key));
        _leases.SetOwned(key);
        Task write = EndIntentAsync(row, changes => changes.Accept(row, task, protocol));
        return _outcomes is not null && _claims.TryRemove(row, out string? claim)
            ? _outcomes.StoreIfLateAsync(write, claim, task, protocol)
            : write;
    }

    /// <summary>Stores an id from the file of this machine in a shared journal. The journal may already have it.</summary>
    internal Task AcceptAsync(string claim, ImageTask task) =>
        WriteAsync(changes => changes.Accept(claim, task, task.Protocol ?? ApiProtocol.Generation));

    /// <summary>Stores a task in the file of this machine. Its intent is in a shared journal.</summary>
    internal Task StoreWithClaimAsync(string claim, ImageTask task, ApiProtocol protocol) =>
        WriteAsync(changes => changes.StoreWithClaim(claim, task, protocol));

    /// <summary>Removes an intent that bought nothing, and releases its reservation.</summary>
    internal Task RemoveIntentAsync(long row) => EndIntentAsync(row, changes => changes.RemoveIntent(row));

    /// <summary>Records that the outcome of the submission is unknown.</summary>
    internal Task MarkUnknownAsync(long row) => EndIntentAsync(row, changes => changes.MarkUnknown(row));

    /// <summary>
    /// Stores a newer snapshot. If it failed, was canceled, or completed without an image, its request can be submitted again.
    /// </summary>
    internal Task UpdateAsync(ImageTask task, ApiProtocol protocol) => WriteAsync(changes => changes.Update(task, protocol));

    /// <summary>Leases a task to this process until the lease is disposed.</summary>
    internal Lease LeaseTask(ImageTask task, IClientObserver observer)
    {
        (Uri?, string Id) key = Leases.Key(task);
        if (_leases.Acquire(task))
        {
            Background.Run(
                () => TryAsync(WriteAsync(changes => changes.WriteOwner(key)), observer),
                e => observer.OnWarning(Messages.LeaseNotWritten(key.Id, e.Message)));
        }
        return new Lease(() => Release(key));
    }

    /// <summary>Leases a task to this process, unless another process has a valid lease on it.</summary>
    /// <returns>Null if another process has one.</returns>
    internal async Task<Lease?> TryLeaseTaskAsync(ImageTask task)
    {
        (Uri?, string Id) key = Leases.Key(task);
        _leases.Acquire(task);
        var lease = new Lease(() => Release(key));
        try
        {
            // Another stage of the same pipeline may already have the lease.
            if (_leases.IsOwned(key, _time) || await WriteAsync(changes => changes.WriteOwner(key)).ConfigureAwait(false))
            {
                _leases.SetOwned(key);
                return lease;
            }
        }
        catch
        {
            lease.Dispose();
            throw;
        }
        lease.Dispose();
        return null;
    }

    /// <summary>Records the file of an image, before and after it is renamed to its final name.</summary>
    internal Task RecordFileAsync(ImageTask task, int image, SavedFile file, bool saved) => WriteAsync(
        changes =>
        {
            changes.RecordFile(task, image, file, saved);
            return true;
        },
        // Without the record, another machine would save the image again.
        isRetried: saved && IsShared);

    /// <summary>Stops submitting in all runs of a batch that have started, in all processes. Accepted tasks continue.</summary>
    /// <param name="batch">The name, exactly.</param>
    /// <param name="endpoint">The service; null for all.</param>
    public Task StopAsync(string batch, Uri? endpoint) => WriteAsync(changes =>
    {
        changes.Budget.Stop(batch, endpoint, ProcessIdentity.Show(ProcessIdentity.Mine));
        return true;
    });

    /// <summary>Records a user's verdict on a submission whose outcome is unknown.</summary>
    /// <param name="task">The task, as it is in the journal.</param>
    /// <param name="id">The id of the accepted task; null if nothing was bought, so that its batch can submit the request again.</param>
    /// <param name="by">The user.</param>
    /// <returns>The task as it is in the journal now.</returns>
    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.InvalidRequest"/>: the id is not valid or is of another entry, or the outcome is not unknown.
    /// </exception>
    public async Task<ImageTask> ResolveAsync(ImageTask task, string? id, string by)
    {
        if (id is not null && !TaskIds.IsUsable(id))
            throw new NanoBananaException(NanoBananaErrorKind.InvalidRequest, Messages.NotATaskId(id));
        var verdict = new ImageTaskVerdict { IsBought = id is not null, By = TextSafety.Clean(by), At = _time.GetUtcNow() };
        long row = task.JournalRow ?? (task.Id.Length > 0 ? Reader.RowOf(task) : null)
            ?? throw new NanoBananaException(NanoBananaErrorKind.InvalidRequest, Messages.TaskNotInJournal) { Task = task };
        return await WriteAsync(changes => changes.Resolve(row, id, verdict)).ConfigureAwait(false);
    }

    /// <summary>Checks that the journal can be written.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.JournalRequired"/>: it can't.</exception>
    public Task CheckAsync() => WriteAsync(changes =>
    {
        changes.Renew();
        return true;
    });

    /// <summary>Removes a task from the journal.</summary>
    /// <returns>False if the journal does not have it.</returns>
    public async Task<bool> RemoveAsync(ImageTask task) => await RemoveAsync([task]).ConfigureAwait(false) > 0;

    /// <summary>Removes tasks from the journal in one transaction.</summary>
    /// <returns>The number of removed tasks.</returns>
    public async Task<int> RemoveAsync(IReadOnlyCollection<ImageTask> tasks)
    {
        // Read before the transaction: a pool with one connection has no second connection for the reader.
        long[] rows = [.. tasks.Select(task => task.JournalRow ?? Reader.RowOf(task)).OfType<long>()];
        return await WriteAsync(changes =>
        {
            int removed = rows.Count(changes.Remove);
            changes.RemoveEmptyRuns();
            return removed;
        }).ConfigureAwait(false);
    }

    /// <summary>
    /// Removes finished tasks that were created before a time: failed, canceled, or saved, and in no batch. Tasks that are not saved or
    /// have an unknown outcome stay at any age.
    /// </summary>
    /// <returns>The number of removed tasks.</returns>
    public async Task<int> TrimAsync(DateTimeOffset before)
    {
        // In portions, so that other changes wait for at most one of them in a journal of any size.
        (int removed, long? last) = (0, 0);
        while (last is { } after)
        {
            (int more, last) = await WriteAsync(changes => changes.Trim(before.ToUnixTimeMilliseconds(), after)).ConfigureAwait(false);
            removed += more;
        }
        if (removed > 0)
            await ReturnFreeSpaceAsync().ConfigureAwait(false);
        return removed;
    }

    /// <summary>Returns the free space of removed entries to the file system, in portions.</summary>
    public async Task ReturnFreeSpaceAsync()
    {
        const int Pages = 1000;
        while (await _writer.WriteAsync(connection => connection.ReturnFreePages(Pages)).ConfigureAwait(false))
        {
        }
    }

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

    /// <summary>Releases a lease with the next commit. The last release of a pipeline writes all deferred releases.</summary>
    private void Release((Uri?, string) task)
    {
        if (!_leases.Release(task))
            return;
        _writer.Defer(connection => ChangesOver(connection).WriteOwner(task));
        if (!_leases.IsWorking)
            Background.Run(FlushAsync, _ => { });
    }

    /// <summary>Keeps the journal open and the lease of this process valid until the run has ended.</summary>
    private void StartRun(ImageRun run, Uri endpoint)
    {
        if (_leases.AddRun(run.Id))
            run.Store = RunStoreOf(run, endpoint, Use());
    }

    private Func<Task> RunStoreOf(ImageRun run, Uri endpoint, IDisposable? use) => async () =>
    {
        try
        {
            await WriteAsync(changes =>
            {
                // If all claims of the run were refused, it has no entry yet.
                changes.AddRun(run, endpoint);
                changes.StoreRun(run);
                return true;
            }).ConfigureAwait(false);
        }
        finally
        {
            // A run that was stopped is stored while its process still works.
            if (run.EndedAt is not null && _leases.RemoveRun(run.Id))
            {
                await FlushAsync().ConfigureAwait(false);
                use?.Dispose();
            }
        }
    };

    private void RenewIfWorking()
    {
        // If a renewal fails, the next one follows. A submission checks the lease before it leaves.
        if (_outcomes is { MayHaveEntries: true })
            Background.Run(() => _outcomes.TransferAsync(this), _ => { });
        else if (_leases.IsWorking)
            Background.Run(() => WriteAsync(_ => true), _ => { });
    }

    /// <summary>Writes the outcome of a submission. If it can't be written, it is retried with the next change.</summary>
    private async Task EndIntentAsync(long row, Action<JournalChanges> change)
    {
        try
        {
            await WriteAsync(changes => { change(changes); return true; }, isRetried: true).ConfigureAwait(false);
        }
        finally
        {
            _claims.TryRemove(row, out _);
            _leases.RemoveIntent(row);
        }
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
