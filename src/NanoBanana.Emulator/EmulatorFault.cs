namespace NanoBanana.Emulator;

/// <summary>One fault, used up by one request. Immutable: one value can be queued many times.</summary>
public sealed partial record EmulatorFault
{
    private EmulatorFault(EmulatorFaultKind kind) => Kind = kind;

    /// <summary>What goes wrong.</summary>
    public EmulatorFaultKind Kind { get; internal init; }

    /// <summary>
    /// Whether the request is carried out first, so that a task is bought although the client never learns of it.
    /// Otherwise nothing happens but the fault.
    /// </summary>
    public bool IsAfterAccept { get; private init; }

    /// <summary>HTTP status, or 0 for a fault that has none.</summary>
    public int StatusCode { get; private init; }

    /// <summary>Seconds that the Retry-After header names, or null for no such header.</summary>
    public int? RetryAfterSeconds { get; private init; }

    /// <summary>Whether Retry-After names the date that is so many seconds away in place of the seconds.</summary>
    public bool IsRetryAfterDate { get; private init; }

    /// <summary>The body to send, or null for the provider's usual JSON.</summary>
    public string? Body { get; private init; }

    /// <summary>Media type of <see cref="Body"/>, or of the right answer for <see cref="EmulatorFaultKind.WrongContentType"/>.</summary>
    public string ContentType { get; private init; } = "application/json";

    /// <summary>Bytes of the body that are sent before the cut, or null for half of them.</summary>
    public long? BytesBeforeCut { get; private init; }

    /// <summary>What is added to the true Content-Length, or the size of a huge body; in bytes.</summary>
    public long Bytes { get; private init; }

    /// <summary>How long the first byte takes.</summary>
    public TimeSpan Delay { get; private init; }

    /// <summary>The state that a poll reports in place of the true one.</summary>
    public string? StatusWord { get; private init; }

    /// <summary>Where a redirect points.</summary>
    public Uri? Location { get; private init; }

    /// <summary>The same fault, but the request is carried out first.</summary>
    public EmulatorFault AfterAccept() => this with { IsAfterAccept = true };

    /// <summary>The kind and its number, for messages of tests.</summary>
    public override string ToString() =>
        (StatusCode == 0 ? $"{Kind}" : $"{Kind} {StatusCode}") + (IsAfterAccept ? " after accept" : "");
}
