using NanoBanana.Client.Http;
using NanoBanana.Client.Retries;
using NanoBanana.Client.Wire;

namespace NanoBanana.Client.Purchases;

/// <summary>Sends a submit and returns its outcome for certain: accepted (a task), rejected (nothing was bought), or unknown.</summary>
internal sealed class Submitter(IWireDialect dialect, HttpTransport transport, RetryLoop retries, ImageTransfers transfers, ApiOptions options)
{
    /// <param name="request">A request that was checked.</param>
    /// <param name="maySend">Throws, before an attempt leaves, when it must not.</param>
    /// <param name="mayLeave">Whether the body of an attempt may leave, when its connection is made; null for always.</param>
    /// <param name="observer">Receives every request.</param>
    /// <param name="stop">Ends the waits before the request leaves.</param>
    public async Task<ImageTask> SubmitAsync(ImageRequest request, Func<ValueTask> maySend, Func<bool>? mayLeave, IClientObserver observer, CancellationToken stop)
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
            WireCall call = dialect.Submit(sent) with { About = request, MayLeave = mayLeave };
            // Neither the token nor the deadline ends a request that has begun to leave: its answer may name a paid task.
            Exchange exchange = await retries.RunAsync(
                (attempt, _) => SendOnceAsync(maySend(), call, attempt, observer), RetryRules.MaySubmitAgain, deadline, options.SubmitTimeout, observer, stop).ConfigureAwait(false);
            exchange = exchange.WithSent(sent.ImageUrl);
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

    /// <summary>Waits for the permission only where it is not there at once, which it nearly always is.</summary>
    private Task<Exchange> SendOnceAsync(ValueTask permission, WireCall call, int attempt, IClientObserver observer)
    {
        return permission.IsCompletedSuccessfully ? Send() : WaitAndSendAsync();

        Task<Exchange> Send()
        {
            observer.OnEvent(new ClientEvent(attempt == 1 ? ClientEventKind.Submitted : ClientEventKind.Retried) { About = call.About, Attempt = attempt });
            return transport.SendAsync(call, attempt, options.SubmitTimeout, observer, CancellationToken.None);
        }

        async Task<Exchange> WaitAndSendAsync()
        {
            await permission.ConfigureAwait(false);
            return await Send().ConfigureAwait(false);
        }
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
            throw UnknownOutcome(request, ExchangeErrors.Describe(exchange), exchange.Cause, exchange.Reply);
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
            throw UnknownOutcome(request, e.Message.TrimEnd('.'), e, exchange.Reply);
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

    private static NanoBananaException UnknownOutcome(ImageRequest request, string why, Exception? cause, WireReply? reply) =>
        new(NanoBananaErrorKind.SubmissionUnknown,
            $"'{TextSafety.Excerpt(request.Prompt, 40)}' was sent and the outcome is unknown: {why}. It may have been bought, so it is not sent again. Check your provider account to see whether the image was created before you submit it again.",
            cause)
        {
            StatusCode = reply?.Status,
            RequestId = reply?.RequestId,
        };
}
