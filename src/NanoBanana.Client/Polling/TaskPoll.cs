using NanoBanana.Client.Http;
using NanoBanana.Client.Retries;
using NanoBanana.Client.Wire;

namespace NanoBanana.Client.Polling;

/// <summary>
/// Sends one poll and interprets the answer. A failed poll never ends a wait before its deadline, except where no retry helps: a
/// refused key, a missing permission, a task that does not exist once the first seconds after its creation have passed.
/// </summary>
internal sealed class TaskPoll(IWireDialect dialect, HttpTransport transport, RateGate gate, ApiOptions options, Func<double> random)
{
    /// <summary>A task just created may not have reached every server of the provider yet.</summary>
    internal static readonly TimeSpan NotFoundGrace = TimeSpan.FromSeconds(10);

    /// <summary>The most unknown status words that are warned of.</summary>
    private const int MaximumUnknownWords = 20;

    /// <summary>Equal answers in a row that end a wait where no retry helps; a single one may come from a server that lags
    /// behind.</summary>
    private const int AnswersInARow = 2;

    private readonly HashSet<string> _unknownWords = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Since acceptance: measured if this process saw it, else what its last snapshot said.</summary>
    public TimeSpan AgeOf(ImageTask task) =>
        task.AcceptedTimestamp is { } accepted ? options.Time.GetElapsedTime(accepted) : task.Elapsed ?? TimeSpan.Zero;

    /// <summary>Whether a single poll need not wait: the gate stays closed until after its deadline.</summary>
    public bool IsPausedPastEnd(PollWait wait) =>
        wait.FailuresAllowed is not null && gate.Asked > TimeSpan.Zero && gate.Asked >= wait.Deadline.Remaining;

    /// <summary>Polls once.</summary>
    public async Task<PollOutcome> PollAsync(PollWait wait)
    {
        if (wait.Stop.IsCancellationRequested)
            return new PollOutcome { Error = new OperationCanceledException(wait.Stop) };
        if (wait.Deadline.Remaining == TimeSpan.Zero || IsPausedPastEnd(wait))
            return new PollOutcome { Error = Expired(wait) };
        Exchange? exchange = null;
        bool isKnown = wait.Task.AcceptedTimestamp is not null && AgeOf(wait.Task) <= NotFoundGrace;
        try
        {
            exchange = Received(wait, await SendAsync(wait, dialect.Poll(wait.Task.Id, wait.Task.Model)).ConfigureAwait(false));
            TaskReading? reading = exchange.IsSuccess ? dialect.ReadPolled(exchange.Reply!) : null;
            // Both requests are one poll, which succeeds or fails as a whole: without its result a task has not ended here.
            if (reading is { Status: ImageTaskStatus.Completed, Image.Count: 0 } && dialect.Result(wait.Task.Id, wait.Task.Model) is { } result)
            {
                if (!await gate.PassAsync(wait.Deadline, TimeSpan.Zero, wait.Stop).ConfigureAwait(false))
                    return new PollOutcome { Error = Expired(wait) };
                isKnown = true;
                exchange = Received(wait, await SendAsync(wait, result).ConfigureAwait(false));
                if (!exchange.IsSuccess && RetryRules.IsAboutTheTask(exchange))
                    return ResultRefused(wait, exchange);
                wait.ResultsRefused = 0;
                // The status may have brought the numbers, and the result the images.
                reading = exchange.IsSuccess ? dialect.ReadResult(exchange.Reply!).Over(reading) : null;
            }
            reading ??= ReadEnd(wait, exchange);
            return reading is null ? NotAnswered(wait, exchange, isKnown) : Answered(wait, reading, exchange.Reply!);
        }
        catch (NanoBananaException e) when (e.Kind == NanoBananaErrorKind.InvalidResponse)
        {
            return NotUnderstood(wait, e, exchange!.Reply!.RetryAfter);
        }
    }

    private Task<Exchange> SendAsync(PollWait wait, WireCall call) => transport.SendAsync(
        call with { About = wait.Task }, wait.FailuresInARow + 1, wait.IsLastPoll ? options.PollTimeout : wait.Deadline.Bound(options.PollTimeout), wait.Observer, wait.Stop);

    private Exchange Received(PollWait wait, Exchange exchange)
    {
        if (exchange.Reply is not null)
            gate.Connected();
        return exchange.WithSent(wait.Task.ImageUrl);
    }

    /// <summary>
    /// A failed task may come with an HTTP error; one that carries its id is its end. A server error without a status of the task
    /// may be temporary, also when it repeats the id.
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

    private PollOutcome Answered(PollWait wait, TaskReading reading, WireReply reply)
    {
        if (!reading.IsKnownStatus)
            WarnOnce(reading.RawStatus!, wait.Observer);
        TimeSpan? age = wait.Task.AcceptedTimestamp is null ? null : AgeOf(wait.Task);
        wait.Succeeded(reading.Renew(wait.Task, options.Time.GetUtcNow(), age));
        if (wait.Task.HasEnded || wait.FailuresAllowed is not null)
            return new PollOutcome { Ended = wait.Task };
        return wait.IsLastPoll ? new PollOutcome { Error = Expired(wait) } : new PollOutcome { RetryAfter = reply.RetryAfter };
    }

