using System.Diagnostics.CodeAnalysis;

namespace NanoBanana;

/// <summary>What went wrong. The name of the kind is the ErrorId of the error record in PowerShell.</summary>
[SuppressMessage("Design", "CA1028", Justification = "ConvertTo-Json writes the names of a 64-bit enumeration, and the numbers of others.")]
public enum NanoBananaErrorKind : long
{
    /// <summary>No API key was given.</summary>
    ApiKeyMissing,

    /// <summary>The service refused the key (HTTP 401).</summary>
    ApiKeyRejected,

    /// <summary>The key is good, its balance or permission is not (HTTP 402, 403).</summary>
    NotPermitted,

    /// <summary>The request breaks a rule, found here before it was sent or by the service.</summary>
    InvalidRequest,

    /// <summary>A submit was sent and its fate is unknown: the task may exist and may have been paid for.</summary>
    SubmissionUnknown,

    /// <summary>The service ended the task as failed.</summary>
    TaskFailed,

    /// <summary>The task was canceled.</summary>
    Canceled,

    /// <summary>The service does not know the task (HTTP 404).</summary>
    TaskNotFound,

    /// <summary>The task did not end in the time given. It goes on at the service.</summary>
    TaskTimeout,

    /// <summary>The service asked for fewer requests (HTTP 429), or to come back later (503), until the time given was over.</summary>
    RateLimited,

    /// <summary>The service could not serve (HTTP 5xx) until the time given was over.</summary>
    ServiceUnavailable,

    /// <summary>No connection to the service could be made or kept.</summary>
    ConnectionFailed,

    /// <summary>The service answered with something that its protocol does not have.</summary>
    InvalidResponse,

    /// <summary>A completed task has no image.</summary>
    NoImage,

    /// <summary>What was downloaded is not an image.</summary>
    NotAnImage,

    /// <summary>An image could not be downloaded or written.</summary>
    DownloadFailed,

    /// <summary>A file other than an image could not be written, or none can be at the destination of images.</summary>
    WriteFailed,

    /// <summary>A file of that name exists and is not this task's.</summary>
    FileExists,

    /// <summary>The journal is needed and is not there.</summary>
    JournalRequired,

    /// <summary>The protocol of the connection cannot do that.</summary>
    NotSupported,

    /// <summary>A budget of the run or of the day leaves no room for the request. Nothing was bought.</summary>
    BudgetExhausted,

    /// <summary>Someone has told the run to stop buying (<c>Stop-NanoBananaBatch</c>).</summary>
    BatchStopped,
}
