using System.Diagnostics.CodeAnalysis;

namespace NanoBanana;

/// <summary>The kind of an error. In PowerShell its name is the ErrorId of the error record.</summary>
[SuppressMessage("Design", "CA1028", Justification = "ConvertTo-Json writes the names of a 64-bit enumeration, and the numbers of others.")]
public enum NanoBananaErrorKind : long
{
    /// <summary>There is no API key, or the value is not a key.</summary>
    ApiKeyMissing,

    /// <summary>The service rejected the key (HTTP 401).</summary>
    ApiKeyRejected,

    /// <summary>The key is valid, but the account has no balance or no permission (HTTP 402, 403).</summary>
    NotPermitted,

    /// <summary>The input is not valid. The module or the service rejected it.</summary>
    InvalidRequest,

    /// <summary>A request was sent and its outcome is unknown. The task may exist and may be paid for.</summary>
    SubmissionUnknown,

    /// <summary>The service ended the task as failed.</summary>
    TaskFailed,

    /// <summary>The task was canceled.</summary>
    Canceled,

    /// <summary>The service does not have the task (HTTP 404).</summary>
    TaskNotFound,

    /// <summary>The task did not end in time. It continues at the service.</summary>
    TaskTimeout,

    /// <summary>
    /// The service asked for fewer requests (HTTP 429) or for a later attempt (503), until the time of the request was over.
    /// </summary>
    RateLimited,

    /// <summary>The service returned errors (HTTP 5xx) or no answer until the time of the request was over.</summary>
    ServiceUnavailable,

    /// <summary>No connection to the service could be made, or a connection broke.</summary>
    ConnectionFailed,

    /// <summary>The answer of the service does not follow its protocol.</summary>
    InvalidResponse,

    /// <summary>A completed task has no image.</summary>
    NoImage,

    /// <summary>The downloaded bytes are not an image.</summary>
    NotAnImage,

    /// <summary>An image could not be downloaded or written.</summary>
    DownloadFailed,

    /// <summary>A file other than an image could not be written, or the destination of the images can't be written.</summary>
    WriteFailed,

    /// <summary>A file with this name exists and does not belong to this task.</summary>
    FileExists,

    /// <summary>The journal is required and can't be used.</summary>
    JournalRequired,

    /// <summary>The protocol of the connection does not support the operation.</summary>
    NotSupported,

    /// <summary>A limit of the run or of the day does not allow the request. Nothing is paid for.</summary>
    BudgetExhausted,

    /// <summary>Someone stopped the batch with <c>Stop-NanoBananaBatch</c>.</summary>
    BatchStopped,
}
