using System.Diagnostics.CodeAnalysis;
using NanoBanana.Client.Http;
using NanoBanana.Client.Polling;
using NanoBanana.Client.Retries;
using NanoBanana.Client.Text;
using NanoBanana.Client.Wire;

namespace NanoBanana.Client.Purchases;

/// <summary>
/// Cancels tasks. The status of the task after the cancellation counts, not the answer to it: an accepted cancellation can come too late,
/// and an image that is paid for must not be reported as canceled.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore whose wait handle is not used has nothing to release.")]
internal sealed class TaskCanceler(
    IWireDialect dialect, HttpTransport transport, RetryLoop retries, ApiOptions options)
{
    private const int MaximumConcurrentCancels = 16;

    private readonly SemaphoreSlim _throttle = new(MaximumConcurrentCancels);

    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.NotSupported"/>: the dialect has no cancellation.</exception>
    public void Require()
    {
        if (dialect.Cancel("any", null) is null)
        {
            throw new NanoBananaException(
                NanoBananaErrorKind.NotSupported,
                Messages.CancellationNotSupported(dialect.Protocol.ToString(), ApiProtocol.Queue.ToString()));
        }
    }

    /// <param name="services">Polls and records the task.</param>
    /// <param name="task">The task.</param>
    /// <param name="observer">Receives every request.</param>
    /// <param name="stop">Cancels the requests.</param>
    /// <returns>The task after the cancellation.</returns>
    public async Task<ImageTask> CancelAsync(PurchaseServices services, ImageTask task, IClientObserver observer, CancellationToken stop)
    {
        Require();
        if (task.HasEnded)
            return task;
        services.CheckOrigin(task);
        (Exchange exchange, Deadline deadline) = await SendAsync(task, observer, stop).ConfigureAwait(false);
        if (exchange.IsSuccess)
            return await WaitForEndAsync(services, task, deadline, observer, stop).ConfigureAwait(false);
        if (RetryRules.IsAboutTheTask(exchange))
        {
            ImageTask after = await new Purchase(services, observer).PollNowAsync(task, stop).ConfigureAwait(false);
            if (after.HasEnded)
                return after;
        }
        throw exchange.Reply?.Status is 404 or 405 or 501
            ? new NanoBananaException(NanoBananaErrorKind.NotSupported, Messages.TaskNotCancelable(task.Id, exchange.Reply.Status))
            {
                TaskId = task.Id,
                Task = task,
                StatusCode = exchange.Reply.Status,
            }
            : ExchangeErrors.ToException(exchange, Messages.CancelingTask(task.Id), task);
    }

    /// <summary>
    /// Sends the cancellation. It is idempotent, so it is retried like a poll. A 404 is also retried for a new task, which the service may
    /// not have stored yet.
    /// </summary>
    private async Task<(Exchange Exchange, Deadline Deadline)> SendAsync(ImageTask task, IClientObserver observer, CancellationToken stop)
    {
        WireCall call = dialect.Cancel(task.Id, task.Model)!;
        bool MayBeTooEarly(Exchange exchange) =>
            exchange.Reply?.Status == 404
            && task.AcceptedTimestamp is { } accepted && options.Time.GetElapsedTime(accepted) <= TaskPoll.NotFoundGrace;
        await _throttle.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            // The deadline starts with its turn. Otherwise, the last of many cancellations would time out before it is sent.
            var deadline = new Deadline(options.Time, options.CancelTimeout);
            Exchange exchange = await retries.RunAsync(
                (attempt, token) => transport.SendAsync(call, attempt, deadline.Bound(options.PollTimeout), observer, token),
                exchange => RetryRules.MayCancelAgain(exchange) || MayBeTooEarly(exchange),
                deadline, TimeSpan.Zero, observer, stop).ConfigureAwait(false);
            return (exchange, deadline);
        }
        finally
        {
            _throttle.Release();
        }
    }

    /// <summary>Waits until the task has ended, because an accepted cancellation takes effect later.</summary>
    private async Task<ImageTask> WaitForEndAsync(
        PurchaseServices services, ImageTask task, Deadline deadline, IClientObserver observer, CancellationToken stop)
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
            // The service had the task when it accepted the cancellation, and has removed it since.
            ImageTask removed = task with
            {
                Status = ImageTaskStatus.Canceled,
                CompletedAt = options.Time.GetUtcNow(),
                Progress = null,
                QueuePosition = null,
            };
            new Purchase(services, observer).Store(removed);
            return removed;
        }
    }
}
