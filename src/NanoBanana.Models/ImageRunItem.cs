namespace NanoBanana;

/// <summary>One prompt of a run. All snapshots of its task carry it, so that each stage counts what it does in the right run.</summary>
internal sealed class ImageRunItem
{
    private ImageRunState _state;
    private int _cause;
    private int _besideCause;
    private bool _isBought;
    private long _tokens;
    private decimal _cost;

    public ImageRunItem(ImageRun run)
    {
        Run = run;
        run.Count(one => one.Add());
    }

    /// <summary>The run, or its part that is of one batch.</summary>
    public ImageRun Run { get; }

    /// <summary>Whether its task is paid for, has not failed, and is not saved.</summary>
    public bool IsUnsaved => _state == ImageRunState.Paid;

    /// <summary>Its task was bought.</summary>
    public void Buy()
    {
        _isBought = true;
        Run.Count(one => one.Bought++);
        Move(ImageRunState.Paid, 0);
    }

    /// <summary>An earlier run had bought it.</summary>
    /// <param name="isSaved">Whether all of its images are saved.</param>
    public void Hold(bool isSaved)
    {
        Run.Count(one => one.Held++);
        Move(isSaved ? ImageRunState.Saved : ImageRunState.Paid, 0);
    }

    /// <summary>It is not sent, because submitting has ended.</summary>
    public void Skip() => Move(ImageRunState.Skipped, 0);

    /// <summary>Its task has ended.</summary>
    public void End(ImageTask task)
    {
        if (_isBought)
        {
            long tokens = task.TotalTokens ?? 0;
            decimal cost = task.Cost ?? 0;
            (long moreTokens, decimal moreCost) = (tokens - _tokens, cost - _cost);
            (_tokens, _cost) = (tokens, cost);
            Run.Count(one => (one.TotalTokens, one.Cost) = (one.TotalTokens + moreTokens, task.Cost is null ? one.Cost : (one.Cost ?? 0) + moreCost));
        }
        if (task.Status != ImageTaskStatus.Completed || task.Image.Count == 0)
            Move(ImageRunState.Failed, RunExitCode.PromptsFailed);
        else if (_state == ImageRunState.Paid)
            Move(_state, 0);
    }

    /// <summary>The lease of its task, until its images are saved or the pipeline has ended; null without a journal.</summary>
    public IDisposable? Lease { get; set; }

    /// <summary>All of its images are saved: nobody needs to keep the task any more.</summary>
    public void Save()
    {
        Move(ImageRunState.Saved, _besideCause);
        Lease?.Dispose();
    }

    /// <summary>A file beside its image could not be written.</summary>
    public void FailBeside(NanoBananaErrorKind kind) => _besideCause = RunExitCode.Of(kind);

    /// <summary>Something went wrong with it.</summary>
    public void Fail(NanoBananaErrorKind kind)
    {
        int cause = RunExitCode.Of(kind);
        if (cause == RunExitCode.Interrupted)
            Skip();
        else if (_state == ImageRunState.Sending)
        {
            if (cause != RunExitCode.OutcomesUnknown)
                Run.Count(one => one.Refused++);
            Move(cause == RunExitCode.OutcomesUnknown ? ImageRunState.Unknown : ImageRunState.Failed, cause);
        }
        else
        {
            Move(cause == RunExitCode.PromptsFailed ? ImageRunState.Failed : _state, cause);
        }
    }

    private void Move(ImageRunState state, int cause) => Run.Move(ref _state, ref _cause, state, cause);
}

/// <summary>The exit codes of runs. Their meanings never change; a cause that gets a code of its own later had 1 before.</summary>
internal static class RunExitCode
{
    public const int Error = 1, PromptsFailed = 3, OutcomesUnknown = 4, LimitReached = 5, Refused = 6, ServiceDown = 7;

    /// <summary>What ends a process that Ctrl+C has stopped: 128 and the number of SIGINT.</summary>
    public const int Interrupted = 130;

    /// <summary>Where prompts have several causes, the first of these is the exit code.</summary>
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
