using NanoBanana.Client.Http;
using NanoBanana.Client.Wire;

namespace NanoBanana.Client;

/// <summary>Sends a submit and says for certain what came of it: a task, nothing, or an unknown fate.</summary>
internal sealed class Submitter(IWireDialect dialect, HttpTransport transport, RetryPipeline retries, NanoBananaClientOptions options)
{
    public async Task<ImageTask> SubmitAsync(ImageRequest request, IClientObserver observer, CancellationToken stop)
    {
        var deadline = new Deadline(options.Time, options.OperationTimeout);
        WireCall call = dialect.Submit(request);
        // The token is not handed on to the request: what has begun to leave is seen through to its answer.
        var run = new RetryRun(
            (attempt, _) => transport.SendAsync(call, attempt, deadline.Bound(options.SubmitTimeout), observer, CancellationToken.None),
            RetryRules.MaySubmitAgain, deadline);
        Exchange exchange = await retries.RunAsync(run, stop).ConfigureAwait(false);
        if (RetryRules.MayHaveBeenBought(exchange))
            throw UnknownFate(request, ExchangeErrors.Describe(exchange), exchange.Cause, exchange.Reply);
        if (!exchange.IsSuccess)
            throw ExchangeErrors.ToException(exchange, $"Submitting '{TextSafety.Excerpt(request.Prompt, 40)}'");
        try
        {
            return Accepted(request, dialect.ReadSubmitted(exchange.Reply!));
        }
        catch (NanoBananaException e) when (e.Kind == NanoBananaErrorKind.InvalidResponse)
        {
            throw UnknownFate(request, e.Message.TrimEnd('.'), e, exchange.Reply);
        }
    }

    /// <summary>Accepted means not finished: an answer that claims an end is read for its id and time alone.</summary>
    private ImageTask Accepted(ImageRequest request, TaskReading reading)
    {
        if (!TaskIds.IsUsable(reading.Id))
            throw new NanoBananaException(NanoBananaErrorKind.InvalidResponse, $"the service accepted it under an id that can't be asked for, '{TextSafety.Excerpt(reading.Id)}'.");
        ImageTaskStatus status = reading.Status == ImageTaskStatus.Pending ? ImageTaskStatus.Pending : ImageTaskStatus.Running;
        return request.ToTask(reading.Id!, status, options.Endpoint) with
        {
            RawStatus = reading.RawStatus,
            QueuePosition = reading.QueuePosition,
            Protocol = options.Protocol,
            CreatedAt = reading.CreatedAt ?? options.Time.GetUtcNow(),
            Elapsed = TimeSpan.Zero,
            RequestId = reading.RequestId,
            AcceptedTimestamp = options.Time.GetTimestamp(),
        };
    }

    private static NanoBananaException UnknownFate(ImageRequest request, string why, Exception? cause, WireReply? reply) =>
        new(NanoBananaErrorKind.SubmissionUnknown,
            $"'{TextSafety.Excerpt(request.Prompt, 40)}' was sent and what became of it is not known: {why}. It may have been bought, so it is not sent again. Check the account at the provider before you submit it once more.",
            cause)
        {
            StatusCode = reply?.Status,
            RequestId = reply?.RequestId,
        };
}
