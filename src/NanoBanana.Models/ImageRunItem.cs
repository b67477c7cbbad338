namespace NanoBanana;

/// <summary>
/// One prompt of a run. All snapshots of its task refer to this object, so each stage of the pipeline updates the counts of the same run.
/// </summary>
internal sealed class ImageRunItem
{
    private ImageRunState _state;
    private int _cause;
    private int _otherFileCause;
    private bool _isBought;
    private long _tokens;
    private decimal _cost;

    public ImageRunItem(ImageRun run)
    {
        Run = run;
        run.Count(counts => counts.Add());
    }

    /// <summary>The run, or the part of it that belongs to one batch.</summary>
    public ImageRun Run { get; }

    /// <summary>The lease of the task, until its images are saved or the pipeline has ended; null without a journal.</summary>
    public IDisposable? Lease { get; set; }

    /// <summary>Whether the task is paid for, has not failed, and is not saved.</summary>
    public bool IsUnsaved => _state == ImageRunState.Paid;

    /// <summary>Records that the service accepted the task.</summary>
    public void MarkAccepted()
    {
        _isBought = true;
        Run.Count(run => run.Bought++);
        Move(ImageRunState.Paid, 0);
    }

    /// <summary>Records that an earlier run of the batch submitted the task.</summary>
    /// <param name="isSaved">Whether all images of the task are saved.</param>
    public void MarkHeld(bool isSaved)
    {
        Run.Count(run => run.Held++);
        Move(isSaved ? ImageRunState.Saved : ImageRunState.Paid, 0);
    }

    /// <summary>Records that the prompt is not sent, because the submissions have ended.</summary>
    public void MarkSkipped() => Move(ImageRunState.Skipped, 0);

    /// <summary>Records the end of the task.</summary>
    public void MarkEnded(ImageTask task)
    {
        if (_isBought)
        {
            long tokens = task.TotalTokens ?? 0;
            decimal cost = task.Cost ?? 0;
            (long moreTokens, decimal moreCost) = (tokens - _tokens, cost - _cost);
            (_tokens, _cost) = (tokens, cost);
            Run.Count(run =>
                (run.TotalTokens, run.Cost) = (run.TotalTokens + moreTokens, task.Cost is null ? run.Cost : (run.Cost ?? 0) + moreCost));
        }
        if (task.Status != ImageTaskStatus.Completed || task.Image.Count == 0)
            Move(ImageRunState.Failed, RunExitCode.PromptsFailed);
        else if (_state == ImageRunState.Paid)
            Move(_state, 0);
    }

    /// <summary>Records that all images are saved, and releases the lease.</summary>
    public void MarkSaved()
    {
        Move(ImageRunState.Saved, _otherFileCause);
        Lease?.Dispose();
    }

    /// <summary>Records that a file other than the image, such as its metadata, could not be written.</summary>
    public void MarkOtherFileFailed(NanoBananaErrorKind kind) => _otherFileCause = RunExitCode.Of(kind);

    /// <summary>Records an error of the prompt.</summary>
    public void MarkFailed(NanoBananaErrorKind kind)
    {
        int cause = RunExitCode.Of(kind);
        if (cause == RunExitCode.Interrupted)
            MarkSkipped();
        else if (_state == ImageRunState.Sending)
        {
            if (cause != RunExitCode.OutcomesUnknown)
                Run.Count(run => run.Refused++);
            Move(cause == RunExitCode.OutcomesUnknown ? ImageRunState.Unknown : ImageRunState.Failed, cause);
        }
        else
        {
            Move(cause == RunExitCode.PromptsFailed ? ImageRunState.Failed : _state, cause);
        }
    }

    private void Move(ImageRunState state, int cause) => Run.Move(ref _state, ref _cause, state, cause);
}

/// <summary>The state of a prompt of a run.</summary>
internal enum ImageRunState
{
    /// <summary>Being sent, without an answer so far.</summary>
    Sending,

    /// <summary>Paid for and not saved.</summary>
    Paid,

    /// <summary>Every image is saved.</summary>
    Saved,

    /// <summary>Rejected, failed, canceled, or without an image.</summary>
    Failed,

    /// <summary>Sent, with an unknown outcome.</summary>
    Unknown,

    /// <summary>Not sent, because the submissions had ended.</summary>
    Skipped,
}

/// <summary>
/// The exit codes of runs. Their meanings never change. A later version can give a cause with the code 1 its own code.
/// </summary>
internal static class RunExitCode
{
    public const int Error = 1, PromptsFailed = 3, OutcomesUnknown = 4, LimitReached = 5, Refused = 6, ServiceDown = 7;

    /// <summary>The exit code of a process that Ctrl+C stops: 128 plus the number of SIGINT.</summary>
    public const int Interrupted = 130;

    /// <summary>The exit codes by importance: if prompts failed for several causes, the first of these codes is used.</summary>
    public static readonly int[] ByImportance = [Refused, LimitReached, OutcomesUnknown, ServiceDown, Error, PromptsFailed];

    /// <summary>The exit code of a cause.</summary>
    public static int Of(NanoBananaErrorKind kind) => kind switch
    {
        NanoBananaErrorKind.InvalidRequest or NanoBananaErrorKind.TaskFailed or NanoBananaErrorKind.Canceled
            or NanoBananaErrorKind.NoImage or NanoBananaErrorKind.TaskNotFound => PromptsFailed,
        NanoBananaErrorKind.SubmissionUnknown => OutcomesUnknown,
        NanoBananaErrorKind.RateLimited or NanoBananaErrorKind.BudgetExhausted => LimitReached,
        NanoBananaErrorKind.BatchStopped => Interrupted,
        NanoBananaErrorKind.ApiKeyRejected or NanoBananaErrorKind.NotPermitted => Refused,
        NanoBananaErrorKind.ServiceUnavailable or NanoBananaErrorKind.ConnectionFailed or NanoBananaErrorKind.TaskTimeout => ServiceDown,
        _ => Error,
    };
}
