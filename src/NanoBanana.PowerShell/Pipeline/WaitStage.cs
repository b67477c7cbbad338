using System.Globalization;
using NanoBanana.Client;
using NanoBanana.Errors;

namespace NanoBanana.Pipeline;

/// <summary>Waits for tasks and reports those that did not end well.</summary>
/// <param name="pump">Where its messages go.</param>
/// <param name="client">What to poll with.</param>
/// <param name="timeout">How long to wait for each task from the moment that it comes in.</param>
/// <param name="notice">Knows which tasks are in hand.</param>
/// <param name="stop">Ends the waits.</param>
internal sealed class WaitStage(Pump pump, NanoBananaClient client, TimeSpan timeout, StopNotice notice, CancellationToken stop)
{
    /// <summary>Whether a task that did not end in time is canceled.</summary>
    public bool CancelsOnTimeout { get; init; }

    /// <summary>Waits for a task and emits it as it ended, with an error beside it unless it ended well.</summary>
    public async Task EmitAsync(ImageTask task)
    {
        ImageTask ended = await EndAsync(task).ConfigureAwait(false);
        if (ended.Status == ImageTaskStatus.Completed)
        {
            pump.PostTask(ended, notice);
            return;
        }
        ImageTask reported = ended with { FailureReported = true };
        pump.PostTask(reported, notice);
        if (!ended.FailureReported)
            pump.PostError(reported.ToErrorRecord());
    }

    /// <summary>Waits for a task that is to be saved.</summary>
    /// <returns>Null when it did not end well; the error was posted, unless an earlier stage had posted it.</returns>
    public async Task<ImageTask?> CompleteAsync(ImageTask task)
    {
        ImageTask ended = await EndAsync(task).ConfigureAwait(false);
        pump.Remember(ended);
        if (ended.Status == ImageTaskStatus.Completed)
            return ended;
        if (!ended.FailureReported)
            pump.PostError((ended with { FailureReported = true }).ToErrorRecord());
        notice.Remove(ended);
        return null;
    }

    private async Task<ImageTask> EndAsync(ImageTask task)
    {
        notice.Add(task);
        try
        {
            return await client.WaitAsync(task, timeout, pump, stop).ConfigureAwait(false);
        }
        catch (NanoBananaException e)
        {
            // What failed for good is told as an error; a time-out is told once more at the end, with the others.
            bool isLate = e.Kind == NanoBananaErrorKind.TaskTimeout;
            NanoBananaException told = isLate && CancelsOnTimeout ? await CancelAsync(e.Task ?? task).ConfigureAwait(false) : e;
            notice.Remove(task);
            if (isLate && told.Task is not { HasEnded: true })
                notice.TimedOut();
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
            after = await client.CancelAsync(task, pump, stop).ConfigureAwait(false);
            what = CancelOutcome.Describe(after);
        }
        catch (NanoBananaException e)
        {
            what = $"could not be canceled, so it goes on and is paid for. {e.Message.TrimEnd('.')}.";
        }
        string seconds = timeout.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture);
        return new NanoBananaException(NanoBananaErrorKind.TaskTimeout, $"Task {task.Id} did not end within {seconds} seconds and {what}") { TaskId = task.Id, Task = after };
    }
}
