using NanoBanana.Client.Http;
using NanoBanana.Client.Retries;
using NanoBanana.Client.Wire;

namespace NanoBanana.Client.Polling;

/// <summary>
/// Asks once and judges the answer. A failed poll never ends a wait before its deadline, except where it can't heal: a
/// refused key, a missing permission, a task that is not there once the first seconds after its creation are over.
/// </summary>
internal sealed class TaskPoll(
    IWireDialect dialect, HttpTransport transport, RateGate gate, ApiOptions options, Func<double> random)
{
    /// <summary>A task just created may not have reached every server of the provider yet.</summary>
    internal static readonly TimeSpan NotFoundGrace = TimeSpan.FromSeconds(10);

    /// <summary>A server that finds a new word every time is warned of so often, and no more.</summary>
    private const int MaximumUnknownWords = 20;

    /// <summary>So many equal answers in a row that nothing can heal end a wait; one may be of a server that lags behind.</summary>
    private const int AnswersInARow = 2;

    private readonly HashSet<string> _unknownWords = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Since acceptance: measured if this process saw it, else what its last snapshot said.</summary>
    public TimeSpan AgeOf(ImageTask task) =>
        task.AcceptedTimestamp is { } accepted ? options.Time.GetElapsedTime(accepted) : task.Elapsed ?? TimeSpan.Zero;

    public async Task<PollStep> StepAsync(PollWait wait)
    {
        if (wait.Stop.IsCancellationRequested)
            return new PollStep { Error = new OperationCanceledException(wait.Stop) };
        if (wait.Deadline.Remaining == TimeSpan.Zero || IsPausedPastEnd(wait))
            return new PollStep { Error = Expired(wait) };
        Exchange? exchange = null;
        bool isKnown = wait.Task.AcceptedTimestamp is not null && AgeOf(wait.Task) <= NotFoundGrace;
        try
        {
            exchange = await SendAsync(wait, dialect.Poll(wait.Task.Id, wait.Task.Model)).ConfigureAwait(false);
            TaskReading? reading = exchange.IsSuccess ? dialect.ReadPolled(exchange.Reply!) : null;
            // Both requests are one poll, which succeeds or fails as a whole: a task without what it made has not ended here.
            if (reading is { Status: ImageTaskStatus.Completed, Image.Count: 0 } && dialect.Result(wait.Task.Id, wait.Task.Model) is { } result)
            {
                if (!await gate.PassAsync(wait.Deadline, TimeSpan.Zero, wait.Stop).ConfigureAwait(false))
                    return new PollStep { Error = Expired(wait) };
                isKnown = true;
                exchange = await SendAsync(wait, result).ConfigureAwait(false);
                if (!exchange.IsSuccess && RetryRules.IsAboutTheTask(exchange))
                    return RefusedResult(wait, exchange);
                wait.ResultsRefused = 0;
                // The status may have brought the numbers, and the result the images.
                reading = exchange.IsSuccess ? dialect.ReadResult(exchange.Reply!).Over(reading) : null;
            }
            reading ??= ReadEnd(wait, exchange);
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
            if (e.AnswerBeginning is { } beginning)
                wait.Observer.OnRequest(RequestTrace.OfNotUnderstood(beginning));
            if (e.IsOutputNotUnderstood && ++wait.NotUnderstood >= AnswersInARow)
                return new PollStep { Error = error };
            return Failed(wait, error, exchange!.Reply!.RetryAfter, e.Message.TrimEnd('.'));
        }
        catch (Exception e)
        {
            // Whatever it is belongs to the waiter: an exception that ends here would leave the wait without an end.
            return new PollStep { Error = e };
        }
    }

    /// <summary>
    /// A failed task may come with an HTTP error; one that carries its id is its end. A server error without a word for the
    /// state of the task may heal, also when it repeats the id.
    /// </summary>
    private TaskReading? ReadEnd(PollWait wait, Exchange exchange)
    {
        if (exchange.Reply is not { IsSuccess: false, Body.Length: > 0 } reply)
            return null;
        try
        {
            TaskReading reading = dialect.ReadPolled(reply);
            bool isEnd = reading is { Status: ImageTaskStatus.Failed or ImageTaskStatus.Canceled } or { Status: ImageTaskStatus.Completed, Image.Count: > 0 };
            return isEnd && reading.Id == wait.Task.Id && (reading.RawStatus is not null || reading.HasErrorType || reply.Status < 500) ? reading : null;
        }
        catch (NanoBananaException)
        {
            return null;
        }
    }

    /// <summary>The service says that the task is completed, and refuses its result: twice in a row that is how it ended.</summary>
    private PollStep RefusedResult(PollWait wait, Exchange exchange)
    {
        NanoBananaException error = ExchangeErrors.ToException(exchange, $"Asking for the result of task {TextSafety.Excerpt(wait.Task.Id)}", wait.Task);
        if (++wait.ResultsRefused < AnswersInARow && ReadEnd(wait, exchange) is null)
            return Failed(wait, error, exchange.Reply!.RetryAfter, ExchangeErrors.Describe(exchange));
        (ImageTaskError? reason, string? requestId) = HttpErrorBody.ReadError(exchange.Reply!);
        if (exchange.Reply!.Status is 404 or 405 or 410 or 501 || reason is null)
            return new PollStep { Error = error };
        var reading = new TaskReading { RawStatus = "FAILED", Status = ImageTaskStatus.Failed, Error = reason, RequestId = exchange.Reply.RequestId ?? requestId };
        return Take(wait, reading, exchange.Reply);
    }

    private async Task<Exchange> SendAsync(PollWait wait, WireCall call)
    {
        TimeSpan timeout = wait.IsLastPoll ? options.PollTimeout : wait.Deadline.Bound(options.PollTimeout);
        Exchange exchange = await transport.SendAsync(call, wait.FailuresInARow + 1, timeout, wait.Observer, wait.Stop).ConfigureAwait(false);
        if (exchange.Reply is not null)
            gate.Connected();
        return exchange.WithSent(wait.Task.ImageUrl);
    }

    private PollStep Take(PollWait wait, TaskReading reading, WireReply reply)
    {
        if (!reading.IsKnownStatus)
            WarnOnce(reading.RawStatus!, wait.Observer);
        TimeSpan? age = wait.Task.AcceptedTimestamp is null ? null : AgeOf(wait.Task);
        wait.Task = reading.Renew(wait.Task, options.Time.GetUtcNow(), age);
        wait.FailuresInARow = 0;
        wait.NotUnderstood = 0;
        wait.LastFailure = null;
        wait.LastError = null;
        if (wait.Task.HasEnded || wait.FailuresAllowed is not null)
            return new PollStep { Ended = wait.Task };
        return wait.IsLastPoll
            ? new PollStep { Error = Expired(wait) }
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
        if (final)
            return new PollStep { Error = error };
        if (!exchange.IsUnreachable || wait.FailuresAllowed == 0)
            return Failed(wait, error, exchange.Reply?.RetryAfter, ExchangeErrors.Describe(exchange));
        // All requests of the connection wait together, and by time. A wait goes on when they have given up.
        if (!gate.CloseForOutage(exchange, random(), wait.Observer))
            return wait.FailuresAllowed is null ? Failed(wait, error, null, ExchangeErrors.Describe(exchange)) : new PollStep { Error = error };
        wait.LastFailure = ExchangeErrors.Describe(exchange);
        wait.LastError = error;
        return wait.IsLastPoll ? new PollStep { Error = Expired(wait) } : new PollStep { Pause = TimeSpan.Zero };
    }

    private PollStep Failed(PollWait wait, NanoBananaException error, TimeSpan? retryAfter, string what)
    {
        wait.FailuresInARow++;
        wait.LastFailure = what;
        wait.LastError = error;
        TimeSpan pause = RetryRules.Backoff(wait.FailuresInARow, retryAfter, random());
        // Also where this wait ends: the limit counts all requests of the key.
        if (error.Kind == NanoBananaErrorKind.RateLimited)
            gate.CloseFor(pause, wait.Observer);
        if (wait.FailuresInARow > wait.FailuresAllowed || (wait.FailuresAllowed is not null && pause >= wait.Deadline.Remaining))
            return new PollStep { Error = error };
        return wait.IsLastPoll ? new PollStep { Error = Expired(wait) } : new PollStep { Pause = pause };
    }

    /// <summary>Whether a single poll need not wait: the service asked for no requests until after its end.</summary>
    public bool IsPausedPastEnd(PollWait wait) =>
        wait.FailuresAllowed is not null && gate.Asked > TimeSpan.Zero && gate.Asked >= wait.Deadline.Remaining;

    /// <summary>The error of a wait whose time is over. That of a single poll is never about the task: one answer was enough.</summary>
    private NanoBananaException Expired(PollWait wait)
    {
        if (wait.FailuresAllowed is null)
            return TimedOut(wait);
        if (wait.LastError is { } last)
            return last;
        Exchange unsent = gate.Asked > TimeSpan.Zero ? gate.Unsent : new Exchange { Failure = ExchangeFailure.Timeout };
        return ExchangeErrors.ToException(unsent, $"Asking for task {TextSafety.Excerpt(wait.Task.Id)}", wait.Task);
    }

    private static NanoBananaException TimedOut(PollWait wait)
    {
        string last = wait.LastFailure is null ? $"It was last seen {TextSafety.Excerpt(wait.Task.RawStatus ?? "accepted", 40)}" : $"The last poll failed: {wait.LastFailure}";
        return new NanoBananaException(
            NanoBananaErrorKind.TaskTimeout,
            FormattableString.Invariant($"Task {wait.Task.Id} did not end within {wait.Timeout.TotalSeconds:0.#} seconds. {last}. It goes on at the service and is paid for: wait again with Wait-NanoBananaTask -Id {wait.Task.Id}, or give it longer with -TimeoutSec."),
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
