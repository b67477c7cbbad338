using System.Diagnostics.CodeAnalysis;
using NanoBanana.Client.Http;
using NanoBanana.Client.Polling;
using NanoBanana.Client.Retries;
using NanoBanana.Client.Wire;

namespace NanoBanana.Client.Purchases;

/// <summary>
/// Cancels tasks. Whatever the answer to a cancel says, how the task stands afterwards is what counts: a cancel that was
/// accepted may come too late all the same, and an image that was paid for must not pass for canceled.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore whose wait handle nobody asks for holds nothing to release.")]
internal sealed class TaskCanceler(
    IWireDialect dialect, HttpTransport transport, RetryLoop retries, ApiOptions options)
{
    private const int MaximumConcurrentCancels = 16;

    private readonly SemaphoreSlim _throttle = new(MaximumConcurrentCancels);

    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.NotSupported"/>: the dialect has no cancellation.</exception>
    public void Require()
    {
        if (dialect.Cancel("any", null) is null)
            throw new NanoBananaException(NanoBananaErrorKind.NotSupported, $"The protocol {dialect.Protocol} has no cancellation: a task runs to its end and is paid for. Tasks that were made over a connection with -Protocol {ApiProtocol.Queue} can be canceled.");
    }

    /// <param name="services">Polls and records the task.</param>
    /// <param name="task">What is known of it.</param>
    /// <param name="observer">Receives every request.</param>
    /// <param name="stop">Abandons the requests.</param>
    public async Task<ImageTask> CancelAsync(PurchaseServices services, ImageTask task, IClientObserver observer, CancellationToken stop)
    {
        Require();
        if (task.HasEnded)
            return task;
        services.CheckOrigin(task);
        (Exchange exchange, Deadline deadline) = await SendAsync(task, observer, stop).ConfigureAwait(false);
        if (exchange.IsSuccess)
            return await SeeEndAsync(services, task, deadline, observer, stop).ConfigureAwait(false);
        if (RetryRules.IsAboutTheTask(exchange))
        {
            ImageTask after = await new Purchase(services, observer).PollNowAsync(task, stop).ConfigureAwait(false);
            if (after.HasEnded)
                return after;
        }
        throw exchange.Reply?.Status is 404 or 405 or 501
            ? new NanoBananaException(NanoBananaErrorKind.NotSupported, $"The service knows task {task.Id} but does not cancel it ({exchange.Reply.Status}). It runs to its end and is paid for.") { TaskId = task.Id, Task = task, StatusCode = exchange.Reply.Status }
            : ExchangeErrors.ToException(exchange, $"Canceling task {TextSafety.Excerpt(task.Id)}", task);
    }

    /// <summary>A second cancel changes nothing, so it is sent again as a poll is; a task just made may not be known yet.</summary>
    private async Task<(Exchange Exchange, Deadline Deadline)> SendAsync(ImageTask task, IClientObserver observer, CancellationToken stop)
    {
        WireCall call = dialect.Cancel(task.Id, task.Model)!;
        bool MayBeTooEarly(Exchange exchange) =>
            exchange.Reply?.Status == 404 && task.AcceptedTimestamp is { } accepted && options.Time.GetElapsedTime(accepted) <= TaskPoll.NotFoundGrace;
        await _throttle.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            // Its time begins with its turn: of a crowd, the last would be out of time before it is sent.
            var deadline = new Deadline(options.Time, options.CancelTimeout);
            Exchange exchange = await retries.RunAsync(
                (attempt, token) => transport.SendAsync(call, attempt, deadline.Bound(options.PollTimeout), observer, token),
                exchange => RetryRules.MayCancelAgain(exchange) || MayBeTooEarly(exchange), deadline, TimeSpan.Zero, observer, stop).ConfigureAwait(false);
            return (exchange, deadline);
        }
        finally
        {
            _throttle.Release();
        }
    }

    /// <summary>A cancel that was accepted takes effect when the service gets to it.</summary>
    private async Task<ImageTask> SeeEndAsync(PurchaseServices services, ImageTask task, Deadline deadline, IClientObserver observer, CancellationToken stop)
    {
        try
        {
            return await new Purchase(services, observer).WaitAsync(task, deadline.Remaining, startNow: true, stop).ConfigureAwait(false);
        }
        catch (NanoBananaException e) when (e.Kind == NanoBananaErrorKind.TaskTimeout)
        {
            return e.Task!;
        }
        catch (NanoBananaException e) when (e.Kind == NanoBananaErrorKind.TaskNotFound)
        {
            // It knew the task when it accepted the cancel, and has forgotten it since.
            ImageTask gone = task with { Status = ImageTaskStatus.Canceled, CompletedAt = options.Time.GetUtcNow(), Progress = null, QueuePosition = null };
            new Purchase(services, observer).Store(gone);
            return gone;
        }
    }
}
