using NanoBanana.Client.Journal;

namespace NanoBanana.Client.Polling;

/// <summary>
/// Polls under the journal's eyes: while a task is waited for it is leased to this process, and what became of it is kept.
/// </summary>
internal sealed class JournaledPoller(TaskPoller poller, NanoBananaClientOptions options)
{
    public async Task<ImageTask> WaitAsync(ImageTask task, TimeSpan timeout, IClientObserver observer, CancellationToken stop)
    {
        if (task.HasEnded)
            return task;
        TaskJournal? journal = options.Journal().Open(observer);
        if (journal is null)
            return await poller.WaitAsync(task, timeout, observer, stop).ConfigureAwait(false);
        Forget(journal.LeaseAsync(task, take: true), observer);
        try
        {
            ImageTask ended = await poller.WaitAsync(task, timeout, observer, stop).ConfigureAwait(false);
            Forget(journal.UpdateAsync(ended, options.Protocol), observer);
            return ended;
        }
        catch
        {
            Forget(journal.LeaseAsync(task, take: false), observer);
            throw;
        }
    }

    /// <summary>Does work on a task that no other process is to take meanwhile.</summary>
    public async Task<T> LeaseWhileAsync<T>(ImageTask task, Func<Task<T>> work, IClientObserver observer)
    {
        if (options.Journal().Open(observer) is not { } journal)
            return await work().ConfigureAwait(false);
        Forget(journal.LeaseAsync(task, take: true), observer);
        try
        {
            return await work().ConfigureAwait(false);
        }
        finally
        {
            Forget(journal.LeaseAsync(task, take: false), observer);
        }
    }

    public async Task<ImageTask> PollNowAsync(ImageTask task, IClientObserver observer, CancellationToken stop)
    {
        ImageTask polled = await poller.PollNowAsync(task, observer, stop).ConfigureAwait(false);
        if (options.Journal().Open(observer) is { } journal)
            Forget(journal.UpdateAsync(polled, options.Protocol), observer);
        return polled;
    }

    /// <summary>Not waited for: an entry lost in a crash costs a poll, and the poll finds the same.</summary>
    private static void Forget(Task write, IClientObserver observer) => _ = JournalGuard.TryAsync(write, observer, "");
}
