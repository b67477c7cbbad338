using NanoBanana.Client.Files;
using NanoBanana.Client.Http;
using NanoBanana.Client.Journal;
using NanoBanana.Client.Text;
using NanoBanana.Client.Wire;

namespace NanoBanana.Client.Purchases;

/// <summary>
/// The life of one request: intent, sent, accepted or rejected or unknown, ended, saved. It owns what can lose money: the
/// journal entry (nothing else writes the journal), the lease on it, and whether a submit may leave. See docs/architecture.md
/// and decision 0023.
/// </summary>
internal sealed class Purchase(PurchaseServices services, IClientObserver observer)
{
    /// <summary>How often to look whether another process's submit of the same request has been answered.</summary>
    private static readonly TimeSpan HolderInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>How often to look at most while another process works on a task.</summary>
    private static readonly TimeSpan LongestHolderInterval = TimeSpan.FromSeconds(3);

    /// <summary>How long the images of a task wait for a database that is away, when the lease on the task has expired.</summary>
    private static readonly TimeSpan LongestAbsence = TimeSpan.FromMinutes(2);

    /// <summary>After a longer wait between the claim and the submit, an order to stop is looked for again.</summary>
    private static readonly TimeSpan StopInterval = TimeSpan.FromSeconds(1);

    private JournalHandle Handle => services.Options.Journal();

    private ApiProtocol Protocol => services.Options.Protocol;

    /// <summary>Submits a request: the intent is durable before the submit leaves, the id before the task is returned.</summary>
    /// <param name="request">A request that was checked. One that an entry of its batch holds is not bought again.</param>
    /// <param name="run">Its run, which keeps the lease of the task until the pipeline is done with it.</param>
    /// <param name="stop">Ends the waits before the request leaves.</param>
    public async Task<ImageTask> SubmitAsync(ImageRequest request, SubmissionRun run, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        JournalHandle handle = Handle;
        TaskJournal? journal = handle.Open(observer, out IDisposable use);
        using IDisposable openUntilAnswered = use;
        if (journal is null && (request.Batch is not null || run.Budget.HasLimits || handle.IsShared))
            throw handle.Missing(request.Batch is not null);
        if (journal is null)
            return Bought(request, await services.Submitter.SubmitAsync(request, () => MaySendAsync(run), null, observer, stop).ConfigureAwait(false));
        JournalHandle.Check(journal, request.Batch is not null);
        TellNewService(journal, request.Batch);
        (long? row, JournalRow? known) = await ClaimAsync(journal, request, run, stop).ConfigureAwait(false);
        if (known is not null)
            return Resume(journal, request, known, run);
        bool nothingBought = false;
        try
        {
            return await SendAsync(journal, row, request, run, stop).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // Only what certainly bought nothing is removed; a defect of ours is no such certainty.
            nothingBought = e is OperationCanceledException or NanoBananaException { Kind: not NanoBananaErrorKind.SubmissionUnknown };
            if (row is not null)
                await journal.TryAsync(nothingBought ? journal.AbandonAsync(row.Value) : journal.LoseAsync(row.Value), observer).ConfigureAwait(false);
            throw;
        }
        finally
        {
            run.Intents.End(hasGivenBack: nothingBought);
        }
    }

    private async Task<ImageTask> SendAsync(TaskJournal journal, long? row, ImageRequest request, SubmissionRun run, CancellationToken stop)
    {
        long claimed = services.Options.Time.GetTimestamp();
        bool isFenced = row is not null;
        ImageTask task = await services.Submitter.SubmitAsync(request, MaySendAsync, () => !isFenced || journal.HasValidLease, observer, stop).ConfigureAwait(false);
        TrimOnce();
        if (row is not null)
        {
            Task accepted = journal.AcceptAsync(row.Value, task, Protocol, out Lease lease);
            run.Keep(lease, request);
            await journal.TryAsync(accepted, observer, $"Task {task.Id} of '{TextSafety.Excerpt(request.Prompt, 40)}'{(request.Name is null ? "" : $" (name '{TextSafety.Excerpt(request.Name, 40)}')")} was accepted and is paid for.").ConfigureAwait(false);
        }
        return Bought(request, task);

        async ValueTask MaySendAsync() => isFenced &= await this.MaySendAsync(journal, row, request, run, claimed).ConfigureAwait(false);
    }

