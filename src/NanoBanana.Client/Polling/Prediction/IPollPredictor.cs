namespace NanoBanana.Client.Polling.Prediction;

/// <summary>Predicts when the next poll of a task is worth most, and learns from every poll. Not thread-safe.</summary>
internal interface IPollPredictor
{
    /// <summary>How long from now to the next poll of a task; zero when it is overdue.</summary>
    /// <param name="resolution">The task's resolution.</param>
    /// <param name="alive">The age at which it was last seen to run; zero before the first poll.</param>
    /// <param name="progress">0 to 1, as the server reported then; null without a report.</param>
    /// <param name="age">Its age now.</param>
    TimeSpan UntilNext(string? resolution, TimeSpan alive, double? progress, TimeSpan age);

    /// <summary>Learns from the answer to a poll.</summary>
    /// <param name="resolution">The task's resolution.</param>
    /// <param name="alive">The age at which the task was last seen to run; zero before the first poll.</param>
    /// <param name="progress">The progress that the server reported then.</param>
    /// <param name="seen">The age at this poll.</param>
    /// <param name="ended">Whether the task had ended.</param>
    void Learn(string? resolution, TimeSpan alive, double? progress, TimeSpan seen, bool ended);

    /// <summary>Learns from the recorded duration of a task that ended in an earlier session.</summary>
    void Recall(string? resolution, TimeSpan elapsed);

    /// <summary>Whether the first poll of a task is now due in at most half of the time that it was. True once for each such
    /// change.</summary>
    bool HasMovedForward(string? resolution);
}
