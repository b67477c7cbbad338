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
    private static readonly TimeSpan NotFoundGrace = TimeSpan.FromSeconds(10);

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
        try
        {
            Exchange exchange = await transport.SendAsync(
                dialect.Poll(wait.Task.Id, wait.Task.Model), wait.FailuresInARow + 1, wait.Deadline.Bound(options.PollTimeout),
                wait.Observer, wait.Stop).ConfigureAwait(false);
            return exchange.IsSuccess ? Read(wait, exchange.Reply!) : Judge(wait, exchange);
        }
        catch (Exception e)
        {
            // Whatever it is belongs to the waiter: an exception that ends here would leave the wait without an end.
            return new PollStep { Error = e };
        }
    }

    private PollStep Read(PollWait wait, WireReply reply)
    {
        TaskReading reading;
        try
        {
            reading = dialect.ReadPolled(reply);
        }
        catch (NanoBananaException e) when (e.Kind == NanoBananaErrorKind.InvalidResponse)
        {
            return Failed(wait, e, reply.RetryAfter, e.Message.TrimEnd('.'));
        }
        if (!reading.IsKnownStatus)
            WarnOnce(reading.RawStatus, wait.Observer);
        TimeSpan? age = wait.Task.AcceptedTimestamp is null ? null : AgeOf(wait.Task);
        wait.Task = reading.Renew(wait.Task, options.Time.GetUtcNow(), age);
        wait.FailuresInARow = 0;
        wait.LastFailure = null;
        return wait.Task.HasEnded || wait.FailuresAllowed is not null
            ? new PollStep { Ended = wait.Task }
            : new PollStep { Goes = true, RetryAfter = reply.RetryAfter };
    }

    private PollStep Judge(PollWait wait, Exchange exchange)
    {
        NanoBananaException error = ExchangeErrors.ToException(exchange, $"Asking for task {TextSafety.Excerpt(wait.Task.Id)}", wait.Task);
        bool final = error.Kind switch
        {
            NanoBananaErrorKind.ApiKeyRejected or NanoBananaErrorKind.NotPermitted => true,
            NanoBananaErrorKind.TaskNotFound => wait.Task.AcceptedTimestamp is null || AgeOf(wait.Task) > NotFoundGrace,
            _ => false,
        };
        return final ? new PollStep { Error = error } : Failed(wait, error, exchange.Reply?.RetryAfter, ExchangeErrors.Describe(exchange));
    }

    private PollStep Failed(PollWait wait, NanoBananaException error, TimeSpan? retryAfter, string what)
    {
        wait.FailuresInARow++;
        wait.LastFailure = what;
        if (wait.FailuresInARow > wait.FailuresAllowed)
            return new PollStep { Error = error };
        TimeSpan pause = RetryRules.Backoff(wait.FailuresInARow, retryAfter, random());
        if (error.Kind == NanoBananaErrorKind.RateLimited)
            gate.CloseFor(pause);
        return new PollStep { Pause = pause };
    }

    private static NanoBananaException TimedOut(PollWait wait)
    {
        string last = wait.LastFailure is null ? $"It was last seen {wait.Task.RawStatus ?? "accepted"}" : $"The last poll failed: {wait.LastFailure}";
        return new NanoBananaException(
            NanoBananaErrorKind.TaskTimeout,
            $"Task {wait.Task.Id} did not end within {wait.Deadline.Length.TotalSeconds:0.#} seconds. {last}. It goes on at the service and is paid for: wait again with Wait-NanoBananaTask -Id {wait.Task.Id}, or give it longer with -TimeoutSec.")
        {
            TaskId = wait.Task.Id,
            Task = wait.Task,
        };
    }

    private void WarnOnce(string word, IClientObserver observer)
    {
        lock (_unknownWords)
        {
            if (!_unknownWords.Add(word))
                return;
        }
        observer.OnWarning($"The service reports a status that is not known, '{TextSafety.Excerpt(word, 40)}'. The task is taken as running; the wait goes on.");
    }
}
