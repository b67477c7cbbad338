namespace NanoBanana.Emulator;

/// <summary>The kinds of faults of a request.</summary>
public enum EmulatorFaultKind
{
    /// <summary>An HTTP status that has no kind of its own. By rate: 408 or 504.</summary>
    Status,

    /// <summary>401: the key is refused. It ends the work of a client, so FaultRate uses it only if FaultKinds lists it.</summary>
    Unauthorized,

    /// <summary>403: no balance or no permission. By rate only if FaultKinds lists it.</summary>
    Forbidden,

    /// <summary>404. By rate only if FaultKinds lists it.</summary>
    NotFound,

    /// <summary>429. By rate: with Retry-After in seconds, as a date, or without.</summary>
    RateLimited,

    /// <summary>500.</summary>
    ServerError,

    /// <summary>502 with the HTML page of a proxy.</summary>
    BadGateway,

    /// <summary>503. By rate: with Retry-After or without.</summary>
    Unavailable,

    /// <summary>200 without a body.</summary>
    EmptyBody,

    /// <summary>Fewer bytes than Content-Length announces, then the connection is closed.</summary>
    CutBody,

    /// <summary>The first half of the JSON, with a Content-Length that fits the half. API only.</summary>
    CutJson,

    /// <summary>JSON whose values have undocumented types.</summary>
    WrongTypes,

    /// <summary>200 with HTML where JSON or an image is expected.</summary>
    Garbage,

    /// <summary>A body that is larger than any regular answer.</summary>
    HugeBody,

    /// <summary>Content-Length is not the length of the body.</summary>
    WrongLength,

    /// <summary>The right body with a wrong media type.</summary>
    WrongContentType,

    /// <summary>The right answer, after a delay.</summary>
    SlowStart,

    /// <summary>No answer until the server is released or disposed. By rate only if FaultKinds lists it.</summary>
    Stall,

    /// <summary>
    /// The first bytes of the answer, then nothing until the client closes the connection. By rate only if FaultKinds lists it.
    /// </summary>
    StallBody,

    /// <summary>The connection is reset (RST) without an answer.</summary>
    Reset,

    /// <summary>A redirect to another address.</summary>
    Redirect,

    /// <summary>A poll that reports an earlier state than the previous poll. Polls only.</summary>
    StaleStatus,

    /// <summary>403 in the form of a storage host: the link to the image has expired. Downloads only.</summary>
    ExpiredLink,
}
