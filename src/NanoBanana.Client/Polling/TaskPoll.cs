using NanoBanana.Client.Http;
using NanoBanana.Client.Retries;
using NanoBanana.Client.Text;
using NanoBanana.Client.Wire;

namespace NanoBanana.Client.Polling;

/// <summary>
/// Sends one poll and interprets the answer. A failed poll does not end a wait before its deadline, except for errors that a retry can't
/// change: a rejected key, a missing permission, or a task that does not exist after the first seconds.
/// </summary>
internal sealed class TaskPoll(IWireDialect dialect, HttpTransport transport, RateGate gate, ApiOptions options, Func<double> random)
{
    /// <summary>
    /// The time after acceptance in which a 404 is retried, because a new task may not have reached every server of the provider.
    /// </summary>
    internal static readonly TimeSpan NotFoundGrace = TimeSpan.FromSeconds(10);

    /// <summary>The maximum number of unknown status words with a warning.</summary>
    private const int MaximumUnknownWords = 20;

    /// <summary>
    /// The number of equal answers in a row that end a wait if a retry can't help. A single answer may come from a server with old data.
    /// </summary>
    private const int AnswersInARow = 2;

    private readonly HashSet<string> _unknownWords = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The time since acceptance: measured if this process received the acceptance, otherwise from the last snapshot.</summary>
    public TimeSpan AgeOf(ImageTask task) =>
        task.AcceptedTimestamp is { } accepted ? options.Time.GetElapsedTime(accepted) : task.Elapsed ?? TimeSpan.Zero;

