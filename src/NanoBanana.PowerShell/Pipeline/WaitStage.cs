using System.Collections.Concurrent;
using System.Globalization;

namespace NanoBanana.Pipeline;

/// <summary>Waits for tasks and reports those that did not end well.</summary>
/// <param name="session">The session of the command.</param>
/// <param name="timeout">How long to wait for each task from the moment that it comes in.</param>
internal sealed class WaitStage(CommandSession session, TimeSpan timeout)
{
    private readonly Pump _pump = session.Pump;
    private readonly StopNotice _notice = session.Notice;
    private readonly ConcurrentQueue<string> _left = new();
    private volatile bool _hasEmitted;

    /// <summary>Whether a task that did not end in time is canceled.</summary>
    public bool CancelsOnTimeout { get; init; }

    /// <summary>Ends the waits alone: cancels that are on their way have their answers.</summary>
    public CancellationToken StopWaiting { get; init; } = session.StopToken;

    /// <summary>Whether a task has ended and was emitted, or is about to be.</summary>
    public bool HasEmitted => _hasEmitted;

    /// <summary>The ids of the tasks whose waits were ended, and which go on.</summary>
    public string[] Left => [.. _left];

    /// <summary>Waits for a task and emits it as it ended, with an error beside it unless it ended well.</summary>
    public async Task EmitAsync(ImageTask task)
    {
        ImageTask ended = await EndAsync(task).ConfigureAwait(false);
        bool isGood = ended.Status == ImageTaskStatus.Completed;
        ImageTask emitted = isGood ? ended : ended with { FailureReported = true };
        _hasEmitted = true;
        _pump.PostTask(emitted);
        if (!isGood && !ended.FailureReported)
            _pump.PostError(emitted.ToErrorRecord());
    }

    /// <summary>Waits for a task that is to be saved.</summary>
    /// <returns>Null when it did not end well; the error was posted, unless an earlier stage had posted it.</returns>
    public async Task<ImageTask?> CompleteAsync(ImageTask task)
    {
        ImageTask ended = await EndAsync(task).ConfigureAwait(false);
        _pump.Remember(ended);
        if (ended.Status == ImageTaskStatus.Completed)
            return ended;
        if (!ended.FailureReported)
            _pump.PostError((ended with { FailureReported = true }).ToErrorRecord());
        _notice.Remove(ended);
        return null;
    }

    private async Task<ImageTask> EndAsync(ImageTask task)
    {
        _notice.Add(task);
        try
        {
            ImageTask ended = await session.Client.WaitAsync(task, timeout, _pump, StopWaiting).ConfigureAwait(false);
            ended.RunItem?.End(ended);
            return ended;
        }
        catch (OperationCanceledException) when (!session.StopToken.IsCancellationRequested)
        {
            _left.Enqueue(task.Id);
            _notice.Remove(task);
            throw;
        }
        catch (NanoBananaException e)
        {
            // What failed for good is told as an error; a time-out is told once more at the end, with the others.
            bool isLate = e.Kind == NanoBananaErrorKind.TaskTimeout;
            NanoBananaException told = isLate && CancelsOnTimeout ? await CancelAsync(e.Task ?? task).ConfigureAwait(false) : e;
            if (told.Task is { HasEnded: true } late)
                task.RunItem?.End(late);
            else
                session.Fail(task, told);
            _notice.Remove(task);
            if (isLate && told.Task is not { HasEnded: true })
                _notice.TimedOut();
            throw told;
        }
    }

    /// <summary>Cancels a task that did not end in time; what came of that belongs to the time-out's message.</summary>
    private async Task<NanoBananaException> CancelAsync(ImageTask task)
    {
        ImageTask after = task;
        string what;
        try
        {
            after = await session.Client.CancelAsync(task, _pump, session.StopToken).ConfigureAwait(false);
            what = DescribeCancel(after);
        }
        catch (NanoBananaException e)
        {
            what = $"could not be canceled, so it goes on and is paid for. {e.Message.TrimEnd('.')}.";
        }
        string seconds = timeout.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture);
        return new NanoBananaException(NanoBananaErrorKind.TaskTimeout, $"Task {task.Id} did not end within {seconds} seconds and {what}") { TaskId = task.Id, Task = after };
    }

    /// <summary>The outcome of a cancel, as the end of a sentence that begins with the task.</summary>
    /// <param name="after">The task after the cancel.</param>
    public static string DescribeCancel(ImageTask after) => after.Status switch
    {
        ImageTaskStatus.Canceled => "was canceled.",
        ImageTaskStatus.Completed => $"had completed before it could be canceled. It is paid for; Save-NanoBananaImage -Id {after.Id} saves its image.",
        ImageTaskStatus.Failed => $"had failed before it could be canceled: {after.Error?.ToString().TrimEnd('.')}.",
        _ => $"is not canceled yet: the cancel was accepted and has not taken effect. Wait-NanoBananaTask -Id {after.Id} shows how it ends.",
    };
}
