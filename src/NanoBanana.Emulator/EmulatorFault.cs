namespace NanoBanana.Emulator;

/// <summary>One scripted fault, used up by one request. Immutable: one value can be queued many times.</summary>
public sealed class EmulatorFault
{
    private EmulatorFault(EmulatorFaultKind kind) => Kind = kind;

    /// <summary>What goes wrong.</summary>
    public EmulatorFaultKind Kind { get; }

    /// <summary>
    /// Whether the request is carried out first, so that a task is bought although the client never learns of it.
    /// Otherwise nothing happens but the fault.
    /// </summary>
    public bool IsAfterAccept { get; private init; }

    /// <summary>HTTP status, or 0 for a fault that has none.</summary>
    public int StatusCode { get; private init; }

    /// <summary>Seconds that the Retry-After header names, or null for no such header.</summary>
    public int? RetryAfterSeconds { get; private init; }

    /// <summary>The body to send, or null for the provider's usual JSON.</summary>
    public string? Body { get; private init; }

    /// <summary>Media type of <see cref="Body"/>.</summary>
    public string ContentType { get; private init; } = "application/json";

    /// <summary>Bytes of the body that are sent before the cut, or null for half of them.</summary>
    public long? BytesBeforeCut { get; private init; }

    /// <summary>Where a redirect points.</summary>
    public Uri? Location { get; private init; }

    /// <summary>Answers with an HTTP status.</summary>
    /// <param name="code">200 to 599.</param>
    /// <param name="retryAfterSeconds">Value of Retry-After, not negative; null sends no such header.</param>
    /// <param name="body">The body; null sends the provider's usual JSON, an empty string sends nothing.</param>
    /// <param name="contentType">Media type of the body, <c>application/json</c> if null.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range.</exception>
    public static EmulatorFault Status(
        int code, int? retryAfterSeconds = null, string? body = null, string? contentType = null)
    {
        Check.Range(code is >= 200 and <= 599, nameof(code), code, "An HTTP status is from 200 to 599.");
        bool canWait = retryAfterSeconds is null or >= 0;
        Check.Range(canWait, nameof(retryAfterSeconds), retryAfterSeconds, "Seconds can't be negative.");
        return new EmulatorFault(EmulatorFaultKind.Status)
        {
            StatusCode = code,
            RetryAfterSeconds = retryAfterSeconds,
            Body = body,
            ContentType = contentType ?? "application/json",
        };
    }

    /// <summary>Resets the connection once the request has been read, before it has any effect.</summary>
    public static EmulatorFault Reset() => new(EmulatorFaultKind.Reset);

    /// <summary>Resets the connection after the request was carried out: the task is bought, its id is lost.</summary>
    public static EmulatorFault ResetAfterAccept() => Reset().AfterAccept();

    /// <summary>Carries the request out, promises the whole answer and closes in the middle of its body.</summary>
    /// <param name="bytes">Bytes of the body to send, not negative; null for half of them.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bytes"/> is negative.</exception>
    public static EmulatorFault CutBody(long? bytes = null)
    {
        Check.Range(bytes is null or >= 0, nameof(bytes), bytes, "A number of bytes can't be negative.");
        return new EmulatorFault(EmulatorFaultKind.CutBody) { BytesBeforeCut = bytes, IsAfterAccept = true };
    }

    /// <summary>Answers 200 with the HTML page of a proxy.</summary>
    public static EmulatorFault Garbage() => new(EmulatorFaultKind.Garbage);

    /// <summary>
    /// Leaves the request without an answer until <see cref="EmulatorServer.Release()"/>, after which it goes on as if
    /// nothing had been, or until the server is disposed.
    /// </summary>
    public static EmulatorFault Stall() => new(EmulatorFaultKind.Stall);

    /// <summary>Answers with a redirect.</summary>
    /// <param name="url">An absolute URL.</param>
    /// <param name="code">301, 302, 303, 307 or 308.</param>
    /// <exception cref="ArgumentException">The URL is not absolute.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The code is none of these.</exception>
    public static EmulatorFault Redirect(Uri url, int code = 307)
    {
        Check.NotNull(url, nameof(url));
        if (!url.IsAbsoluteUri)
            throw new ArgumentException("A redirect needs an absolute URL.", nameof(url));
        Check.Range(code is 301 or 302 or 303 or 307 or 308, nameof(code), code, "Use 301, 302, 303, 307 or 308.");
        return new EmulatorFault(EmulatorFaultKind.Redirect) { Location = url, StatusCode = code };
    }

    /// <summary>The same fault, but the request is carried out first.</summary>
    public EmulatorFault AfterAccept() => new(Kind)
    {
        IsAfterAccept = true,
        StatusCode = StatusCode,
        RetryAfterSeconds = RetryAfterSeconds,
        Body = Body,
        ContentType = ContentType,
        BytesBeforeCut = BytesBeforeCut,
        Location = Location,
    };

    /// <summary>The kind and its number, for messages of tests.</summary>
    public override string ToString() =>
        (StatusCode == 0 ? $"{Kind}" : $"{Kind} {StatusCode}") + (IsAfterAccept ? " after accept" : "");
}