    /// <summary>Polls a task until it ends, with a lease on it, and stores the end.</summary>
    public Task<ImageTask> WaitAsync(ImageTask task, TimeSpan timeout, bool startNow, CancellationToken stop)
    {
        if (task.HasEnded)
            return Task.FromResult(task);
        // A stopped command opens no journal any more.
        if (stop.IsCancellationRequested)
            return Task.FromCanceled<ImageTask>(stop);
        services.CheckOrigin(task);
        return Handle.Open(observer, out IDisposable use) is { } journal
            ? WaitAsync(journal, use, task, timeout, startNow, stop)
            : services.Poller.WaitAsync(task, timeout, observer, stop, startNow);
    }

    /// <summary>Polls a task once, now, and stores its state.</summary>
    public async Task<ImageTask> PollNowAsync(ImageTask task, CancellationToken stop)
    {
        services.CheckOrigin(task);
        ImageTask polled = await services.Poller.PollNowAsync(task, observer, stop).ConfigureAwait(false);
        TrimOnce();
        Store(polled);
        return polled;
    }

    /// <summary>Stores a state that was learned in another way than by a poll.</summary>
    public void Store(ImageTask task)
    {
        TaskJournal? journal = Handle.Open(observer, out IDisposable use);
        using IDisposable open = use;
        Store(journal, task);
    }

    /// <summary>Saves an image of a task with a lease on it, so that its files are recorded while the journal is open.</summary>
    /// <param name="task">A completed task.</param>
    /// <param name="save">Saves the image.</param>
    /// <param name="stop">Abandons the download.</param>
    public async Task<SavedImage> SaveAsync(ImageTask task, Func<PurchaseFiles, Task<SavedImage>> save, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        TaskJournal? journal = Handle.Open(observer, out IDisposable use);
        using IDisposable openUntilSaved = use;
        Lease lease = Lease.None;
        try
        {
            SavedImage saved = await save(new PurchaseFiles(journal, observer, () => lease = journal?.Hold(task, observer) ?? Lease.None)).ConfigureAwait(false);
            if (saved.Machine is null)
                observer.OnEvent(new ClientEvent(ClientEventKind.Saved) { About = task, File = saved.Path });
            return saved;
        }
        finally
        {
            lease.Dispose();
        }
    }

    /// <summary>
    /// Leases a completed task to this process, so that its images are saved here. Waits while another process saves them; waits for
    /// nothing in a journal of one machine.
    /// </summary>
    public async Task<IDisposable> LeaseToSaveAsync(ImageTask task, CancellationToken stop)
    {
        TaskJournal? journal = Handle.Open(observer, out IDisposable use);
        using IDisposable openUntilLeased = use;
        return journal is { IsShared: true } ? (await LeaseAsync(journal, task, isToSave: true, TimeSpan.MaxValue, stop).ConfigureAwait(false)).Lease : Lease.None;
    }

    /// <summary>Leases a task to this process until the lease is disposed.</summary>
    public IDisposable Hold(ImageTask task) => Handle.Open(observer)?.Hold(task, observer) ?? Lease.None;

    private async Task<ImageTask> WaitAsync(TaskJournal journal, IDisposable use, ImageTask task, TimeSpan timeout, bool startNow, CancellationToken stop)
    {
        using IDisposable openUntilEnded = use;
        long start = services.Options.Time.GetTimestamp();
        (Lease lease, task) = await LeaseAsync(journal, task, isToSave: false, timeout, stop).ConfigureAwait(false);
        using Lease untilEnded = lease;
        if (task.HasEnded)
            return task;
        TimeSpan waited = services.Options.Time.GetElapsedTime(start);
        ImageTask ended = await services.Poller.WaitAsync(
            task, waited < timeout ? timeout - waited : TimeSpan.Zero, observer, stop, startNow || waited > HolderInterval).ConfigureAwait(false);
        TrimOnce();
        Store(journal, ended);
        return ended;
    }

