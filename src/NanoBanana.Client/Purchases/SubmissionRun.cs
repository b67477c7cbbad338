using NanoBanana.Client.Http;
using NanoBanana.Client.Journal;
using NanoBanana.Client.Wire;

namespace NanoBanana.Client.Purchases;

/// <summary>
/// The submits of one command. It ends submitting when more of it would only waste prompts or money: the key is refused, the account is
/// not permitted, a budget is exhausted, the run was told to stop, or several submits in a row failed for one cause. Accepted tasks are
/// not affected. It keeps the leases of its tasks until it is disposed.
/// </summary>
public sealed class SubmissionRun : IDisposable
{
    /// <summary>
    /// This many failures in a row of one cause end submitting. Fewer can be chance where requests are refused for what they are, and
    /// each unknown outcome may cost an image.
    /// </summary>
    public const int FailuresInARowLimit = 10;

    private readonly Func<ImageRequest, IClientObserver, SubmissionRun, CancellationToken, Task<ImageTask>> _submit;
    private readonly Func<JournalHandle> _journal;
    private readonly Uri _endpoint;
    private readonly object _lock = new();
    private readonly HashSet<KeptLease> _leases = [];
    private bool _disposed;
    private string? _cause;
    private int _failuresInARow;

    /// <param name="submit">Submits a request of a run and keeps the lease of its task there.</param>
    /// <param name="budget">What may be bought.</param>
    /// <param name="journal">Where it is recorded.</param>
    /// <param name="endpoint">Where it is bought.</param>
    internal SubmissionRun(
        Func<ImageRequest, IClientObserver, SubmissionRun, CancellationToken, Task<ImageTask>> submit, RunBudget budget, Func<JournalHandle> journal,
        Uri endpoint)
    {
        _submit = submit;
        _journal = journal;
        _endpoint = endpoint;
        Budget = budget;
    }

    /// <summary>Why submitting has ended; null while it goes on.</summary>
    public NanoBananaException? StopReason { get; private set; }

    /// <summary>What may be bought in it.</summary>
    internal RunBudget Budget { get; }

    /// <summary>Its submits that are not answered.</summary>
    internal RunIntents Intents { get; } = new();

    /// <summary>
    /// Checks, before the first purchase, what would be wrong for every request: a batch and limits need the journal, and a limit of the
    /// cost needs a price.
    /// </summary>
    /// <param name="request">The first request.</param>
    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.JournalRequired"/>: there is none.
    /// <see cref="NanoBananaErrorKind.InvalidRequest"/>: the cost is limited, and no price is known.
    /// </exception>
    public async Task CheckAsync(ImageRequest request)
    {
        JournalHandle handle = _journal();
        if (request.Batch is null && !Budget.HasLimits && !handle.IsShared)
            return;
        TaskJournal journal = handle.RequireFor(request.Batch is not null);
        if (Budget.LimitsCost)
            await journal.CheckPriceAsync(request, _endpoint, Budget).ConfigureAwait(false);
    }

    /// <summary>Submits a request, unless submitting has ended.</summary>
    /// <param name="request">A request that was checked.</param>
    /// <param name="observer">Receives every request.</param>
    /// <param name="stop">Ends the waits before the request leaves.</param>
    /// <returns>The task; null when it was not bought because submitting has ended, for <see cref="StopReason"/>.</returns>
    /// <exception cref="NanoBananaException">This one request failed.</exception>
    public async Task<ImageTask?> SubmitAsync(ImageRequest request, IClientObserver observer, CancellationToken stop)
    {
        if (StopReason is not null)
            return null;
        try
        {
            ImageTask task = await _submit(request, observer, this, stop).ConfigureAwait(false);
            // A task that the journal holds tells nothing about the service.
            if (task.JournalRow is null)
                Count(null);
            return task;
        }
        catch (NanoBananaException e) when (e.EndsSubmitting || e.Kind is NanoBananaErrorKind.ApiKeyRejected or NanoBananaErrorKind.NotPermitted
            or NanoBananaErrorKind.BudgetExhausted or NanoBananaErrorKind.BatchStopped)
        {
            End(e);
            return null;
        }
        catch (NanoBananaException e)
        {
            if (!e.IsFromJournal && !e.IsAboutInput && Count($"{e.Kind} {e.StatusCode} {e.ProviderCode}") >= FailuresInARowLimit)
            {
                End(new NanoBananaException(e.Kind, $"{FailuresInARowLimit} submits in a row {Describe(e.Kind)}; the last: {e.Message}", e)
                {
                    StatusCode = e.StatusCode,
                    ProviderCode = e.ProviderCode,
                    RequestId = e.RequestId,
                });
            }
            throw;
        }
    }

    /// <summary>Ends submitting: what follows, and what waits for its turn, is not bought.</summary>
    public void End(NanoBananaException reason)
    {
        lock (_lock)
            StopReason ??= reason;
    }

    /// <summary>Releases the leases: the pipeline is done with the tasks.</summary>
    public void Dispose()
    {
        KeptLease[] leases;
        lock (_lock)
        {
            _disposed = true;
            leases = [.. _leases];
        }
        foreach (KeptLease lease in leases)
            lease.Dispose();
    }

    /// <summary>Checks, before a request leaves, that submitting goes on.</summary>
    internal void ThrowIfEnded()
    {
        if (StopReason is { } reason)
            throw new NanoBananaException(NanoBananaErrorKind.BatchStopped, reason.Message, reason);
    }

    /// <summary>Keeps the lease of a task until its images are saved, at most until the run is disposed.</summary>
    internal void Keep(IDisposable lease, ImageRequest request)
    {
        var kept = new KeptLease(this, lease, request.RunItem);
        lock (_lock)
        {
            if (!_disposed)
            {
                _leases.Add(kept);
                if (request.RunItem is { } item)
                    item.Lease = kept;
                return;
            }
        }
        lease.Dispose();
    }

    /// <summary>Counts failures of one cause in a row.</summary>
    /// <param name="cause">What they have in common; null for a success.</param>
    private int Count(string? cause)
    {
        lock (_lock)
        {
            _failuresInARow = cause is null ? 0 : cause == _cause ? _failuresInARow + 1 : 1;
            _cause = cause;
            return _failuresInARow;
        }
    }

    private static string Describe(NanoBananaErrorKind kind) =>
        kind == NanoBananaErrorKind.SubmissionUnknown ? "were sent and their outcome is unknown" : "failed for one cause";

    /// <summary>
    /// A lease that neither its run nor its task knows when it is disposed: a long run holds nothing for what is done, and a later command
    /// does not take the lease for one that is valid.
    /// </summary>
    private sealed class KeptLease(SubmissionRun run, IDisposable lease, ImageRunItem? item) : IDisposable
    {
        public void Dispose()
        {
            lock (run._lock)
                run._leases.Remove(this);
            if (item is not null)
                item.Lease = null;
            lease.Dispose();
        }
    }
}
