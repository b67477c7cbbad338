namespace NanoBanana.Emulator;

/// <summary>One fault for one request. It is immutable, so it can be queued several times.</summary>
public sealed partial record EmulatorFault
{
    private EmulatorFault(EmulatorFaultKind kind) => Kind = kind;

    /// <summary>The kind of the fault.</summary>
    public EmulatorFaultKind Kind { get; internal init; }

    /// <summary>
    /// Whether the request is carried out first. For example, a task is then accepted although the client does not receive its id.
    /// Otherwise the request has no effect.
    /// </summary>
    public bool IsAfterAccept { get; private init; }

    /// <summary>HTTP status, or 0 for a fault without one.</summary>
    public int StatusCode { get; private init; }

    /// <summary>Seconds in the Retry-After header, or null for no header.</summary>
    public int? RetryAfterSeconds { get; private init; }

    /// <summary>Whether Retry-After is a date, <see cref="RetryAfterSeconds"/> from now, instead of seconds.</summary>
    public bool IsRetryAfterDate { get; private init; }

    /// <summary>The body to send, or null for the provider's usual JSON.</summary>
    public string? Body { get; private init; }

    /// <summary>Media type of <see cref="Body"/>, or of the right answer for <see cref="EmulatorFaultKind.WrongContentType"/>.</summary>
    public string ContentType { get; private init; } = "application/json";

    /// <summary>Bytes of the body that are sent before the cut, or null for half of them.</summary>
    public long? BytesBeforeCut { get; private init; }

    /// <summary>Bytes to add to the true Content-Length, or the size of a huge body.</summary>
    public long Bytes { get; private init; }

    /// <summary>Time until the first byte of the answer.</summary>
    public TimeSpan Delay { get; private init; }

    /// <summary>The status that a poll reports instead of the true one.</summary>
    public string? StatusWord { get; private init; }

    /// <summary>The target of a redirect.</summary>
    public Uri? Location { get; private init; }

    /// <summary>The same fault, but the request is carried out first.</summary>
    public EmulatorFault AfterAccept() => this with { IsAfterAccept = true };

    /// <summary>The kind and the HTTP status, for messages of tests.</summary>
    public override string ToString() =>
        (StatusCode == 0 ? $"{Kind}" : $"{Kind} {StatusCode}") + (IsAfterAccept ? " after accept" : "");
}
