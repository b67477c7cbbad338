using NanoBanana.Client.Http;
using NanoBanana.Client.Retries;
using NanoBanana.Client.Text;
using NanoBanana.Client.Wire;

namespace NanoBanana.Client.Purchases;

/// <summary>Sends a submission and determines its outcome: accepted (a task), rejected (nothing was bought), or unknown.</summary>
internal sealed class Submitter(
    IWireDialect dialect, HttpTransport transport, RetryLoop retries, ImageTransfers transfers, ApiOptions options)
{
    /// <param name="request">A request that was checked.</param>
    /// <param name="maySend">Called before each attempt. Throws if the request must not be sent.</param>
    /// <param name="maySendBody">Called when the connection is made. Whether the body of the attempt may leave; null for always.</param>
    /// <param name="observer">Receives every request.</param>
    /// <param name="stop">Ends the waits before the request leaves.</param>
    public async Task<ImageTask> SubmitAsync(
        ImageRequest request, Func<ValueTask> maySend, Func<bool>? maySendBody, IClientObserver observer, CancellationToken stop)
    {
        var deadline = new Deadline(options.Time, options.OperationTimeout);
        IReadOnlyList<ImageTransfer> forms = transfers.FormsFor(request);
        Exchange? refused = null;
        for (int i = 0; ; i++)
        {
            bool isLast = i == forms.Count - 1;
            ImageRequest sent;
            try
            {
                sent = await transfers.ApplyAsync(request, forms[i], deadline, observer, stop).ConfigureAwait(false);
            }
            catch (NanoBananaException e) when (refused is not null)
            {
                return Read(request, refused, Messages.SubmittingWithoutUpload(request.Prompt, e.Message), observer);
            }
            WireCall call = dialect.Submit(sent) with { About = request, MaySendBody = maySendBody };
            // Neither the token nor the deadline ends a request that has started to leave, because its answer can contain a paid task.
            Exchange exchange = await retries.RunAsync(
                (attempt, _) => SendOnceAsync(maySend(), call, attempt, observer), RetryRules.MaySubmitAgain,
                deadline, options.SubmitTimeout, observer, stop).ConfigureAwait(false);
            exchange = exchange.WithSentImages(sent.ImageUrl);
            if ((!isLast || refused is not null) && RefusesImages(exchange))
            {
                // The first rejection has the most useful reason.
                refused ??= exchange;
                if (!isLast)
                    continue;
                return Read(request, refused, Messages.SubmittingInAllForms(request.Prompt), observer);
            }
            ImageTask task = Read(request, exchange, Messages.Submitting(request.Prompt), observer);
            transfers.RecordAccepted(request, forms[i]);
            return task;
        }
    }

    /// <summary>Sends without an async method if the permission is already available, which is the usual case.</summary>
    private Task<Exchange> SendOnceAsync(ValueTask permission, WireCall call, int attempt, IClientObserver observer)
    {
        return permission.IsCompletedSuccessfully ? Send() : WaitAndSendAsync();

        Task<Exchange> Send()
        {
            ClientEventKind kind = attempt == 1 ? ClientEventKind.Submitted : ClientEventKind.Retried;
            observer.OnEvent(new ClientEvent(kind) { About = call.About, Attempt = attempt });
            return transport.SendAsync(call, attempt, options.SubmitTimeout, observer, CancellationToken.None);
        }

        async Task<Exchange> WaitAndSendAsync()
        {
            await permission.ConfigureAwait(false);
            return await Send().ConfigureAwait(false);
        }
    }

    /// <summary>Whether an answer certainly rejects a request because of its images. An answer with a task id does not reject it.</summary>
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
            return isRefusal && ImageTransfers.IsImageRefusal(reply);
        }
    }

    /// <param name="request">The request.</param>
    /// <param name="exchange">The exchange with its answer.</param>
    /// <param name="operation">The operation, for the error of a rejection.</param>
    /// <param name="observer">Receives the start of an answer that can't be read.</param>
    private ImageTask Read(ImageRequest request, Exchange exchange, string operation, IClientObserver observer)
    {
        if (RetryRules.IsOutcomeUnknown(exchange))
        {
            return ReadTaskInServerError(exchange) is { } reading
                ? Accepted(request, reading)
                : throw UnknownOutcome(request, ExchangeErrors.Describe(exchange), exchange.Cause, exchange.Reply);
        }
        if (!exchange.IsSuccess)
            throw ExchangeErrors.ToException(exchange, operation);
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

    /// <summary>Reads a server error that contains a task with a status: the task was accepted and can be polled.</summary>
    private TaskReading? ReadTaskInServerError(Exchange exchange)
    {
        try
        {
            return exchange.Reply is { Status: >= 500, Body.Length: > 0 } reply
                && dialect.ReadSubmitted(reply) is { Id: not null, RawStatus: not null } reading ? reading : null;
        }
        catch (NanoBananaException)
        {
            return null;
        }
    }

    /// <summary>
    /// The task of an accepted submission. If the answer has an end status but no images, only its id and time are used. An answer with
    /// images and without an id comes from a gateway that makes images immediately.
    /// </summary>
    private ImageTask Accepted(ImageRequest request, TaskReading reading)
    {
        if (reading is { Image.Count: > 0 })
        {
            string id = reading.Id ?? $"{reading.RequestId ?? "answer"}-{Guid.NewGuid():N}";
            ImageTask known = request.ToTask(id, ImageTaskStatus.Running, options.Endpoint) with
            {
                Protocol = options.Protocol,
                CreatedAt = options.Time.GetUtcNow(),
            };
            return reading.ToSnapshot(known, options.Time.GetUtcNow(), TimeSpan.Zero);
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
        new(NanoBananaErrorKind.SubmissionUnknown, Messages.OutcomeUnknown(request.Prompt, why), cause)
        {
            StatusCode = reply?.Status,
            RequestId = reply?.RequestId,
        };
}
