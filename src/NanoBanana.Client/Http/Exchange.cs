using NanoBanana.Client.Wire;

namespace NanoBanana.Client.Http;

/// <summary>The outcome of sending a request once: a reply, or the reason why there is none.</summary>
internal sealed class Exchange
{
    public WireReply? Reply { get; init; }

    /// <summary>Why no whole reply came; null when one did.</summary>
    public ExchangeFailure? Failure { get; init; }

    /// <summary>The cause of <see cref="Failure"/>.</summary>
    public Exception? Cause { get; init; }

    /// <summary>Whether the body began to leave: only then can the server have acted on it.</summary>
    public bool BodySent { get; init; }

    /// <summary>Whether a download came further before it broke.</summary>
    public bool MadeProgress { get; init; }

    public bool IsSuccess => Reply?.IsSuccess == true;
}
