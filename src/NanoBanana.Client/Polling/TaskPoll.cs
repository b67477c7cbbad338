using NanoBanana.Client.Http;
using NanoBanana.Client.Wire;

namespace NanoBanana.Client.Polling;

/// <summary>
/// Asks once and judges the answer. A failed poll never ends a wait before its deadline, except where it can't heal: a
/// refused key, a missing permission, a task that is not there once the first seconds after its creation are over.
/// </summary>
internal sealed class TaskPoll(
    IWireDialect dialect, HttpTransport transport, RateGate gate, NanoBananaClientOptions options, Func<double> random)
{
    /// <summary>A task just created may not have reached every server of the provider yet.</summary>
    internal static readonly TimeSpan NotFoundGrace = TimeSpan.FromSeconds(10);

    /// <summary>A server that finds a new word every time is warned of so often, and no more.</summary>
    private const int MaximumUnknownWords = 20;

    private readonly HashSet<string> _unknownWords = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Since acceptance: measured if this process saw it, else what its last snapshot said.</summary>
    public TimeSpan AgeOf(ImageTask task) =>
        task.AcceptedTimestamp is { } accepted ? options.Time.GetElapsedTime(accepted) : task.Elapsed ?? TimeSpan.Zero;

    public async Task<PollStep> StepAsync(PollWait wait)
    {
        if (wait.Stop.IsCancellationRequested)
            return new PollStep { Error = new OperationCanceledException(wait.Stop) };
        if (wait.Deadline.Remaining == TimeSpan.Zero)
            return new PollStep { Error = TimedOut(wait) };
        Exchange? exchange = null;
        bool isKnown = wait.Task.AcceptedTimestamp is not null && AgeOf(wait.Task) <= NotFoundGrace;
        try
        {
            exchange = await SendAsync(wait, dialect.Poll(wait.Task.Id, wait.Task.Model)).ConfigureAwait(false);
            TaskReading? reading = exchange.IsSuccess ? dialect.ReadPolled(exchange.Reply!) : null;
            // Both requests are one poll, which succeeds or fails as a whole: a task without what it made has not ended here.
            if (reading is { Status: ImageTaskStatus.Completed } && dialect.Result(wait.Task.Id, wait.Task.Model) is { } result)
            {
                if (!await gate.PassAsync(wait.Deadline, wait.Stop).ConfigureAwait(false))
                    return new PollStep { Error = TimedOut(wait) };
                isKnown = true;
                exchange = await SendAsync(wait, result).ConfigureAwait(false);
                reading = exchange.IsSuccess ? dialect.ReadResult(exchange.Reply!) : null;
            }
            return reading is null ? Judge(wait, exchange, isKnown) : Take(wait, reading, exchange.Reply!);
        }
        catch (NanoBananaException e) when (e.Kind == NanoBananaErrorKind.InvalidResponse)
        {
            var error = new NanoBananaException(e.Kind, e.Message, e)
            {
                StatusCode = e.StatusCode,
                RequestId = e.RequestId,
                TaskId = wait.Task.Id,
                Task = wait.Task,
            };
            return Failed(wait, error, exchange!.Reply!.RetryAfter, e.Message.TrimEnd('.'));
        }
        catch (Exception e)
        {
            // Whatever it is belongs to the waiter: an exception that ends here would leave the wait without an end.
            return new PollStep { Error = e };
        }
    }

    private Task<Exchange> SendAsync(PollWait wait, WireCall call) => transport.SendAsync(
        call, wait.FailuresInARow + 1, wait.Deadline.Bound(options.PollTimeout), wait.Observer, wait.Stop);

    private PollStep Take(PollWait wait, TaskReading reading, WireReply reply)
    {
        if (!reading.IsKnownStatus)
            WarnOnce(reading.RawStatus!, wait.Observer);
        TimeSpan? age = wait.Task.AcceptedTimestamp is null ? null : AgeOf(wait.Task);
        wait.Task = reading.Renew(wait.Task, options.Time.GetUtcNow(), age);
        wait.FailuresInARow = 0;
        wait.LastFailure = null;
        wait.LastError = null;
        return wait.Task.HasEnded || wait.FailuresAllowed is not null
            ? new PollStep { Ended = wait.Task }
            : new PollStep { Goes = true, RetryAfter = reply.RetryAfter };
    }

    /// <param name="wait">Who waits.</param>
    /// <param name="exchange">What failed.</param>
    /// <param name="isKnown">Whether the service has the task for certain, so that a 404 may heal.</param>
    private PollStep Judge(PollWait wait, Exchange exchange, bool isKnown)
    {
        NanoBananaException error = ExchangeErrors.ToException(exchange, $"Asking for task {TextSafety.Excerpt(wait.Task.Id)}", wait.Task);
        bool final = error.Kind switch
        {
            NanoBananaErrorKind.ApiKeyRejected or NanoBananaErrorKind.NotPermitted => true,
            NanoBananaErrorKind.TaskNotFound => !isKnown,
            _ => false,
        };
        return final ? new PollStep { Error = error } : Failed(wait, error, exchange.Reply?.RetryAfter, ExchangeErrors.Describe(exchange));
    }

    private PollStep Failed(PollWait wait, NanoBananaException error, TimeSpan? retryAfter, string what)
    {
        wait.FailuresInARow++;
        wait.LastFailure = what;
        wait.LastError = error;
        if (wait.FailuresInARow > wait.FailuresAllowed)
            return new PollStep { Error = error };
        TimeSpan pause = RetryRules.Backoff(wait.FailuresInARow, retryAfter, random());
        if (error.Kind == NanoBananaErrorKind.RateLimited)
            gate.CloseFor(pause);
        return new PollStep { Pause = pause };
    }

    private static NanoBananaException TimedOut(PollWait wait)
    {
        string last = wait.LastFailure is null ? $"It was last seen {TextSafety.Excerpt(wait.Task.RawStatus ?? "accepted", 40)}" : $"The last poll failed: {wait.LastFailure}";
        return new NanoBananaException(
            NanoBananaErrorKind.TaskTimeout,
            FormattableString.Invariant($"Task {wait.Task.Id} did not end within {wait.Deadline.Length.TotalSeconds:0.#} seconds. {last}. It goes on at the service and is paid for: wait again with Wait-NanoBananaTask -Id {wait.Task.Id}, or give it longer with -TimeoutSec."),
            wait.LastError)
        {
            TaskId = wait.Task.Id,
            Task = wait.Task,
        };
    }

    private void WarnOnce(string word, IClientObserver observer)
    {
        lock (_unknownWords)
        {
            if (_unknownWords.Count == MaximumUnknownWords || !_unknownWords.Add(word))
                return;
        }
        observer.OnWarning($"The service reports a status that is not known, '{TextSafety.Excerpt(word, 40)}'. The task is taken as running; the wait goes on.");
    }
}
