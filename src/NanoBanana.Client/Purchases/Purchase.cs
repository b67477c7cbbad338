using NanoBanana.Client.Files;
using NanoBanana.Client.Http;
using NanoBanana.Client.Journal;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Purchases;

/// <summary>
/// The life of one request: intent, sent, accepted or rejected or unknown, ended, saved. It owns everything that can lose money: the
/// journal entry, which no other type writes; the lease on the entry; and whether a submission may leave. See docs/architecture.md and
/// decision 0023.
/// </summary>
internal sealed partial class Purchase(PurchaseServices services, IClientObserver observer)
{
    /// <summary>The time between two checks whether another process has the outcome of the same request.</summary>
    private static readonly TimeSpan CheckInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest time between two checks of a task that is leased to another process.</summary>
    private static readonly TimeSpan LongestCheckInterval = TimeSpan.FromSeconds(3);

    /// <summary>The time after which images are saved without a lease if the database is not available.</summary>
    private static readonly TimeSpan LongestDatabaseOutage = TimeSpan.FromMinutes(2);

    /// <summary>If more time has passed since the claim, stop orders are checked again before the request is sent.</summary>
    private static readonly TimeSpan StopInterval = TimeSpan.FromSeconds(1);

    private JournalHandle Handle => services.Options.Journal();

    private ApiProtocol Protocol => services.Options.Protocol;

    /// <summary>Polls a task with a lease on it until it ends, and stores its final state.</summary>
    public Task<ImageTask> WaitAsync(ImageTask task, TimeSpan timeout, bool startNow, CancellationToken stop)
    {
        if (task.HasEnded)
            return Task.FromResult(task);
        // A command that was stopped does not open the journal.
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

    /// <summary>Stores a state that does not come from a poll.</summary>
    public void Store(ImageTask task)
    {
        TaskJournal? journal = Handle.Open(observer, out IDisposable use);
        using IDisposable open = use;
        Store(journal, task);
    }

    /// <summary>Saves an image of a task with a lease on it, so that its files are recorded while the journal is open.</summary>
    /// <param name="task">A completed task.</param>
    /// <param name="save">Saves the image.</param>
    /// <param name="stop">Cancels the download.</param>
    public async Task<SavedImage> SaveAsync(ImageTask task, Func<PurchaseFiles, Task<SavedImage>> save, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        TaskJournal? journal = Handle.Open(observer, out IDisposable use);
        using IDisposable openUntilSaved = use;
        Lease lease = Lease.None;
        try
        {
            var files = new PurchaseFiles(journal, observer, () => lease = journal?.LeaseTask(task, observer) ?? Lease.None);
            SavedImage saved = await save(files).ConfigureAwait(false);
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
    /// Leases a completed task to this process, so that this process saves its images. If the journal is shared, waits while another
    /// process saves them.
    /// </summary>
    public async Task<IDisposable> LeaseToSaveAsync(ImageTask task, CancellationToken stop)
    {
        TaskJournal? journal = Handle.Open(observer, out IDisposable use);
        using IDisposable openUntilLeased = use;
        return journal is { IsShared: true }
            ? (await LeaseAsync(journal, task, isToSave: true, TimeSpan.MaxValue, stop).ConfigureAwait(false)).Lease
            : Lease.None;
    }

    /// <summary>Leases a task to this process until the lease is disposed.</summary>
    public IDisposable LeaseTask(ImageTask task) => Handle.Open(observer)?.LeaseTask(task, observer) ?? Lease.None;

    private async Task<ImageTask> WaitAsync(
        TaskJournal journal, IDisposable use, ImageTask task, TimeSpan timeout, bool startNow, CancellationToken stop)
    {
        using IDisposable openUntilEnded = use;
        long start = services.Options.Time.GetTimestamp();
        (Lease lease, task) = await LeaseAsync(journal, task, isToSave: false, timeout, stop).ConfigureAwait(false);
        using Lease untilEnded = lease;
        if (task.HasEnded)
            return task;
        TimeSpan waited = services.Options.Time.GetElapsedTime(start);
        ImageTask ended = await services.Poller.WaitAsync(
            task, waited < timeout ? timeout - waited : TimeSpan.Zero, observer, stop,
            startNow || waited > CheckInterval).ConfigureAwait(false);
        TrimOnce();
        Store(journal, ended);
        return ended;
    }

    /// <summary>
    /// Leases a task to this process. In a shared journal, a task that is leased to another process is left to that process, and its final
    /// state comes from the journal. If the other process releases its lease or the lease expires, this process takes over the task.
    /// </summary>
    /// <returns>The lease, and the current state of the task; no lease if another process has finished the work.</returns>
    private async Task<(Lease Lease, ImageTask Task)> LeaseAsync(
        TaskJournal journal, ImageTask task, bool isToSave, TimeSpan timeout, CancellationToken stop)
    {
        long start = services.Options.Time.GetTimestamp();
        for (TimeSpan interval = CheckInterval;
            journal.IsShared && services.Options.Time.GetElapsedTime(start) < timeout;
            interval = NextInterval(interval))
        {
            try
            {
                if (await journal.TryLeaseTaskAsync(task).ConfigureAwait(false) is { } lease)
                    return (lease, task);
                if (journal.Reader.Find(task) is not { } row)
                    break;
                if (row.Task.HasEnded && !(isToSave && row.IsUnsaved))
                    return (Lease.None, WithLocalValues(row.Task, task));
                if (row.IsLeased && services.IsFirst($"holder {row.LeaseHolder}"))
                    observer.OnWarning(Messages.LeasedElsewhere(task.Id, row.LeaseDescription));
            }
            catch (NanoBananaException e) when (e.Kind == NanoBananaErrorKind.JournalRequired)
            {
                // A paid task is polled and saved without the journal too. Saving waits first, because another machine may have saved it.
                if (!isToSave || services.Options.Time.GetElapsedTime(start) >= LongestDatabaseOutage)
                {
                    journal.ReportUnavailable(e, observer);
                    break;
                }
            }
            await services.Options.Time.Sleep(interval, stop).ConfigureAwait(false);
        }
        return (journal.LeaseTask(task, observer), task);
    }

    /// <summary>A task from the journal, with the values that only this process has.</summary>
    private static ImageTask WithLocalValues(ImageTask known, ImageTask task) =>
        known with { InputIndex = task.InputIndex, Source = task.Source, RunItem = task.RunItem };

    private static TimeSpan NextInterval(TimeSpan interval) => interval < LongestCheckInterval ? interval + interval : LongestCheckInterval;

    /// <summary>Stores a state in the background. If a crash loses it, the next poll returns it again.</summary>
    private void Store(TaskJournal? journal, ImageTask task)
    {
        if (journal is not null)
        {
            Background.Run(
                () => journal.TryAsync(journal.UpdateAsync(task, Protocol), observer),
                e => observer.OnWarning(Messages.StateNotStored(task.Id, e.Message)));
        }
    }
}
