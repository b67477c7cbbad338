namespace NanoBanana.Client.Polling;

/// <summary>Between the poller and its schedule: what polls say goes in, when to ask comes out. The poller calls it under its lock.</summary>
internal sealed class PollLessons(PollSchedule schedule, PollQueue queue)
{
    /// <summary>Sets when a wait that comes in is to be asked about first.</summary>
    public void Aim(PollWait wait, TimeSpan now)
    {
        // Of a task that was accepted elsewhere nobody knows when it was last seen: now is the time to look.
        if (wait.Task.AcceptedTimestamp is null)
            return;
        TimeSpan age = now - wait.Born;
        wait.Alive = wait.Task.Elapsed is { } seen && seen < age ? seen : TimeSpan.Zero;
        wait.Due = now + schedule.UntilNext(wait.Task.Resolution, wait.Alive, wait.Task.Progress, age);
    }

    /// <summary>A task was seen to run.</summary>
    /// <param name="wait">Its wait.</param>
    /// <param name="asked">When it was asked about.</param>
    /// <param name="now">When the answer came.</param>
    /// <returns>How long to the next poll.</returns>
    public TimeSpan Runs(PollWait wait, TimeSpan asked, TimeSpan now)
    {
        TimeSpan alive = asked - wait.Born;
        if (wait.Task.AcceptedTimestamp is not null)
            schedule.Learn(wait.Task.Resolution, wait.Alive, wait.Progress, alive, ended: false);
        (wait.Alive, wait.Progress) = (alive, wait.Task.Progress);
        return schedule.UntilNext(wait.Task.Resolution, alive, wait.Progress, now - wait.Born);
    }

    /// <summary>
    /// A task was seen to have ended. The age of one that was accepted elsewhere teaches nothing, nor does one that was
    /// canceled: when it would have completed, nobody knows.
    /// </summary>
    public void Ended(PollWait wait, ImageTask ended, TimeSpan now)
    {
        if (ended.AcceptedTimestamp is null || ended.Status == ImageTaskStatus.Canceled)
            return;
        schedule.Learn(ended.Resolution, wait.Alive, wait.Progress, now - wait.Born, ended: true);
        AimAgain(ended.Resolution, now);
    }

    /// <summary>Takes in what is remembered of tasks that ended earlier, the oldest first.</summary>
    public void Recall(IEnumerable<ImageTask> ended, TimeSpan now)
    {
        foreach (IGrouping<string?, ImageTask> tasks in ended.GroupBy(task => task.Resolution))
        {
            foreach (ImageTask task in tasks)
                schedule.Recall(tasks.Key, task.Elapsed!.Value);
            AimAgain(tasks.Key, now);
        }
    }

    /// <summary>When tasks turn out to be far quicker than was thought, those that were not asked about yet need not wait.</summary>
    private void AimAgain(string? resolution, TimeSpan now)
    {
        if (!schedule.HasMovedForward(resolution))
            return;
        foreach (PollWait wait in queue.RemoveWhere(w => w.IsFresh && w.Task.Resolution == resolution))
        {
            TimeSpan sooner = now + schedule.UntilNext(resolution, TimeSpan.Zero, null, now - wait.Born);
            // One that is overdue already keeps its place.
            wait.Due = sooner < wait.Due ? sooner : wait.Due;
            queue.Add(wait);
        }
    }
}
