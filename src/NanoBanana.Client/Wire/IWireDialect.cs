using NanoBanana.Client.Http;

namespace NanoBanana.Client.Wire;

/// <summary>
/// One of the provider's protocols, without any I/O: it creates requests and reads answers. All dialects share the code for sending,
/// retries, polling and files.
/// </summary>
internal interface IWireDialect
{
    /// <summary>The protocol that this dialect implements.</summary>
    ApiProtocol Protocol { get; }

    /// <summary>The request for a submission.</summary>
    WireCall Submit(ImageRequest request);

    /// <summary>
    /// Reads a 2xx answer to <see cref="Submit"/>. The task is accepted, and is completed only if the answer has its images.
    /// </summary>
    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.InvalidRequest"/>: the request was rejected, and nothing is paid for.
    /// <see cref="NanoBananaErrorKind.InvalidResponse"/>: the answer is neither a task nor a rejection.
    /// </exception>
    TaskReading ReadSubmitted(WireReply reply);

    /// <summary>The request for the status of a task.</summary>
    WireCall Poll(string id, string? model);

    /// <summary>Reads a 2xx answer to <see cref="Poll"/>.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidResponse"/>: not a task.</exception>
    TaskReading ReadPolled(WireReply reply);

    /// <summary>The request for the result of a completed task; null if a poll returns the result.</summary>
    WireCall? Result(string id, string? model);

    /// <summary>Reads a 2xx answer to <see cref="Result"/>. It may report that the task is still running.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidResponse"/>: not the result of a task.</exception>
    TaskReading ReadResult(WireReply reply);

    /// <summary>
    /// The request that cancels a task; null if the protocol has no cancellation. Its answer is not read, because a poll returns the
    /// outcome.
    /// </summary>
    WireCall? Cancel(string id, string? model);
}
