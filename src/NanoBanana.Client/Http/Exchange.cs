namespace NanoBanana.Client.Http;

/// <summary>The outcome of sending a request once: a reply, or the reason why there is none.</summary>
internal sealed record Exchange
{
    public WireReply? Reply { get; init; }

    /// <summary>Why no whole reply came; null when one did.</summary>
    public ExchangeFailure? Failure { get; init; }

    /// <summary>The cause of <see cref="Failure"/>.</summary>
    public Exception? Cause { get; init; }

    /// <summary>Whether the request began to leave: only then can the server have acted on it.</summary>
    public bool BodySent { get; init; }

    /// <summary>Whether no connection could be made, so that every other request of the connection would fail alike.</summary>
    public bool IsUnreachable => Failure is ExchangeFailure.Network or ExchangeFailure.Timeout && !BodySent;

    /// <summary>Whether a download came further before it broke.</summary>
    public bool MadeProgress { get; init; }

    /// <summary>
    /// Set when another attempt was withheld, because its full time did not fit into the rest of the operation: how long
    /// the operation has taken, what the attempt needs, and what is left.
    /// </summary>
    public (TimeSpan Waited, TimeSpan Needed, TimeSpan Left)? Withheld { get; init; }

    public bool IsSuccess => Reply?.IsSuccess == true;

    /// <summary>The same, with the images that were sent with the request, which are no result when an answer repeats them.</summary>
    public Exchange WithSent(IReadOnlyList<string>? images) => Reply is null || images is not { Count: > 0 }
        ? this
        : this with { Reply = Reply with { Sent = images } };
}
