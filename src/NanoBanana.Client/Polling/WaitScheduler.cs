using NanoBanana.Client.Polling.Prediction;

namespace NanoBanana.Client.Polling;

/// <summary>
/// Applies the predictor to waits: reports each poll to it, and sets the time of the next one. The poller calls it under its lock.
/// </summary>
internal sealed class WaitScheduler(IPollPredictor predictor, PollQueue queue, Func<double> random)
{
    /// <summary>The time before the deadline at which a wait polls for the last time, so the answer can arrive.</summary>
    private static readonly TimeSpan LastPollMargin = TimeSpan.FromSeconds(1);

    /// <summary>The maximum number of last polls per second, if many deadlines pass at the same time.</summary>
    private const double LastPollsPerSecond = 500;

    /// <summary>Sets the due time and the latest time of the first poll of a new wait.</summary>
    public void SetFirstPoll(PollWait wait, TimeSpan now, bool startNow)
    {
        // The age of a task that another process submitted is not known, so it is polled now.
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

    /// <summary>Records a task that is still running.</summary>
    /// <param name="wait">The wait.</param>
    /// <param name="sent">The time when the poll was sent.</param>
    /// <param name="now">The time when the answer arrived.</param>
    /// <returns>The time until the next poll.</returns>
    public TimeSpan RecordRunning(PollWait wait, TimeSpan sent, TimeSpan now)
    {
        TimeSpan runningAge = sent - wait.AcceptedAt;
        if (wait.Task.AcceptedTimestamp is not null)
            predictor.Learn(wait.Task.Resolution, wait.RunningAge, wait.Progress, runningAge, ended: false);
        (wait.RunningAge, wait.Progress) = (runningAge, wait.Task.Progress);
        return predictor.UntilNext(wait.Task.Resolution, runningAge, wait.Progress, now - wait.AcceptedAt);
    }

    /// <summary>
    /// Records the end of a task. A task that another process submitted has no known age, and a canceled task has no completion time, so
    /// both are ignored.
    /// </summary>
    public void RecordEnd(PollWait wait, ImageTask ended, TimeSpan now)
    {
        if (ended.AcceptedTimestamp is null || ended.Status == ImageTaskStatus.Canceled)
            return;
        predictor.Learn(ended.Resolution, wait.RunningAge, wait.Progress, now - wait.AcceptedAt, ended: true);
        BringForward(ended.Resolution, now);
    }

    /// <summary>Learns from recorded tasks that ended earlier, the oldest first.</summary>
    public void LearnFromHistory(IEnumerable<ImageTask> ended, TimeSpan now)
    {
        foreach (IGrouping<string?, ImageTask> tasks in ended.GroupBy(task => task.Resolution))
        {
            foreach (ImageTask task in tasks)
                predictor.LearnDuration(tasks.Key, task.Elapsed!.Value);
            BringForward(tasks.Key, now);
        }
    }

    /// <summary>If tasks end much faster than predicted, waits without a poll so far are polled sooner.</summary>
    private void BringForward(string? resolution, TimeSpan now)
    {
        if (!predictor.HasMovedForward(resolution))
            return;
        foreach (PollWait wait in queue.RemoveWhere(w => w.IsUnpolled && w.Task.Resolution == resolution))
        {
            TimeSpan sooner = now + predictor.UntilNext(resolution, TimeSpan.Zero, null, now - wait.AcceptedAt);
            // A wait that is overdue keeps its position.
            wait.DueAt = sooner < wait.DueAt ? sooner : wait.DueAt;
            queue.Add(wait);
        }
    }
}