    /// <summary>
    /// Leases a task to this process. In a shared journal, one that another process works on is left to it: its end is taken from the
    /// journal, and what it does not finish is taken over when it has let go or its lease has expired.
    /// </summary>
    /// <returns>The lease, and the task as it is known now; no lease where another process has finished what is asked for.</returns>
    private async Task<(Lease Lease, ImageTask Task)> LeaseAsync(TaskJournal journal, ImageTask task, bool isToSave, TimeSpan timeout, CancellationToken stop)
    {
        long start = services.Options.Time.GetTimestamp();
        for (TimeSpan interval = HolderInterval; journal.IsShared && services.Options.Time.GetElapsedTime(start) < timeout; interval = Longer(interval))
        {
            try
            {
                if (await journal.TryHoldAsync(task).ConfigureAwait(false) is { } lease)
                    return (lease, task);
                if (journal.Reader.Find(task) is not { } row)
                    break;
                if (row.Task.HasEnded && !(isToSave && row.IsUnsaved))
                    return (Lease.None, Known(task, row.Task));
                if (row.IsLeased && services.IsFirstOf($"holder {row.HolderName}"))
                    observer.OnWarning($"Task {task.Id} is leased to {row.Holder}, which saves its images. Its tasks are waited for.");
            }
            catch (NanoBananaException e) when (e.Kind == NanoBananaErrorKind.JournalRequired)
            {
                // What is paid for is polled and saved without the journal too: at last, because another machine may have saved it meanwhile.
                if (!isToSave || services.Options.Time.GetElapsedTime(start) >= LongestAbsence)
                {
                    journal.GoOn(e, observer);
                    break;
                }
            }
            await services.Options.Time.Sleep(interval, stop).ConfigureAwait(false);
        }
        return (journal.Hold(task, observer), task);
    }

    /// <summary>A task as the journal knows it, with what only this process knows.</summary>
    private static ImageTask Known(ImageTask task, ImageTask known) => known with { InputIndex = task.InputIndex, Source = task.Source, RunItem = task.RunItem };

    private static TimeSpan Longer(TimeSpan interval) => interval < LongestHolderInterval ? interval + interval : LongestHolderInterval;

    /// <summary>Counts and tells a purchase.</summary>
    private ImageTask Bought(ImageRequest request, ImageTask task)
    {
        request.RunItem?.Buy();
        observer.OnEvent(new ClientEvent(ClientEventKind.Accepted) { About = task });
        return task;
    }

    /// <summary>An answer came, so the clock of this machine may be known to be right. A service on this machine has the same clock.</summary>
    private void TrimOnce()
    {
        if (services.Clock is { IsConfirmed: true } && !services.Options.Endpoint.IsLoopback)
            Handle.TrimOnce();
    }

    /// <summary>Nobody waits for it: an entry that is lost in a crash costs one poll, which finds the same.</summary>
    private void Store(TaskJournal? journal, ImageTask task)
    {
        if (journal is not null)
        {
            Background.Run(
                () => journal.TryAsync(journal.UpdateAsync(task, Protocol), observer),
                e => observer.OnWarning($"The state of task {task.Id} could not be stored: {e.Message}"));
        }
    }

    /// <summary>
    /// Makes the intent durable, or finds the entry that holds the request. While another process submits the same request, its
    /// answer is waited for. Without a batch, a journal that can't be written is no reason not to buy.
    /// </summary>
    private async Task<(long? Row, JournalRow? Known)> ClaimAsync(TaskJournal journal, ImageRequest request, SubmissionRun run, CancellationToken stop)
    {
        bool hasTold = false;
        while (true)
        {
            run.ThrowIfEnded();
            (long? row, JournalRow? known, Task? room) = await TryClaimAsync(journal, request, run).ConfigureAwait(false);
            if (room is not null)
            {
                await room.OrStop(stop).ConfigureAwait(false);
                continue;
            }
            if (known?.Task.Status != ImageTaskStatus.Submitting)
                return (row, known);
            // A machine that runs the same rows holds many of them.
            if (!hasTold && (!journal.IsShared || services.IsFirstOf($"submitter {known.HolderName}")))
                observer.OnWarning($"'{TextSafety.Excerpt(request.Prompt, 40)}' is being submitted by {known.Holder}. Waiting for its outcome.");
            hasTold = true;
            await services.Options.Time.Sleep(HolderInterval, stop).ConfigureAwait(false);
        }
    }

    /// <summary>An emulator that was started again is another service, and its batches are other batches: says so, once.</summary>
    private void TellNewService(TaskJournal journal, string? batch)
    {
        if (batch is null || !services.Options.Endpoint.IsLoopback || !services.IsFirstOf(batch))
            return;
        try
        {
            Uri?[] known = [.. journal.Reader.Batches(name => name == batch).Select(other => other.Endpoint)];
            if (known.FirstOrDefault(other => other?.IsLoopback == true) is { } earlier && !known.Any(other => KnownEndpoints.IsSame(other, services.Options.Endpoint)))
                observer.OnWarning($"Batch '{TextSafety.Excerpt(batch)}' was made at {earlier} before. The emulator at {services.Options.Endpoint} is another service and has none of those tasks, so all requests of the batch are made again.");
        }
        catch (NanoBananaException e) when (e.Kind == NanoBananaErrorKind.JournalRequired)
        {
            // The claim reports it.
        }
    }

