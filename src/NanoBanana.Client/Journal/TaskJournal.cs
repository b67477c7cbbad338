using System.Collections.Concurrent;
using NanoBanana.Client.Files;
using NanoBanana.Client.Http;
using NanoBanana.Client.Journal.Storage;
using NanoBanana.Client.Text;
using NanoBanana.Client.Wire;

namespace NanoBanana.Client.Journal;

/// <summary>
/// The durable record of purchases: an intent before a submit leaves, the id before the task is shown, the outcome, and the
/// files of its images. Several processes and runspaces share one file. It never holds a key.
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
        // Only an older version of the module writes such keys, and it does not open this version of the file.
        _hasKeysOfVersion1 = new Lazy<bool>(Reader.HasKeysOfVersion1, LazyThreadSafetyMode.PublicationOnly);
        _renewal = time.CreateTimer(_ => RenewIfWorking(), null, Leases.RenewalInterval, Leases.RenewalInterval);
    }

    /// <summary>The full path of the file, or the address of a database without its password.</summary>
    public string Name => _store.Name;

    /// <summary>Whether other machines use it too.</summary>
    public bool IsShared => _store.IsShared;

    /// <summary>Whether the lease of this process is valid for long enough to send a submit.</summary>
    internal bool HasValidLease => _leases.IsValid(_time);

    /// <summary>Why what it has committed may be lost after all, as sentences; null when it can't be.</summary>
    internal string? Weakness => _store.Weakness;

    /// <summary>Reads it.</summary>
    public JournalReader Reader { get; }

    /// <summary>Opens or creates the journal at a full path, or at the address of a database.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.JournalRequired"/>: it can't be used, and is left as it is.</exception>
    public static TaskJournal Open(string place, TimeProvider time) => Open(place, time, JournalStore.Patience);

    /// <param name="place">The full path of a file, or an address.</param>
    /// <param name="time">The clock of its entries.</param>
    /// <param name="patience">How long to wait for another process's commit.</param>
    internal static TaskJournal Open(string place, TimeProvider time, TimeSpan patience)
    {
        JournalStore store = JournalStores.Of(place);
        (JournalConnection connection, JournalQueries queries) = store.Open(patience, time);
        var journal = new TaskJournal(store, connection, queries, Leases.Of(place), time);
        journal._outcomes?.SettleNow(journal);
        return journal;
    }

    /// <summary>Lets work go on when an entry can't be written.</summary>
    /// <param name="write">The entry.</param>
    /// <param name="observer">Receives the warning.</param>
    /// <param name="what">What the entry would have recorded that is nowhere else.</param>
    internal Task TryAsync(Task write, IClientObserver observer, string what = "") => _guard.TryAsync(write, observer, what);

    /// <summary>Work goes on without an entry, or without what the journal would have recorded.</summary>
    internal void GoOn(NanoBananaException failure, IClientObserver observer) => _guard.Say(failure, observer);

    /// <summary>Keeps the journal open until the use is disposed, also when the module is removed meanwhile.</summary>
    /// <returns>Null when it is closed already.</returns>
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

    /// <summary>Closes the file as soon as nobody uses it.</summary>
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

    /// <summary>Makes the intent to buy durable, unless an entry holds the request already.</summary>
    /// <param name="request">A request that was checked.</param>
    /// <param name="endpoint">Where it would be bought.</param>
    /// <param name="protocol">The protocol spoken there.</param>
    /// <param name="budget">What may be bought. The worst case is reserved in the same transaction.</param>
    /// <param name="submitTimeout">How long a submit can be on its way.</param>
    /// <returns>The row of the intent; else the entry that holds the request.</returns>
    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.SubmissionUnknown"/>: an earlier submission is to be bought again, and may still be on its way.
    /// <see cref="NanoBananaErrorKind.BudgetExhausted"/>, <see cref="NanoBananaErrorKind.BatchStopped"/>: it must not be bought.
    /// </exception>
    internal async Task<(long? Row, JournalRow? Known)> ClaimAsync(ImageRequest request, Uri endpoint, ApiProtocol protocol, RunBudget? budget = null, TimeSpan submitTimeout = default)
    {
        budget ??= RunBudget.None;
        string? key = RequestKey.Of(request, endpoint);
        IReadOnlyList<string> keys = RequestKey.AllOf(request, endpoint, key is not null && _hasKeysOfVersion1.Value);
        ImageRun? run = request.Batch is null ? null : request.RunItem?.Run;
        ImageTask intent = request.ToTask("", ImageTaskStatus.Submitting, endpoint);
        if (run is not null)
            Begin(run, endpoint);
        var claim = new Claim(_leases);
        (long?, JournalRow?) claimed;
        try
        {
            claimed = await WriteAsync<(long?, JournalRow?)>(MakeClaim).ConfigureAwait(false);
        }
        catch (NanoBananaException e) when (IsShared && e.Kind == NanoBananaErrorKind.JournalRequired)
        {
            // Whether it was committed, nobody knows; that nothing is sent, this process knows.
            claim.Drop();
            Background.Run(() => WriteAsync(statements => statements.AbandonClaim(claim.Id), isOwed: true), _ => { });
            throw;
        }
        if (run is not null)
            run.HasEntry = true;
        return claimed;

        (long?, JournalRow?) MakeClaim(Statements statements)
        {
            // Run once more after the connection was lost: the first time may have been committed.
            if (claim.IsRepeated && statements.FindClaim(claim.Id) is { } committed)
            {
                claim.Take(committed);
                return (committed, null);
            }
            claim.IsRepeated = true;
            if (run is { HasEntry: false })
                statements.BeginRun(run, endpoint);
            while (statements.FindHolder(keys) is { } held)
            {
                if (held.Row.Task.Status != ImageTaskStatus.Unknown || !request.ResubmitUnknown)
                {
                    if (request.Batch is not null && held.Row.IsSuperseded)
                        statements.MakeCurrent(held.Row.Task.JournalRow!.Value, endpoint, request, keys);
                    return (null, held.Row);
                }
                if (held.Row.ExpiredAt + submitTimeout is { } until && until.ToUnixTimeMilliseconds() > statements.Now)
                    throw OnItsWay(held.Row.Task, until);
                statements.FreeKey(held.Key);
            }
            statements.Budget.CheckStop(request.Batch, endpoint, budget);
            var now = DateTimeOffset.FromUnixTimeMilliseconds(statements.Now);
            string day = Spending.DayOf(now);
            Spending reserved = statements.Budget.Reserve(request, endpoint, budget, day);
            long row = statements.Insert(intent with { CreatedAt = now }, protocol, key, budget.Run ?? run?.WholeId, day, reserved, IsShared ? claim.Id : null);
            if (request.Batch is not null)
                statements.Supersede(row, endpoint, request, keys);
            claim.Take(row);
            if (IsShared)
                _claims[row] = claim.Id;
            return (row, null);
        }
    }

    private static NanoBananaException OnItsWay(ImageTask task, DateTimeOffset until) => new(
        NanoBananaErrorKind.SubmissionUnknown,
        $"'{TextSafety.Excerpt(task.Prompt, 40)}' was sent by a process that is not heard of any more, and may be on its way until {until.ToLocalTime():HH:mm:ss}. It is not bought again before. Run the command again after that.")
    {
        IsFromJournal = true,
        Task = task,
    };

    /// <summary>Checks that a price is known where the cost is limited, unless an entry holds the request.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidRequest"/>: none is.</exception>
    internal Task CheckPriceAsync(ImageRequest request, Uri endpoint, RunBudget budget) => WriteAsync(statements =>
        statements.FindHolder(RequestKey.AllOf(request, endpoint, _hasKeysOfVersion1.Value)) is not null
        || statements.Budget.PriceOf(request, endpoint, budget) >= 0);

    /// <summary>Whether the submit of an intent may leave: this process's lease is valid, and nobody has taken the intent for lost.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.JournalRequired"/>: the lease has expired and can't be renewed.</exception>
    internal ValueTask<bool> MaySendAsync(long row) => _leases.IsValid(_time)
        ? new ValueTask<bool>(true)
        : new ValueTask<bool>(WriteAsync(statements => statements.IsIntent(row)));

    /// <summary>Checks that nobody has told the runs of the request's batch to stop since this one began.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.BatchStopped"/>: somebody has.</exception>
    internal Task CheckStopAsync(ImageRequest request, Uri endpoint, RunBudget budget) => request.Batch is null
        ? Task.CompletedTask
        : WriteAsync(statements =>
        {
            statements.Budget.CheckStop(request.Batch, endpoint, budget);
            return true;
        });

    /// <summary>Makes the id of an accepted task durable. The lease of the intent becomes that of the task.</summary>
    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.JournalRequired"/>: it could not be written. Where the journal is shared, a file of this machine has the id.
    /// </exception>
    internal Task AcceptAsync(long row, ImageTask task, ApiProtocol protocol, out Lease lease)
    {
        _leases.Take(task);
        (Uri?, string) key = Leases.Key(task);
        lease = new Lease(() => Release(key));
        _leases.Own(key);
        Task write = EndIntentAsync(row, statements => statements.Accept(row, task, protocol));
        return _outcomes is not null && _claims.TryRemove(row, out string? claim) ? _outcomes.KeepIfLateAsync(write, claim, task, protocol) : write;
    }

    /// <summary>An id that a shared journal has taken on another way, or not at all.</summary>
    internal Task AcceptAsync(string claim, ImageTask task) => WriteAsync(statements => statements.Accept(claim, task, task.Protocol ?? ApiProtocol.Generation));

    /// <summary>Keeps a task for another journal, which has its intent.</summary>
    internal Task KeepAsync(string claim, ImageTask task, ApiProtocol protocol) => WriteAsync(statements => statements.Keep(claim, task, protocol));

    /// <summary>Nothing was bought: the intent is removed, and what was reserved for it given back.</summary>
    internal Task AbandonAsync(long row) => EndIntentAsync(row, statements => statements.Abandon(row));

    /// <summary>Records that the outcome of the submission is unknown.</summary>
    internal Task LoseAsync(long row) => EndIntentAsync(row, statements => statements.Lose(row));

    /// <summary>Stores a newer snapshot. One that failed, was canceled, or completed without an image holds its request no longer.</summary>
    internal Task UpdateAsync(ImageTask task, ApiProtocol protocol) => WriteAsync(statements => statements.Update(task, protocol));

    /// <summary>Leases a task to this process until the lease is disposed.</summary>
    internal Lease Hold(ImageTask task, IClientObserver observer)
    {
        (Uri?, string Id) key = Leases.Key(task);
        if (_leases.Take(task))
        {
            Background.Run(
                () => TryAsync(WriteAsync(statements => statements.WriteOwner(key)), observer),
                e => observer.OnWarning($"The lease of task {key.Id} could not be written: {e.Message}"));
        }
        return new Lease(() => Release(key));
    }

    /// <summary>Leases a task to this process, unless a living process has a lease on it.</summary>
    /// <returns>Null when one has.</returns>
    internal async Task<Lease?> TryHoldAsync(ImageTask task)
    {
        (Uri?, string Id) key = Leases.Key(task);
        _leases.Take(task);
        var lease = new Lease(() => Release(key));
        try
        {
            // Another stage of the same pipeline may have it already.
            if (_leases.IsOwned(key, _time) || await WriteAsync(statements => statements.WriteOwner(key)).ConfigureAwait(false))
            {
                _leases.Own(key);
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

    /// <summary>Records a file of an image: before the rename that gives it its name, and after.</summary>
    internal Task FileAsync(ImageTask task, int image, SavedFile file, bool saved) => WriteAsync(
        statements =>
        {
            statements.File(task, image, file, saved);
            return true;
        },
        // Another machine would save it too.
        isOwed: saved && IsShared);

    /// <summary>Tells the runs of a batch that have begun, in whichever process, to stop buying. What is accepted goes on.</summary>
    /// <param name="batch">The name, exactly.</param>
    /// <param name="endpoint">The service; null for all.</param>
    public Task StopAsync(string batch, Uri? endpoint) => WriteAsync(statements =>
    {
        statements.Budget.Stop(batch, endpoint, ProcessIdentity.Show(ProcessIdentity.Mine));
        return true;
    });

    /// <summary>Records what a person found out about a submission whose outcome is unknown.</summary>
    /// <param name="task">The task, as the journal has it.</param>
    /// <param name="id">The id under which it was bought; null when it was not, so that its batch buys it again.</param>
    /// <param name="by">Who says so.</param>
    /// <returns>The task as the journal has it now.</returns>
    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.InvalidRequest"/>: that can't be an id, it is of another entry, or the outcome is not unknown.
    /// </exception>
    public async Task<ImageTask> ResolveAsync(ImageTask task, string? id, string by)
    {
        if (id is not null && !TaskIds.IsUsable(id))
            throw new NanoBananaException(NanoBananaErrorKind.InvalidRequest, $"'{TextSafety.Excerpt(id)}' is not a task id. An id is one word such as 'd758n65e878c73cmdg20', as your provider account shows it.");
        var verdict = new ImageTaskVerdict { IsBought = id is not null, By = TextSafety.Clean(by), At = _time.GetUtcNow() };
        long row = task.JournalRow ?? (task.Id.Length > 0 ? Reader.RowOf(task) : null)
            ?? throw new NanoBananaException(NanoBananaErrorKind.InvalidRequest, "The task is not of the journal. Give one that Get-NanoBananaTask -Status Unknown lists.") { Task = task };
        return await WriteAsync(statements => statements.Resolve(row, id, verdict)).ConfigureAwait(false);
    }

    /// <summary>Checks that the file can be written.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.JournalRequired"/>: it can't.</exception>
    public Task CheckAsync() => WriteAsync(statements =>
    {
        statements.Renew();
        return true;
    });

    /// <summary>Removes a task from the journal.</summary>
    /// <returns>False when the journal does not have it.</returns>
    public async Task<bool> RemoveAsync(ImageTask task) => await RemoveAsync([task]).ConfigureAwait(false) > 0;

    /// <summary>Removes tasks from the journal in one transaction.</summary>
    /// <returns>How many of them the journal had.</returns>
    public async Task<int> RemoveAsync(IReadOnlyCollection<ImageTask> tasks)
    {
        // Before the transaction: behind a pool of one connection, no other is to be had inside of it.
        long[] rows = [.. tasks.Select(task => task.JournalRow ?? Reader.RowOf(task)).OfType<long>()];
        return await WriteAsync(statements =>
        {
            int removed = rows.Count(statements.Remove);
            statements.RemoveEmptyRuns();
            return removed;
        }).ConfigureAwait(false);
    }

    /// <summary>
    /// Removes tasks that were begun before a time and need nothing more: failed, canceled, or saved, and in no batch. Tasks that
    /// are not saved or have an unknown outcome stay, however old they are.
    /// </summary>
    /// <returns>How many were removed.</returns>
    public async Task<int> TrimAsync(DateTimeOffset before)
    {
        // In portions: other changes wait for one of them at most, however large the journal is.
        (int removed, long? last) = (0, 0);
        while (last is { } after)
        {
            (int more, last) = await WriteAsync(statements => statements.Trim(before.ToUnixTimeMilliseconds(), after)).ConfigureAwait(false);
            removed += more;
        }
        if (removed > 0)
            await GiveBackAsync().ConfigureAwait(false);
        return removed;
    }

    /// <summary>Returns the space of what was removed to the file system, in portions as well.</summary>
    public async Task GiveBackAsync()
    {
        const int Pages = 1000;
        while (await _writer.WriteAsync(connection => connection.GiveBack(Pages)).ConfigureAwait(false))
        {
        }
    }

    /// <summary>Ends when all that was asked for so far is durable.</summary>
    public Task FlushAsync() => _writer.FlushAsync(checkpoint: !_leases.IsWorking);

    /// <summary>Closes the file.</summary>
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

    /// <summary>Worth no commit of its own while other work goes on; the last release of a pipeline writes all of them.</summary>
    private void Release((Uri?, string) task)
    {
        if (!_leases.Drop(task))
            return;
        _writer.Defer(connection => StatementsOf(connection).WriteOwner(task));
        if (!_leases.IsWorking)
            Background.Run(FlushAsync, _ => { });
    }

    /// <summary>Keeps the journal open, and this process's lease valid, until the run has ended.</summary>
    private void Begin(ImageRun run, Uri endpoint)
    {
        if (_leases.Add(run.Id))
            run.Store = StoreLater(run, endpoint, Use());
    }

    private Func<Task> StoreLater(ImageRun run, Uri endpoint, IDisposable? use) => async () =>
    {
        try
        {
            await WriteAsync(statements =>
            {
                // A run of which every claim was refused has no entry yet.
                statements.BeginRun(run, endpoint);
                statements.StoreRun(run);
                return true;
            }).ConfigureAwait(false);
        }
        finally
        {
            // One that was stopped is stored while its process still lives.
            if (run.EndedAt is not null && _leases.Remove(run.Id))
            {
                await FlushAsync().ConfigureAwait(false);
                use?.Dispose();
            }
        }
    };

    private void RenewIfWorking()
    {
        // A renewal that fails is followed by another; a submit looks at the lease before it leaves.
        if (_outcomes is { MayHaveSome: true })
            Background.Run(() => _outcomes.SettleAsync(this), _ => { });
        else if (_leases.IsWorking)
            Background.Run(() => WriteAsync(_ => true), _ => { });
    }

    /// <summary>The outcome of a submit is tried again with the next entry when the file can't be written.</summary>
    private async Task EndIntentAsync(long row, Action<Statements> change)
    {
        try
        {
            await WriteAsync(statements => { change(statements); return true; }, isOwed: true).ConfigureAwait(false);
        }
        finally
        {
            _claims.TryRemove(row, out _);
            _leases.Remove(row);
        }
    }

    private Statements StatementsOf(JournalConnection connection) =>
        new(connection, _leases, IsShared ? connection.Now - _time.GetUtcNow().ToUnixTimeMilliseconds() : 0);

    /// <summary>Every change renews the lease with it when that is due.</summary>
    private async Task<T> WriteAsync<T>(Func<Statements, T> change, bool isOwed = false)
    {
        (DateTimeOffset At, long Timestamp)? renewed = null;
        T result = await _writer.WriteAsync(
            connection =>
            {
                Statements statements = StatementsOf(connection);
                if (_leases.IsDue(_time))
                {
                    renewed = (_time.GetUtcNow(), _time.GetTimestamp());
                    statements.Renew();
                }
                return change(statements);
            },
            isOwed).ConfigureAwait(false);
        if (renewed is { } moment)
            _leases.Renewed(moment.At, moment.Timestamp);
        return result;
    }
}
