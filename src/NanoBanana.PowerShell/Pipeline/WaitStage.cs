using System.Collections.Concurrent;
using System.Globalization;

namespace NanoBanana.Pipeline;

/// <summary>Waits for tasks and reports the tasks that failed, were canceled or timed out.</summary>
/// <param name="session">The session of the command.</param>
/// <param name="timeout">The time to wait for each task, from its arrival at this stage.</param>
internal sealed class WaitStage(CommandSession session, TimeSpan timeout)
{
    private readonly Pump _pump = session.Pump;
    private readonly StopNotice _notice = session.Notice;
    private readonly ConcurrentQueue<string> _stillRunning = new();
    private volatile bool _hasEmitted;

    /// <summary>Whether a task that did not end in time is canceled.</summary>
    public bool CancelsOnTimeout { get; init; }

    /// <summary>Ends the waits. Cancellations in flight continue until <see cref="CommandSession.StopToken"/> is canceled.</summary>
    public CancellationToken StopWaiting { get; init; } = session.StopToken;

    /// <summary>Whether a task has ended. It is emitted, or its message is posted.</summary>
    public bool HasEmitted => _hasEmitted;

    /// <summary>The ids of the running tasks whose waits were ended.</summary>
    public string[] StillRunning => [.. _stillRunning];

    /// <summary>Waits for a task and emits it, with an error if it did not complete.</summary>
    public async Task WaitAndEmitAsync(ImageTask task)
    {
        ImageTask ended = await WaitForEndAsync(task).ConfigureAwait(false);
        bool isCompleted = ended.Status == ImageTaskStatus.Completed;
        ImageTask emitted = isCompleted ? ended : ended with { FailureReported = true };
        _hasEmitted = true;
        _pump.PostTask(emitted);
        if (!isCompleted && !ended.FailureReported)
            _pump.PostError(emitted.ToErrorRecord());
    }

    /// <summary>Waits for a task whose image must be saved.</summary>
    /// <returns>The completed task. Null if it did not complete; its error is posted, unless an earlier stage has posted it.</returns>
    public async Task<ImageTask?> WaitForImageAsync(ImageTask task)
    {
        ImageTask ended = await WaitForEndAsync(task).ConfigureAwait(false);
        _pump.Remember(ended);
        if (ended.Status == ImageTaskStatus.Completed)
            return ended;
        if (!ended.FailureReported)
            _pump.PostError((ended with { FailureReported = true }).ToErrorRecord());
        _notice.Remove(ended);
        return null;
    }

    private async Task<ImageTask> WaitForEndAsync(ImageTask task)
    {
        _notice.Add(task);
        try
        {
            ImageTask ended = await session.Client.WaitAsync(task, timeout, _pump, StopWaiting).ConfigureAwait(false);
            ended.RunItem?.MarkEnded(ended);
            return ended;
        }
        catch (OperationCanceledException) when (!session.StopToken.IsCancellationRequested)
        {
            _stillRunning.Enqueue(task.Id);
            _notice.Remove(task);
            throw;
        }
        catch (NanoBananaException e)
        {
            // Each time-out is an error. One warning at the end also counts all time-outs.
            bool isTimeout = e.Kind == NanoBananaErrorKind.TaskTimeout;
            NanoBananaException error = isTimeout && CancelsOnTimeout
                ? await CancelAfterTimeoutAsync(e.Task ?? task).ConfigureAwait(false)
                : e;
            if (error.Task is { HasEnded: true } late)
                task.RunItem?.MarkEnded(late);
            else
                session.RecordError(task, error);
            _notice.Remove(task);
            if (isTimeout && error.Task is not { HasEnded: true })
                _notice.CountTimeout();
            throw error;
        }
    }

    /// <summary>Cancels a task that did not end in time. The returned error contains the result.</summary>
    private async Task<NanoBananaException> CancelAfterTimeoutAsync(ImageTask task)
    {
        ImageTask after = task;
        string result;
        try
        {
            after = await session.Client.CancelAsync(task, _pump, session.StopToken).ConfigureAwait(false);
            result = Messages.CancelResult(after);
        }
        catch (NanoBananaException e)
        {
            result = Messages.CancelFailed(e.Message);
        }
        string seconds = timeout.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture);
        return new NanoBananaException(NanoBananaErrorKind.TaskTimeout, Messages.TimedOutAndCanceled(task.Id, seconds, result))
        {
            TaskId = task.Id,
            Task = after,
        };
    }
}