    /// <summary>Claims a request once. An intent is counted among those of the run until its submit is answered.</summary>
    /// <returns>The row of the intent, the entry that holds the request, or what may make room for it in the budget.</returns>
    private async Task<(long? Row, JournalRow? Known, Task? Room)> TryClaimAsync(TaskJournal journal, ImageRequest request, SubmissionRun run)
    {
        run.Intents.Begin();
        bool endsHere = true;
        try
        {
            (long? row, JournalRow? known) = await journal.ClaimAsync(request, services.Options.Endpoint, Protocol, run.Budget, services.Options.SubmitTimeout).ConfigureAwait(false);
            endsHere = known is not null;
            return (row, known, null);
        }
        catch (NanoBananaException e) when (e.Kind == NanoBananaErrorKind.BudgetExhausted)
        {
            endsHere = false;
            // Submits on their way may yet be rejected and give their part back.
            if (run.Intents.Refuse() is not { } room)
                throw;
            return (null, null, room);
        }
        catch (NanoBananaException e) when (e.Kind == NanoBananaErrorKind.JournalRequired && request.Batch is null && !run.Budget.HasLimits && !journal.IsShared)
        {
            endsHere = false;
            journal.GoOn(e, observer);
            return (null, null, null);
        }
        finally
        {
            if (endsHere)
                run.Intents.End(hasGivenBack: false);
        }
    }

    /// <summary>The task that holds a request of the batch, instead of a second purchase.</summary>
    private ImageTask Resume(TaskJournal journal, ImageRequest request, JournalRow row, SubmissionRun run)
    {
        ImageTask known = row.Task;
        if (known.Status == ImageTaskStatus.Unknown)
        {
            throw new NanoBananaException(
                NanoBananaErrorKind.SubmissionUnknown,
                $"'{TextSafety.Excerpt(request.Prompt, 40)}' was sent by an earlier run and the outcome is unknown. It may have been bought, so it is not sent again. Check your provider account to see whether the image was created, and record it with Resolve-NanoBananaTask; -ResubmitUnknown buys it again.")
            {
                IsFromJournal = true,
                Task = known,
            };
        }
        services.CheckOrigin(known);
        bool isSaved = known is { Status: ImageTaskStatus.Completed, Image.Count: > 0 } && !row.IsUnsaved;
        if (!isSaved)
            run.Keep(journal.Hold(known, observer), request);
        request.RunItem?.Hold(isSaved);
        ImageTask held = known with { InputIndex = request.InputIndex, Source = request.Source, RunItem = request.RunItem };
        observer.OnEvent(new ClientEvent(ClientEventKind.Held) { About = held });
        return held;
    }

    private static ValueTask MaySendAsync(SubmissionRun run)
    {
        run.ThrowIfEnded();
        return default;
    }

    /// <summary>Checks, before each attempt, that submitting goes on and that the intent is still this process's.</summary>
    /// <returns>False when it is sent without an intent, because the journal can't be written.</returns>
    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.JournalRequired"/>, <see cref="NanoBananaErrorKind.BatchStopped"/>: it is not, so nothing is sent.
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
            // The claim has looked; an order to stop may have come while the request waited for its turn.
            if (services.Options.Time.GetElapsedTime(claimed) > StopInterval)
                await journal.CheckStopAsync(request, services.Options.Endpoint, run.Budget).ConfigureAwait(false);
        }
        catch (NanoBananaException e) when (e.Kind == NanoBananaErrorKind.JournalRequired && request.Batch is null && !journal.IsShared)
        {
            journal.GoOn(e, observer);
            return false;
        }
        if (!maySend)
        {
            throw new NanoBananaException(
                NanoBananaErrorKind.JournalRequired,
                $"'{TextSafety.Excerpt(request.Prompt, 40)}' was not sent and nothing was bought: this process was suspended for longer than its lease of {Leases.Length.TotalSeconds:0} seconds, and another process has taken its journal entry over. Run the command again.");
        }
        return true;
    }
}
