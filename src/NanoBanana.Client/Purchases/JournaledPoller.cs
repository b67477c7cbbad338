using NanoBanana.Client.Journal;
using NanoBanana.Client.Polling;

namespace NanoBanana.Client.Purchases;

/// <summary>
/// Polls under the journal's eyes: while a task is waited for it is leased to this process, and what became of it is kept.
/// </summary>
internal sealed class JournaledPoller(TaskPoller poller, NanoBananaClientOptions options)
{
    /// <summary>What is older says little of today's service.</summary>
    private const int TasksRecalled = 100;

    /// <summary>A task that was seen to end so late was more likely found late, by a script that was run again.</summary>
    private static readonly TimeSpan LongestElapsed = TimeSpan.FromMinutes(10);

    private int _hasRecalled;

    /// <summary>Has the schedule learn from the journal, once, while other work goes on.</summary>
    /// <returns>Ends when it has; nobody need wait for it.</returns>
    public Task Recall() => Interlocked.Exchange(ref _hasRecalled, 1) == 0 ? Task.Run(ReadEnded) : Task.CompletedTask;

    public Task<ImageTask> WaitAsync(ImageTask task, TimeSpan timeout, IClientObserver observer, CancellationToken stop, bool startNow = false) =>
        !task.HasEnded && options.Journal().Open(observer) is { } journal
            ? WaitAsync(journal, task, timeout, startNow, observer, stop)
            : poller.WaitAsync(task, timeout, observer, stop, startNow);

    private void ReadEnded()
    {
        try
        {
            // A reader of its own: whoever closes the journal meanwhile takes nothing from it. That there is a journal which
            // can't be opened is said once, so not here, where whoever began this may be gone.
            using JournalReader? journal = options.Journal().Read();
            poller.Recall((journal?.LastCompleted(options.Endpoint, TasksRecalled) ?? [])
                .Where(task => task.Elapsed > TimeSpan.Zero && task.Elapsed < LongestElapsed).Reverse());
        }
        catch (NanoBananaException)
        {
            // The schedule learns without it; what is wrong with the file is told by those who need it.
        }
    }

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
