using NanoBanana.Client.Http;

namespace NanoBanana.Client.Wire;

/// <summary>
/// One of the provider's protocols, without any I/O: requests out as bytes, answers in as bytes. Everything else
/// (sending, retries, polling, files) is the same code for all of them.
/// </summary>
internal interface IWireDialect
{
    ApiProtocol Protocol { get; }

    /// <summary>The request that buys an image.</summary>
    WireCall Submit(ImageRequest request);

    /// <summary>Reads a 2xx answer to <see cref="Submit"/>: accepted, never finished, whatever its status says.</summary>
    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.InvalidRequest"/>: the answer is a refusal, nothing was bought.
    /// <see cref="NanoBananaErrorKind.InvalidResponse"/>: it is neither.
    /// </exception>
    TaskReading ReadSubmitted(WireReply reply);

    /// <summary>The request that asks how a task stands.</summary>
    WireCall Poll(string id, string? model);

    /// <summary>Reads a 2xx answer to <see cref="Poll"/>.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidResponse"/>: not a task.</exception>
    TaskReading ReadPolled(WireReply reply);

    /// <summary>The request for what a task made that a poll calls completed; null where the poll has brought it.</summary>
    WireCall? Result(string id, string? model);

    /// <summary>Reads a 2xx answer to <see cref="Result"/>. It may say that the task goes on after all.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidResponse"/>: not the result of a task.</exception>
    TaskReading ReadResult(WireReply reply);

    /// <summary>
    /// The request that cancels a task; null where the protocol has none. Its answer is not read: how the task stands
    /// afterwards is what counts.
    /// </summary>
    WireCall? Cancel(string id, string? model);
}
