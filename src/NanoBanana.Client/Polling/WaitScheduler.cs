using NanoBanana.Client.Polling.Prediction;

namespace NanoBanana.Client.Polling;

/// <summary>Applies the predictor to waits: reports each poll to it and sets when the next one is due. The poller calls it under
/// its lock.</summary>
internal sealed class WaitScheduler(IPollPredictor predictor, PollQueue queue, Func<double> random)
{
    /// <summary>How long before its deadline a wait polls for the last time: an answer must have time to come.</summary>
    private static readonly TimeSpan LastPollMargin = TimeSpan.FromSeconds(1);

    /// <summary>The most last polls per second when the deadlines of a crowd pass together.</summary>
    private const double LastPollsPerSecond = 500;

    /// <summary>Sets when the first poll of a new wait is due, and its latest time.</summary>
    public void SetFirstPoll(PollWait wait, TimeSpan now, bool startNow)
    {
        // The age of a task that was accepted elsewhere is unknown: poll now.
        if (!startNow && wait.Task.AcceptedTimestamp is not null)
        {
            TimeSpan age = now - wait.AcceptedAt;
            wait.RunningAge = wait.Task.Elapsed is { } seen && seen < age ? seen : TimeSpan.Zero;
            wait.DueAt = now + predictor.UntilNext(wait.Task.Resolution, wait.RunningAge, wait.Task.Progress, age);
        }
        TimeSpan margin = LastPollMargin + TimeSpan.FromSeconds(random() * queue.Count / LastPollsPerSecond);
        var half = TimeSpan.FromTicks((wait.EndsAt - now).Ticks / 2);
        wait.LatestAt = wait.EndsAt - (margin < half ? margin : half);
    }

    /// <summary>A task was seen to run.</summary>
    /// <param name="wait">Its wait.</param>
    /// <param name="sent">When the poll was sent.</param>
    /// <param name="now">When the answer came.</param>
    /// <returns>How long to the next poll.</returns>
    public TimeSpan StillRuns(PollWait wait, TimeSpan sent, TimeSpan now)
    {
        TimeSpan alive = sent - wait.AcceptedAt;
        if (wait.Task.AcceptedTimestamp is not null)
            predictor.Learn(wait.Task.Resolution, wait.RunningAge, wait.Progress, alive, ended: false);
        (wait.RunningAge, wait.Progress) = (alive, wait.Task.Progress);
        return predictor.UntilNext(wait.Task.Resolution, alive, wait.Progress, now - wait.AcceptedAt);
    }

    /// <summary>
    /// A task was seen to have ended. One that was accepted elsewhere has no known age, and one that was canceled no completion
    /// time: both are ignored.
    /// </summary>
    public void Ended(PollWait wait, ImageTask ended, TimeSpan now)
    {
        if (ended.AcceptedTimestamp is null || ended.Status == ImageTaskStatus.Canceled)
            return;
        predictor.Learn(ended.Resolution, wait.RunningAge, wait.Progress, now - wait.AcceptedAt, ended: true);
        BringForward(ended.Resolution, now);
    }

    /// <summary>Learns from recorded tasks that ended earlier, the oldest first.</summary>
    public void Recall(IEnumerable<ImageTask> ended, TimeSpan now)
    {
        foreach (IGrouping<string?, ImageTask> tasks in ended.GroupBy(task => task.Resolution))
        {
            foreach (ImageTask task in tasks)
                predictor.Recall(tasks.Key, task.Elapsed!.Value);
            BringForward(tasks.Key, now);
        }
    }

    /// <summary>When tasks prove far quicker than predicted, waits without a poll so far are polled sooner.</summary>
    private void BringForward(string? resolution, TimeSpan now)
    {
        if (!predictor.HasMovedForward(resolution))
            return;
        foreach (PollWait wait in queue.RemoveWhere(w => w.IsUnpolled && w.Task.Resolution == resolution))
        {
            TimeSpan sooner = now + predictor.UntilNext(resolution, TimeSpan.Zero, null, now - wait.AcceptedAt);
            // An overdue wait keeps its place.
            wait.DueAt = sooner < wait.DueAt ? sooner : wait.DueAt;
            queue.Add(wait);
        }
    }
}
