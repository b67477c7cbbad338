using NanoBanana.Client.Http;
using NanoBanana.Client.Journal;
using NanoBanana.Client.Text;
using NanoBanana.Client.Wire;

namespace NanoBanana.Client.Purchases;

/// <summary>
/// The submissions of one command. It ends submitting when more submissions would only waste prompts or money: the key is rejected, the
/// account has no permission, a budget is exhausted, the batch was stopped, or several submissions in a row failed for the same cause.
/// Accepted tasks continue. It keeps the leases of its tasks until it is disposed.
/// </summary>
public sealed class SubmissionRun : IDisposable
{
    /// <summary>
    /// The number of failures in a row for the same cause that ends submitting. A few failures can be chance, but each unknown outcome can
    /// cost an image.
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

    /// <param name="submit">Submits a request of a run. The run keeps the lease of the task.</param>
    /// <param name="budget">The limits.</param>
    /// <param name="journal">Returns the journal.</param>
    /// <param name="endpoint">The endpoint.</param>
    internal SubmissionRun(
        Func<ImageRequest, IClientObserver, SubmissionRun, CancellationToken, Task<ImageTask>> submit, RunBudget budget,
        Func<JournalHandle> journal, Uri endpoint)
    {
        _submit = submit;
        _journal = journal;
        _endpoint = endpoint;
        Budget = budget;
    }

    /// <summary>Why submitting has ended; null if it has not ended.</summary>
    public NanoBananaException? StopReason { get; private set; }

    /// <summary>The limits of the run.</summary>
    internal RunBudget Budget { get; }

    /// <summary>The submissions without an answer.</summary>
    internal RunIntents Intents { get; } = new();

    /// <summary>
    /// Checks the requirements of all requests before the first submission: a batch and limits need the journal, and a limit of the cost
    /// needs a price.
    /// </summary>
    /// <param name="request">The first request.</param>
    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.JournalRequired"/>: the journal can't be used.
    /// <see cref="NanoBananaErrorKind.InvalidRequest"/>: the cost is limited, and the price of an image is not known.
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
    /// <returns>The task; null if it was not submitted because submitting has ended (<see cref="StopReason"/>).</returns>
    /// <exception cref="NanoBananaException">This request failed.</exception>
    public async Task<ImageTask?> SubmitAsync(ImageRequest request, IClientObserver observer, CancellationToken stop)
    {
        if (StopReason is not null)
            return null;
        try
        {
            ImageTask task = await _submit(request, observer, this, stop).ConfigureAwait(false);
            // A task from the journal is not an answer of the service, so it does not reset the count.
            if (task.JournalRow is null)
                CountFailure(null);
            return task;
        }
        catch (NanoBananaException e) when (e.EndsSubmitting || e.Kind is NanoBananaErrorKind.ApiKeyRejected
            or NanoBananaErrorKind.NotPermitted or NanoBananaErrorKind.BudgetExhausted or NanoBananaErrorKind.BatchStopped)
        {
            End(e);
            return null;
        }
        catch (NanoBananaException e)
        {
            if (!e.IsFromJournal && !e.IsAboutInput && CountFailure($"{e.Kind} {e.StatusCode} {e.ProviderCode}") >= FailuresInARowLimit)
            {
                bool areUnknown = e.Kind == NanoBananaErrorKind.SubmissionUnknown;
                End(new NanoBananaException(e.Kind, Messages.FailuresInARow(FailuresInARowLimit, areUnknown, e.Message), e)
                {
                    StatusCode = e.StatusCode,
                    ProviderCode = e.ProviderCode,
                    RequestId = e.RequestId,
                });
            }
            throw;
        }
    }

    /// <summary>Ends submitting. Later requests, and requests that wait for their turn, are not submitted.</summary>
    public void End(NanoBananaException reason)
    {
        lock (_lock)
            StopReason ??= reason;
    }

    /// <summary>Releases the leases, because the pipeline has finished with the tasks.</summary>
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

    /// <summary>Checks before a request leaves that submitting has not ended.</summary>
    internal void ThrowIfEnded()
    {
        if (StopReason is { } reason)
            throw new NanoBananaException(NanoBananaErrorKind.BatchStopped, reason.Message, reason);
    }

    /// <summary>Keeps the lease of a task until its images are saved or the run is disposed.</summary>
    internal void KeepLease(IDisposable lease, ImageRequest request)
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

    /// <summary>Counts failures in a row for the same cause.</summary>
    /// <param name="cause">The cause; null for a success.</param>
    private int CountFailure(string? cause)
    {
        lock (_lock)
        {
            _failuresInARow = cause is null ? 0 : cause == _cause ? _failuresInARow + 1 : 1;
            _cause = cause;
            return _failuresInARow;
        }
    }

    /// <summary>
    /// A lease that removes itself from its run and its task when it is disposed. A long run does not keep the leases of finished tasks,
    /// and a later command does not use a lease that is no longer valid.
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
