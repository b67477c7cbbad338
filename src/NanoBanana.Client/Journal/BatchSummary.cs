namespace NanoBanana.Client.Journal;

/// <summary>Counts a batch.</summary>
public static class BatchSummary
{
    /// <summary>The state of a batch; null when the journal has none of that name.</summary>
    /// <param name="journal">The journal.</param>
    /// <param name="batch">The name, exactly.</param>
    /// <param name="endpoint">The endpoint; null for the batches of that name at all endpoints together.</param>
    /// <param name="now">The time by this machine's clock.</param>
    public static ImageBatch? Of(JournalReader journal, string batch, Uri? endpoint, DateTimeOffset now)
    {
        IReadOnlyList<ImageTask> tasks = journal.Batch(batch, endpoint);
        if (tasks.Count == 0)
            return null;
        // What failed or was canceled and then tried again was not paid for.
        ImageTask[] superseded = [.. journal.SupersededOf(batch, endpoint).Where(task => task.Status is not (ImageTaskStatus.Failed or ImageTaskStatus.Canceled))];
        int Count(ImageTaskStatus status) => tasks.Count(task => task.Status == status);
        DateTimeOffset? started = tasks.Min(task => task.CreatedAt);
        bool goesOn = tasks.Any(task => !task.HasEnded && task.Status != ImageTaskStatus.Unknown);
        DateTimeOffset? ended = goesOn ? now : tasks.Max(task => task.CompletedAt);
        return new ImageBatch
        {
            Batch = batch,
            Endpoint = endpoint ?? tasks[0].Endpoint,
            Total = tasks.Count,
            Submitting = Count(ImageTaskStatus.Submitting),
            Unknown = Count(ImageTaskStatus.Unknown),
            Pending = Count(ImageTaskStatus.Pending),
            Running = Count(ImageTaskStatus.Running),
            Completed = Count(ImageTaskStatus.Completed),
            Failed = Count(ImageTaskStatus.Failed),
            Canceled = Count(ImageTaskStatus.Canceled),
            WithoutImage = tasks.Count(task => task is { Status: ImageTaskStatus.Completed, Image.Count: 0 }),
            Superseded = superseded.Length,
            Unsaved = tasks.Count(journal.IsUnsaved),
            TotalTokens = tasks.Concat(superseded).Sum(task => task.TotalTokens ?? 0),
            SupersededTokens = superseded.Sum(task => task.TotalTokens ?? 0),
            StartedAt = started,
            Elapsed = ended > started ? ended - started : TimeSpan.Zero,
            FirstError = tasks.LastOrDefault(task => task.Error is not null)?.Error,
        };
    }
}
