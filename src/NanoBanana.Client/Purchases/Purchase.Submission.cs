using NanoBanana.Client.Http;
using NanoBanana.Client.Journal;
using NanoBanana.Client.Text;
using NanoBanana.Client.Wire;

namespace NanoBanana.Client.Purchases;

/// <content>The submission of a request, or the resumption of its earlier submission.</content>
internal sealed partial class Purchase
{
    /// <summary>Submits a request. The intent is durable before the request leaves, and the id before the task is returned.</summary>
    /// <param name="request">A request that was checked. If its batch already has a task for it, it is not submitted.</param>
    /// <param name="run">Its run, which keeps the lease of the task until the pipeline has finished with it.</param>
    /// <param name="stop">Ends the waits before the request leaves.</param>
    public async Task<ImageTask> SubmitAsync(ImageRequest request, SubmissionRun run, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        JournalHandle handle = Handle;
        TaskJournal? journal = handle.Open(observer, out IDisposable use);
        using IDisposable openUntilAnswered = use;
        if (journal is null && (request.Batch is not null || run.Budget.HasLimits || handle.IsShared))
            throw handle.JournalRequired(request.Batch is not null);
        if (journal is null)
        {
            return ReportAccepted(request, await services.Submitter.SubmitAsync(
                request, () => MaySendAsync(run), null, observer, stop).ConfigureAwait(false));
        }
        JournalHandle.Check(journal, request.Batch is not null);
        WarnOfNewService(journal, request.Batch);
        (long? row, JournalRow? known) = await ClaimAsync(journal, request, run, stop).ConfigureAwait(false);
        if (known is not null)
            return Resume(journal, request, known, run);
        bool isRejected = false;
        try
        {
            return await SendAsync(journal, row, request, run, stop).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // An intent is removed only if nothing was bought for certain. After an unexpected exception, the outcome is unknown.
            isRejected = e is OperationCanceledException or NanoBananaException { Kind: not NanoBananaErrorKind.SubmissionUnknown };
            if (row is not null)
            {
                Task write = isRejected ? journal.RemoveIntentAsync(row.Value) : journal.MarkUnknownAsync(row.Value);
                await journal.TryAsync(write, observer).ConfigureAwait(false);
            }
            throw;
        }
        finally
        {
            run.Intents.Remove(isReleased: isRejected);
        }
    }

    private async Task<ImageTask> SendAsync(TaskJournal journal, long? row, ImageRequest request, SubmissionRun run, CancellationToken stop)
    {
        long claimed = services.Options.Time.GetTimestamp();
        bool isFenced = row is not null;
        ImageTask task = await services.Submitter.SubmitAsync(
            request, MaySendAsync, () => !isFenced || journal.HasValidLease, observer, stop).ConfigureAwait(false);
        TrimOnce();
        if (row is not null)
        {
            Task accepted = journal.AcceptAsync(row.Value, task, Protocol, out Lease lease);
            run.KeepLease(lease, request);
            await journal.TryAsync(accepted, observer, Messages.TaskAccepted(task.Id, request.Prompt, request.Name)).ConfigureAwait(false);
        }
        return ReportAccepted(request, task);

        async ValueTask MaySendAsync() => isFenced &= await this.MaySendAsync(journal, row, request, run, claimed).ConfigureAwait(false);
    }

    /// <summary>Counts and logs an accepted submission.</summary>
    private ImageTask ReportAccepted(ImageRequest request, ImageTask task)
    {
        request.RunItem?.MarkAccepted();
        observer.OnEvent(new ClientEvent(ClientEventKind.Accepted) { About = task });
        return task;
    }

    /// <summary>
    /// Removes old entries, if an answer has confirmed the clock of this machine. A service on the same machine can't confirm it.
    /// </summary>
    private void TrimOnce()
    {
        if (services.Clock is { IsConfirmed: true } && !services.Options.Endpoint.IsLoopback)
            Handle.TrimOnce();
    }

