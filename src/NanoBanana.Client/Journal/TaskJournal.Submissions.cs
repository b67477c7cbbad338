using NanoBanana.Client.Text;
using NanoBanana.Client.Wire;

namespace NanoBanana.Client.Journal;

/// <content>Submissions: from the intent to the id of the task or the unknown outcome.</content>
public sealed partial class TaskJournal
{
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
        // Taken before the write starts. The end of a write removes the claim, and without it the id can't be stored on this machine.
        _claims.TryRemove(row, out string? claim);
        Task write = EndIntentAsync(row, changes => changes.Accept(row, task, protocol));
        return _outcomes is not null && claim is not null
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
}
