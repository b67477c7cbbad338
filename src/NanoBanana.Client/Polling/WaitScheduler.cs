using NanoBanana.Client.Polling.Prediction;

namespace NanoBanana.Client.Polling;

/// <summary>Applies the predictor to waits: reports each poll to it and sets when the next one is due. The poller calls it under its lock.</summary>
internal sealed class WaitScheduler(IPollPredictor predictor, PollQueue queue)
{
    /// <summary>Sets when the first poll of a new wait is due.</summary>
    public void SetFirstPoll(PollWait wait, TimeSpan now)
    {
        // The age of a task that was accepted elsewhere is unknown: poll now.
        if (wait.Task.AcceptedTimestamp is null)
            return;
        TimeSpan age = now - wait.Born;
        wait.Alive = wait.Task.Elapsed is { } seen && seen < age ? seen : TimeSpan.Zero;
        wait.Due = now + predictor.UntilNext(wait.Task.Resolution, wait.Alive, wait.Task.Progress, age);
    }

    /// <summary>A task was seen to run.</summary>
    /// <param name="wait">Its wait.</param>
    /// <param name="asked">When the poll was sent.</param>
    /// <param name="now">When the answer came.</param>
    /// <returns>How long to the next poll.</returns>
    public TimeSpan StillRuns(PollWait wait, TimeSpan asked, TimeSpan now)
    {
        TimeSpan alive = asked - wait.Born;
        if (wait.Task.AcceptedTimestamp is not null)
            predictor.Learn(wait.Task.Resolution, wait.Alive, wait.Progress, alive, ended: false);
        (wait.Alive, wait.Progress) = (alive, wait.Task.Progress);
        return predictor.UntilNext(wait.Task.Resolution, alive, wait.Progress, now - wait.Born);
    }

    /// <summary>
    /// A task was seen to have ended. One that was accepted elsewhere has no known age, and one that was canceled no completion
    /// time: both are ignored.
    /// </summary>
    public void Ended(PollWait wait, ImageTask ended, TimeSpan now)
    {
        if (ended.AcceptedTimestamp is null || ended.Status == ImageTaskStatus.Canceled)
            return;
        predictor.Learn(ended.Resolution, wait.Alive, wait.Progress, now - wait.Born, ended: true);
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
        foreach (PollWait wait in queue.RemoveWhere(w => w.IsFresh && w.Task.Resolution == resolution))
        {
            TimeSpan sooner = now + predictor.UntilNext(resolution, TimeSpan.Zero, null, now - wait.Born);
            // An overdue wait keeps its place.
            wait.Due = sooner < wait.Due ? sooner : wait.Due;
            queue.Add(wait);
        }
    }
}
