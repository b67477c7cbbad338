namespace NanoBanana.Client.Wire;

/// <summary>
/// One of the provider's protocols, without any I/O: requests out as bytes, answers in as bytes. Everything else
/// (sending, retries, polling, files) is the same code for all of them.
/// </summary>
internal interface IWireDialect
{
    ApiProtocol Protocol { get; }

    /// <summary>The request that buys a picture.</summary>
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
}
