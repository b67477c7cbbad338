using NanoBanana.Client.Journal;

namespace NanoBanana.Client.Polling;

/// <summary>
/// Polls under the journal's eyes: while a task is waited for it is leased to this process, and what became of it is kept.
/// </summary>
internal sealed class JournaledPoller(TaskPoller poller, NanoBananaClientOptions options)
{
    public Task<ImageTask> WaitAsync(ImageTask task, TimeSpan timeout, IClientObserver observer, CancellationToken stop, bool startNow = false) =>
        !task.HasEnded && options.Journal().Open(observer) is { } journal
            ? WaitAsync(journal, task, timeout, startNow, observer, stop)
            : poller.WaitAsync(task, timeout, observer, stop, startNow);

    private async Task<ImageTask> WaitAsync(TaskJournal journal, ImageTask task, TimeSpan timeout, bool startNow, IClientObserver observer, CancellationToken stop)
    {
        using Lease lease = journal.Hold(task, observer);
        ImageTask ended = await poller.WaitAsync(task, timeout, observer, stop, startNow).ConfigureAwait(false);
        Keep(journal, ended, observer);
        return ended;
    }

    public async Task<ImageTask> PollNowAsync(ImageTask task, IClientObserver observer, CancellationToken stop)
    {
        ImageTask polled = await poller.PollNowAsync(task, observer, stop).ConfigureAwait(false);
        Keep(polled, observer);
        return polled;
    }

    /// <summary>Keeps what was learned of a task in another way than by a poll.</summary>
    public void Keep(ImageTask task, IClientObserver observer)
    {
        if (options.Journal().Open(observer) is { } journal)
            Keep(journal, task, observer);
    }

    /// <summary>Not waited for: an entry lost in a crash costs a poll, and the poll finds the same.</summary>
    private void Keep(TaskJournal journal, ImageTask task, IClientObserver observer) =>
        _ = journal.TryAsync(journal.UpdateAsync(task, options.Protocol), observer);
}