    /// <summary>The service reports a completed task and refuses its result: twice in a row that is its end.</summary>
    private PollOutcome ResultRefused(PollWait wait, Exchange exchange)
    {
        NanoBananaException error = ExchangeErrors.ToException(exchange, $"Asking for the result of task {TextSafety.Excerpt(wait.Task.Id)}", wait.Task);
        if (++wait.ResultsRefused < AnswersInARow && ReadEnd(wait, exchange) is null)
            return Failed(wait, error, exchange.Reply!.RetryAfter, ExchangeErrors.Describe(exchange));
        (ImageTaskError? reason, string? requestId) = HttpErrorBody.ReadError(exchange.Reply!);
        if (exchange.Reply!.Status is 404 or 405 or 410 or 501 || reason is null)
            return new PollOutcome { Error = error };
        var reading = new TaskReading { RawStatus = "FAILED", Status = ImageTaskStatus.Failed, Error = reason, RequestId = exchange.Reply.RequestId ?? requestId };
        return Answered(wait, reading, exchange.Reply);
    }

    /// <param name="wait">The wait.</param>
    /// <param name="exchange">The exchange that failed.</param>
    /// <param name="isKnown">Whether the service certainly has the task, so that a 404 may be temporary.</param>
    private PollOutcome NotAnswered(PollWait wait, Exchange exchange, bool isKnown)
    {
        string failure = ExchangeErrors.Describe(exchange);
        NanoBananaException error = ExchangeErrors.ToException(exchange, $"Asking for task {TextSafety.Excerpt(wait.Task.Id)}", wait.Task);
        if (exchange.IsRefusedConnection || error.Kind is NanoBananaErrorKind.ApiKeyRejected or NanoBananaErrorKind.NotPermitted || (error.Kind == NanoBananaErrorKind.TaskNotFound && !isKnown))
            return new PollOutcome { Error = error };
        if (!exchange.IsUnreachable || wait.FailuresAllowed == 0)
            return Failed(wait, error, exchange.Reply?.RetryAfter, failure);
        // All requests of the connection wait together, and by time. After that a wait goes on, and a single poll ends.
        if (!gate.CloseForOutage(exchange, random(), wait.Observer))
            return wait.FailuresAllowed is null ? Failed(wait, error, null, failure) : new PollOutcome { Error = error };
        wait.Failed(failure, error);
        return wait.IsLastPoll ? new PollOutcome { Error = Expired(wait) } : new PollOutcome { Pause = TimeSpan.Zero };
    }

    private PollOutcome NotUnderstood(PollWait wait, NanoBananaException cause, TimeSpan? retryAfter)
    {
        var error = new NanoBananaException(cause.Kind, cause.Message, cause)
        {
            StatusCode = cause.StatusCode,
            RequestId = cause.RequestId,
            TaskId = wait.Task.Id,
            Task = wait.Task,
        };
        if (cause.AnswerBeginning is { } beginning)
            wait.Observer.OnRequest(RequestTrace.OfNotUnderstood(beginning));
        if (cause.IsOutputNotUnderstood && ++wait.NotUnderstood >= AnswersInARow)
            return new PollOutcome { Error = error };
        return Failed(wait, error, retryAfter, cause.Message.TrimEnd('.'));
    }

    private PollOutcome Failed(PollWait wait, NanoBananaException error, TimeSpan? retryAfter, string failure)
    {
        wait.FailuresInARow++;
        wait.Failed(failure, error);
        wait.Observer.OnEvent(new ClientEvent(ClientEventKind.Retried) { About = wait.Task, Attempt = wait.FailuresInARow + 1, Error = error.Kind, Message = failure });
        TimeSpan pause = RetryRules.Backoff(wait.FailuresInARow, retryAfter, random());
        // Also where this wait ends: the limit counts all requests of the key.
        if (error.Kind == NanoBananaErrorKind.RateLimited)
            gate.CloseFor(pause, wait.Observer);
        if (wait.FailuresInARow > wait.FailuresAllowed || (wait.FailuresAllowed is not null && pause >= wait.Deadline.Remaining))
            return new PollOutcome { Error = error };
        return wait.IsLastPoll ? new PollOutcome { Error = Expired(wait) } : new PollOutcome { Pause = pause };
    }

    /// <summary>The error of a wait whose deadline passed. That of a single poll is never about the task: one answer was enough.</summary>
    private NanoBananaException Expired(PollWait wait)
    {
        if (wait.FailuresAllowed is null)
            return wait.TimedOut();
        Exchange unsent = gate.Asked > TimeSpan.Zero ? gate.Unsent : new Exchange { Failure = ExchangeFailure.Timeout };
        return wait.LastError ?? ExchangeErrors.ToException(unsent, $"Asking for task {TextSafety.Excerpt(wait.Task.Id)}", wait.Task);
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

/// <summary>The outcome of one poll. Without any of <see cref="Ended"/>, <see cref="Error"/> and <see cref="Pause"/> the task
/// still runs.</summary>
internal readonly record struct PollOutcome
{
    /// <summary>The result of the wait.</summary>
    public ImageTask? Ended { get; init; }

    /// <summary>The wait ends with this.</summary>
    public Exception? Error { get; init; }

    /// <summary>The poll failed; the next one is due after this.</summary>
    public TimeSpan? Pause { get; init; }

    /// <summary>The shortest time to the next poll that the server asked for in a good answer.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public bool IsOver => Ended is not null || Error is not null;
}