    /// <summary>
    /// Makes the intent durable, or finds the entry that already has the request. While another process submits the same request, waits for
    /// its outcome. Without a batch, a request is submitted even if the journal can't be written.
    /// </summary>
    private async Task<(long? Row, JournalRow? Known)> ClaimAsync(
        TaskJournal journal, ImageRequest request, SubmissionRun run, CancellationToken stop)
    {
        bool hasWarned = false;
        while (true)
        {
            run.ThrowIfEnded();
            (long? row, JournalRow? known, Task? release) = await TryClaimAsync(journal, request, run).ConfigureAwait(false);
            if (release is not null)
            {
                await release.WithCancellation(stop).ConfigureAwait(false);
                continue;
            }
            if (known?.Task.Status != ImageTaskStatus.Submitting)
                return (row, known);
            // In a shared journal, one warning for each process, because a process with the same rows has leases on many of them.
            if (!hasWarned && (!journal.IsShared || services.IsFirst($"submitter {known.LeaseHolder}")))
                observer.OnWarning(Messages.SubmittedElsewhere(request.Prompt, known.LeaseDescription));
            hasWarned = true;
            await services.Options.Time.Sleep(CheckInterval, stop).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Warns once if a batch was made at another emulator. Each start of an emulator is a new service with its own batches.
    /// </summary>
    private void WarnOfNewService(TaskJournal journal, string? batch)
    {
        if (batch is null || !services.Options.Endpoint.IsLoopback || !services.IsFirst(batch))
            return;
        try
        {
            Uri?[] known = [.. journal.Reader.Batches(name => name == batch).Select(other => other.Endpoint)];
            if (known.FirstOrDefault(other => other?.IsLoopback == true) is { } earlier
                && !known.Any(other => KnownEndpoints.IsSame(other, services.Options.Endpoint)))
            {
                observer.OnWarning(Messages.BatchOfAnotherEmulator(batch, earlier, services.Options.Endpoint));
            }
        }
        catch (NanoBananaException e) when (e.Kind == NanoBananaErrorKind.JournalRequired)
        {
            // The claim reports it.
        }
    }

    /// <summary>Tries to claim a request. An intent is counted in the run until its submission is answered.</summary>
    /// <returns>
    /// The row of the intent; or the entry that already has the request; or a task that ends when a reservation of the budget may be
    /// released.
    /// </returns>
    private async Task<(long? Row, JournalRow? Known, Task? Release)> TryClaimAsync(
        TaskJournal journal, ImageRequest request, SubmissionRun run)
    {
        run.Intents.Add();
        bool isOver = true;
        try
        {
            (long? row, JournalRow? known) = await journal.ClaimAsync(
                request, services.Options.Endpoint, Protocol, run.Budget, services.Options.SubmitTimeout).ConfigureAwait(false);
            isOver = known is not null;
            return (row, known, null);
        }
        catch (NanoBananaException e) when (e.Kind == NanoBananaErrorKind.BudgetExhausted)
        {
            isOver = false;
            // Submissions in flight can be rejected, which releases their reservation.
            if (run.Intents.WaitForRelease() is not { } release)
                throw;
            return (null, null, release);
        }
        catch (NanoBananaException e) when (e.Kind == NanoBananaErrorKind.JournalRequired
            && request.Batch is null && !run.Budget.HasLimits && !journal.IsShared)
        {
            isOver = false;
            journal.ReportUnavailable(e, observer);
            return (null, null, null);
        }
        finally
        {
            if (isOver)
                run.Intents.Remove(isReleased: false);
        }
    }

    /// <summary>Returns the task that the batch already has for a request, instead of a second submission.</summary>
    private ImageTask Resume(TaskJournal journal, ImageRequest request, JournalRow row, SubmissionRun run)
    {
        ImageTask known = row.Task;
        if (known.Status == ImageTaskStatus.Unknown)
        {
            throw new NanoBananaException(NanoBananaErrorKind.SubmissionUnknown, Messages.OutcomeUnknownInBatch(request.Prompt))
            {
                IsFromJournal = true,
                Task = known,
            };
        }
        services.CheckOrigin(known);
        bool isSaved = known is { Status: ImageTaskStatus.Completed, Image.Count: > 0 } && !row.IsUnsaved;
        if (!isSaved)
            run.KeepLease(journal.LeaseTask(known, observer), request);
        request.RunItem?.MarkHeld(isSaved);
        ImageTask task = known with { InputIndex = request.InputIndex, Source = request.Source, RunItem = request.RunItem };
        observer.OnEvent(new ClientEvent(ClientEventKind.Held) { About = task });
        return task;
    }

    private static ValueTask MaySendAsync(SubmissionRun run)
    {
        run.ThrowIfEnded();
        return default;
    }

    /// <summary>Checks before each attempt that submitting has not ended and that the intent is still leased to this process.</summary>
    /// <returns>False if the request is sent without an intent, because the journal can't be written.</returns>
    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.JournalRequired"/>, <see cref="NanoBananaErrorKind.BatchStopped"/>: the check failed. Nothing is
    /// sent.
    /// </exception>
    private async ValueTask<bool> MaySendAsync(TaskJournal journal, long? row, ImageRequest request, SubmissionRun run, long claimed)
    {
        run.ThrowIfEnded();
        if (row is null)
            return false;
        bool maySend;
        try
        {
            maySend = await journal.MaySendAsync(row.Value).ConfigureAwait(false);
            // The claim has checked it. While the request waited for its turn, a stop order may have been written.
            if (services.Options.Time.GetElapsedTime(claimed) > StopInterval)
                await journal.CheckStopAsync(request, services.Options.Endpoint, run.Budget).ConfigureAwait(false);
        }
        catch (NanoBananaException e) when (e.Kind == NanoBananaErrorKind.JournalRequired && request.Batch is null && !journal.IsShared)
        {
            journal.ReportUnavailable(e, observer);
            return false;
        }
        if (!maySend)
        {
            throw new NanoBananaException(NanoBananaErrorKind.JournalRequired, Messages.LeaseLost(request.Prompt, Leases.Length));
        }
        return true;
    }
}