    /// <summary>Whether a single poll can end immediately, because the gate stays closed until after its deadline.</summary>
    public bool IsPausedPastEnd(PollWait wait) =>
        wait.FailuresAllowed is not null && gate.RequestedPause > TimeSpan.Zero && gate.RequestedPause >= wait.Deadline.Remaining;

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
            // Both requests are one poll, which succeeds or fails as a whole: a task has not ended until its result is received.
            if (reading is { Status: ImageTaskStatus.Completed, Image.Count: 0 }
                && dialect.Result(wait.Task.Id, wait.Task.Model) is { } result)
            {
                if (!await gate.PassAsync(wait.Deadline, TimeSpan.Zero, wait.Stop).ConfigureAwait(false))
                    return new PollOutcome { Error = Expired(wait) };
                isKnown = true;
                exchange = Received(wait, await SendAsync(wait, result).ConfigureAwait(false));
                if (!exchange.IsSuccess && RetryRules.IsAboutTheTask(exchange))
                    return ResultRefused(wait, exchange);
                wait.ResultsRefused = 0;
                // The status can have the usage numbers, and the result the images.
                reading = exchange.IsSuccess ? dialect.ReadResult(exchange.Reply!).WithMissingFrom(reading) : null;
            }
            reading ??= ReadEnd(wait, exchange);
            return reading is null ? NotAnswered(wait, exchange, isKnown) : Answered(wait, reading, exchange.Reply!);
        }
        catch (NanoBananaException e) when (e.Kind == NanoBananaErrorKind.InvalidResponse)
        {
            return UnknownAnswer(wait, e, exchange!.Reply!.RetryAfter);
        }
    }

    private Task<Exchange> SendAsync(PollWait wait, WireCall call) => transport.SendAsync(
        call with { About = wait.Task }, wait.FailuresInARow + 1,
        wait.IsLastPoll ? options.PollTimeout : wait.Deadline.Bound(options.PollTimeout), wait.Observer, wait.Stop);

    private Exchange Received(PollWait wait, Exchange exchange)
    {
        if (exchange.Reply is not null)
            gate.RecordAnswer();
        return exchange.WithSentImages(wait.Task.ImageUrl);
    }

    /// <summary>
    /// Reads the end of a task from an HTTP error. A failed task can have an HTTP error with its id. A server error without a status of the
    /// task may be temporary, even if it has the id.
    /// </summary>
    private TaskReading? ReadEnd(PollWait wait, Exchange exchange)
    {
        if (exchange.Reply is not { IsSuccess: false, Body.Length: > 0 } reply)
            return null;
        try
        {
            TaskReading reading = dialect.ReadPolled(reply);
            bool isEnd = reading is { Status: ImageTaskStatus.Failed or ImageTaskStatus.Canceled }
                or { Status: ImageTaskStatus.Completed, Image.Count: > 0 };
            bool isOfTask = reading.Id == wait.Task.Id && (reading.RawStatus is not null || reading.HasErrorType || reply.Status < 500);
            return isEnd && isOfTask ? reading : null;
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
        wait.Succeeded(reading.ToSnapshot(wait.Task, options.Time.GetUtcNow(), age));
        if (wait.Task.HasEnded || wait.FailuresAllowed is not null)
            return new PollOutcome { Ended = wait.Task };
        return wait.IsLastPoll ? new PollOutcome { Error = Expired(wait) } : new PollOutcome { RetryAfter = reply.RetryAfter };
    }

    /// <summary>Handles a completed task whose result the service rejects. Two rejections in a row are its end.</summary>
    private PollOutcome ResultRefused(PollWait wait, Exchange exchange)
    {
        NanoBananaException error =
            ExchangeErrors.ToException(exchange, Messages.GettingResult(TextSafety.Excerpt(wait.Task.Id)), wait.Task);
        if (++wait.ResultsRefused < AnswersInARow && ReadEnd(wait, exchange) is null)
            return Failed(wait, error, exchange.Reply!.RetryAfter, ExchangeErrors.Describe(exchange));
        (ImageTaskError? reason, string? requestId) = HttpErrorBody.ReadError(exchange.Reply!);
        if (exchange.Reply!.Status is 404 or 405 or 410 or 501 || reason is null)
            return new PollOutcome { Error = error };
        var reading = new TaskReading
        {
            RawStatus = "FAILED",
            Status = ImageTaskStatus.Failed,
            Error = reason,
            RequestId = exchange.Reply.RequestId ?? requestId,
        };
        return Answered(wait, reading, exchange.Reply);
    }

    /// <param name="wait">The wait.</param>
    /// <param name="exchange">The failed exchange.</param>
    /// <param name="isKnown">Whether the service certainly has the task, so that a 404 may be temporary.</param>
    private PollOutcome NotAnswered(PollWait wait, Exchange exchange, bool isKnown)
    {
        string failure = ExchangeErrors.Describe(exchange);
        NanoBananaException error =
            ExchangeErrors.ToException(exchange, Messages.GettingStatus(TextSafety.Excerpt(wait.Task.Id)), wait.Task);
        if (exchange.IsRefusedConnection || error.Kind is NanoBananaErrorKind.ApiKeyRejected or NanoBananaErrorKind.NotPermitted
            || (error.Kind == NanoBananaErrorKind.TaskNotFound && !isKnown))
            return new PollOutcome { Error = error };
        if (!exchange.IsUnreachable || wait.FailuresAllowed == 0)
            return Failed(wait, error, exchange.Reply?.RetryAfter, failure);
        // All requests of the connection wait together, for a limited time. After that, a wait continues, and a single poll fails.
        if (!gate.CloseForOutage(exchange, random(), wait.Observer))
            return wait.FailuresAllowed is null ? Failed(wait, error, null, failure) : new PollOutcome { Error = error };
        wait.Failed(failure, error);
        return wait.IsLastPoll ? new PollOutcome { Error = Expired(wait) } : new PollOutcome { Pause = TimeSpan.Zero };
    }

    private PollOutcome UnknownAnswer(PollWait wait, NanoBananaException cause, TimeSpan? retryAfter)
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
        if (cause.IsOutputNotUnderstood && ++wait.UnknownAnswers >= AnswersInARow)
            return new PollOutcome { Error = error };
        return Failed(wait, error, retryAfter, cause.Message.TrimEnd('.'));
    }

    private PollOutcome Failed(PollWait wait, NanoBananaException error, TimeSpan? retryAfter, string failure)
    {
        wait.FailuresInARow++;
        wait.Failed(failure, error);
        wait.Observer.OnEvent(new ClientEvent(ClientEventKind.Retried)
        {
            About = wait.Task,
            Attempt = wait.FailuresInARow + 1,
            Error = error.Kind,
            Message = failure,
        });
        TimeSpan pause = RetryRules.Backoff(wait.FailuresInARow, retryAfter, random());
        // Also if this wait ends, because the limit applies to all requests of the key.
        if (error.Kind == NanoBananaErrorKind.RateLimited)
            gate.CloseFor(pause, wait.Observer);
        if (wait.FailuresInARow > wait.FailuresAllowed || (wait.FailuresAllowed is not null && pause >= wait.Deadline.Remaining))
            return new PollOutcome { Error = error };
        return wait.IsLastPoll ? new PollOutcome { Error = Expired(wait) } : new PollOutcome { Pause = pause };
    }

    /// <summary>
    /// The error of a wait after its deadline. The error of a single poll is never about the task, because one answer is enough.
    /// </summary>
    private NanoBananaException Expired(PollWait wait)
    {
        if (wait.FailuresAllowed is null)
            return wait.TimedOut();
        Exchange unsent = gate.RequestedPause > TimeSpan.Zero ? gate.Unsent : new Exchange { Failure = ExchangeFailure.Timeout };
        return wait.LastError ?? ExchangeErrors.ToException(unsent, Messages.GettingStatus(TextSafety.Excerpt(wait.Task.Id)), wait.Task);
    }

    private void WarnOnce(string word, IClientObserver observer)
    {
        lock (_unknownWords)
        {
            if (_unknownWords.Count == MaximumUnknownWords || !_unknownWords.Add(word))
                return;
        }
        observer.OnWarning(Messages.StatusUnknown(TextSafety.Excerpt(word, 40)));
    }
}

/// <summary>
/// The outcome of one poll. If <see cref="Ended"/>, <see cref="Error"/> and <see cref="Pause"/> are null, the task is still running.
/// </summary>
internal readonly record struct PollOutcome
{
    /// <summary>The result of the wait.</summary>
    public ImageTask? Ended { get; init; }

    /// <summary>The error that ends the wait.</summary>
    public Exception? Error { get; init; }

    /// <summary>The time until the next poll after a failed poll.</summary>
    public TimeSpan? Pause { get; init; }

    /// <summary>The minimum time until the next poll that the server requested in a successful answer.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether the poll ends its wait.</summary>
    public bool EndsWait => Ended is not null || Error is not null;
}
