namespace NanoBanana.Emulator;

/// <summary>The ways in which a request goes wrong.</summary>
public enum EmulatorFaultKind
{
    /// <summary>An HTTP status that none of the others stands for. By rate: 408 or 504.</summary>
    Status,

    /// <summary>401: the key is refused. A client ends with it, so a rate draws it only when it is chosen.</summary>
    Unauthorized,

    /// <summary>403: no balance or no permission. By rate only when it is chosen.</summary>
    Forbidden,

    /// <summary>404. By rate only when it is chosen.</summary>
    NotFound,

    /// <summary>429. By rate: with Retry-After in seconds, as a date, or without.</summary>
    RateLimited,

    /// <summary>500.</summary>
    ServerError,

    /// <summary>502 with the HTML page of a proxy.</summary>
    BadGateway,

    /// <summary>503. By rate: with Retry-After or without.</summary>
    Unavailable,

    /// <summary>200 and no body at all.</summary>
    EmptyBody,

    /// <summary>Fewer bytes than Content-Length promises, then the connection is closed.</summary>
    CutBody,

    /// <summary>The first half of the JSON, under a Content-Length that fits it. API only.</summary>
    CutJson,

    /// <summary>JSON whose values are of other types than promised.</summary>
    WrongTypes,

    /// <summary>200 with HTML where JSON or an image is expected.</summary>
    Garbage,

    /// <summary>A body that is larger than any honest one.</summary>
    HugeBody,

    /// <summary>Content-Length is not the length of the body.</summary>
    WrongLength,

    /// <summary>The right body under a wrong media type.</summary>
    WrongContentType,

    /// <summary>The right answer, but the first byte is slow to come.</summary>
    SlowStart,

    /// <summary>No answer until the server is released or disposed. By rate only when it is chosen.</summary>
    Stall,

    /// <summary>The first bytes of the answer, then nothing, until the client gives up. By rate only when it is chosen.</summary>
    StallBody,

    /// <summary>The connection is reset (RST) with no answer.</summary>
    Reset,

    /// <summary>A redirect to another address.</summary>
    Redirect,

    /// <summary>A poll that reports an earlier state than the last one did. Polls only.</summary>
    StaleStatus,

    /// <summary>403, as a store says it: the link of the image has expired. Downloads only.</summary>
    ExpiredLink,
}
