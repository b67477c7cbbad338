using NanoBanana.Client.Http;
using NanoBanana.Client.Retries;
using NanoBanana.Client.Wire;

namespace NanoBanana.Client.Purchases;

/// <summary>Sends a submit and says for certain what came of it: a task, nothing, or an unknown fate.</summary>
internal sealed class Submitter(IWireDialect dialect, HttpTransport transport, RetryLoop retries, ImageTransfers transfers, ApiOptions options)
{
    public async Task<ImageTask> SubmitAsync(ImageRequest request, IClientObserver observer, CancellationToken stop)
    {
        var deadline = new Deadline(options.Time, options.OperationTimeout);
        IReadOnlyList<ImageTransfer> ways = transfers.WaysFor(request);
        Exchange? refused = null;
        for (int i = 0; ; i++)
        {
            bool isLast = i == ways.Count - 1;
            ImageRequest sent;
            try
            {
                sent = await transfers.ApplyAsync(request, ways[i], deadline, observer, stop).ConfigureAwait(false);
            }
            catch (NanoBananaException e) when (refused is not null)
            {
                return Read(request, refused, $" (their upload failed too: {e.Message.TrimEnd('.')})", observer);
            }
            Exchange exchange = await SendAsync(sent, deadline, observer, stop).ConfigureAwait(false);
            if ((!isLast || refused is not null) && RefusesImages(exchange))
            {
                // The first refusal is of what was meant to be sent, and says most.
                refused ??= exchange;
                if (!isLast)
                    continue;
                return Read(request, refused, " (they were sent as a data URI, as base64 and uploaded)", observer);
            }
            ImageTask task = Read(request, exchange, "", observer);
            transfers.Remember(request, ways[i]);
            return task;
        }
    }

    private async Task<Exchange> SendAsync(ImageRequest request, Deadline deadline, IClientObserver observer, CancellationToken stop)
    {
        WireCall call = dialect.Submit(request);
        // Neither the token nor the deadline ends a request that has begun to leave: its answer may name a paid task.
        Exchange exchange = await retries.RunAsync(
            (attempt, _) => transport.SendAsync(call, attempt, options.SubmitTimeout, observer, CancellationToken.None),
            RetryRules.MaySubmitAgain, deadline, options.SubmitTimeout, observer, stop).ConfigureAwait(false);
        return exchange.WithSent(request.ImageUrls);
    }

    /// <summary>Whether an answer says for certain that nothing was bought, and that it was for the images. One that names a task does not.</summary>
    private bool RefusesImages(Exchange exchange)
    {
        if (exchange.Reply is not { Status: (>= 200 and <= 299) or 400 or 413 or 422 } reply)
            return false;
        try
        {
            dialect.ReadSubmitted(reply);
            return false;
        }
        catch (NanoBananaException e)
        {
            bool isRefusal = reply.IsSuccess ? e.Kind == NanoBananaErrorKind.InvalidRequest : e.Kind != NanoBananaErrorKind.NotPermitted;
            return isRefusal && ImageTransfers.AreRefusedBy(reply);
        }
    }

    /// <param name="request">What was asked for.</param>
    /// <param name="exchange">How it was answered.</param>
    /// <param name="images">What to add about its images in the error of a refusal.</param>
    /// <param name="observer">Is told of an answer that is not understood.</param>
    private ImageTask Read(ImageRequest request, Exchange exchange, string images, IClientObserver observer)
    {
        if (RetryRules.MayHaveBeenBought(exchange) && ReadNamed(exchange) is { } named)
            return Accepted(request, named);
        if (RetryRules.MayHaveBeenBought(exchange))
            throw UnknownFate(request, ExchangeErrors.Describe(exchange), exchange.Cause, exchange.Reply);
        if (!exchange.IsSuccess)
            throw ExchangeErrors.ToException(exchange, $"Submitting '{TextSafety.Excerpt(request.Prompt, 40)}'{(images.Length > 0 ? " with its images" + images : "")}");
        try
        {
            return Accepted(request, dialect.ReadSubmitted(exchange.Reply!));
        }
        catch (NanoBananaException e) when (e.Kind == NanoBananaErrorKind.InvalidResponse)
        {
            if (e.AnswerBeginning is { Length: > 0 } beginning)
                observer.OnRequest(RequestTrace.OfNotUnderstood(beginning));
            throw UnknownFate(request, e.Message.TrimEnd('.'), e, exchange.Reply);
        }
    }

    /// <summary>A server error that names a task which has a state: it was bought, and can be asked for.</summary>
    private TaskReading? ReadNamed(Exchange exchange)
    {
        try
        {
            return exchange.Reply is { Status: >= 500, Body.Length: > 0 } reply && dialect.ReadSubmitted(reply) is { Id: not null, RawStatus: not null } reading ? reading : null;
        }
        catch (NanoBananaException)
        {
            return null;
        }
    }

    /// <summary>
    /// Accepted means not finished: an answer that claims an end is read for its id and time alone, unless it holds the images. An
    /// answer with images and without an id is of a gateway that makes them at once.
    /// </summary>
    private ImageTask Accepted(ImageRequest request, TaskReading reading)
    {
        if (reading is { Image.Count: > 0 })
        {
            ImageTask known = request.ToTask(reading.Id ?? $"{reading.RequestId ?? "answer"}-{Guid.NewGuid():N}", ImageTaskStatus.Running, options.Endpoint) with
            {
                Protocol = options.Protocol,
                CreatedAt = options.Time.GetUtcNow(),
            };
            return reading.Renew(known, options.Time.GetUtcNow(), TimeSpan.Zero);
        }
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
