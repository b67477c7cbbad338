namespace NanoBanana.Errors;

/// <summary>
/// The only place that defines how each kind of error appears in PowerShell. The ErrorId is the name of the kind. A defect of the module
/// has an ErrorId of its own.
/// </summary>
internal static class ErrorCatalog
{
    /// <summary>The maximum length of the provider's reason in a message, in characters. The task has the whole reason.</summary>
    private const int LongestReason = 500;

    private const string UnexpectedId = "UnexpectedError";

    private static readonly Dictionary<NanoBananaErrorKind, ErrorCategory> Categories = new()
    {
        [NanoBananaErrorKind.ApiKeyMissing] = ErrorCategory.AuthenticationError,
        [NanoBananaErrorKind.ApiKeyRejected] = ErrorCategory.AuthenticationError,
        [NanoBananaErrorKind.NotPermitted] = ErrorCategory.PermissionDenied,
        [NanoBananaErrorKind.InvalidRequest] = ErrorCategory.InvalidArgument,
        [NanoBananaErrorKind.SubmissionUnknown] = ErrorCategory.OperationStopped,
        [NanoBananaErrorKind.TaskFailed] = ErrorCategory.OperationStopped,
        [NanoBananaErrorKind.Canceled] = ErrorCategory.OperationStopped,
        [NanoBananaErrorKind.TaskNotFound] = ErrorCategory.ObjectNotFound,
        [NanoBananaErrorKind.TaskTimeout] = ErrorCategory.OperationTimeout,
        [NanoBananaErrorKind.RateLimited] = ErrorCategory.LimitsExceeded,
        [NanoBananaErrorKind.ServiceUnavailable] = ErrorCategory.ResourceUnavailable,
        [NanoBananaErrorKind.ConnectionFailed] = ErrorCategory.ConnectionError,
        [NanoBananaErrorKind.InvalidResponse] = ErrorCategory.InvalidData,
        [NanoBananaErrorKind.NoImage] = ErrorCategory.InvalidResult,
        [NanoBananaErrorKind.NotAnImage] = ErrorCategory.InvalidData,
        [NanoBananaErrorKind.DownloadFailed] = ErrorCategory.ReadError,
        [NanoBananaErrorKind.WriteFailed] = ErrorCategory.WriteError,
        [NanoBananaErrorKind.FileExists] = ErrorCategory.ResourceExists,
        [NanoBananaErrorKind.JournalRequired] = ErrorCategory.ResourceUnavailable,
        [NanoBananaErrorKind.BudgetExhausted] = ErrorCategory.LimitsExceeded,
        [NanoBananaErrorKind.BatchStopped] = ErrorCategory.OperationStopped,
        [NanoBananaErrorKind.NotSupported] = ErrorCategory.NotImplemented,
    };

    /// <summary>The error record of an exception.</summary>
    /// <param name="exception">The exception.</param>
    /// <param name="target">The task, or the user's input; null for the task of the exception.</param>
    public static ErrorRecord ToErrorRecord(this NanoBananaException exception, object? target = null)
    {
        var details = new ErrorDetails(exception.Message);
        if (Messages.ActionFor(exception) is { } action)
            details.RecommendedAction = action;
        target ??= exception.Task ?? (object?)exception.TaskId;
        (string id, ErrorCategory category) = exception.IsUnexpected
            ? (UnexpectedId, ErrorCategory.NotSpecified)
            : (exception.Kind.ToString(), Categories[exception.Kind]);
        return Cleaned(new ErrorRecord(exception, id, category, target) { ErrorDetails = details });
    }

    /// <summary>The same error with the place of its input before the message.</summary>
    public static NanoBananaException At(this NanoBananaException exception, string place) =>
        new(exception.Kind, $"{place}: {exception.Message}", exception.InnerException)
    {
        StatusCode = exception.StatusCode,
        ProviderCode = exception.ProviderCode,
        RequestId = exception.RequestId,
        TaskId = exception.TaskId,
        Task = exception.Task,
        IsFromJournal = exception.IsFromJournal,
        HasAdvice = exception.HasAdvice,
        IsUnexpected = exception.IsUnexpected,
    };

    /// <summary>The error record of an unexpected exception, whose message can contain a path.</summary>
    /// <param name="exception">The exception.</param>
    /// <param name="target">The user's input.</param>
    public static ErrorRecord Unexpected(Exception exception, object target) =>
        Cleaned(new ErrorRecord(exception, UnexpectedId, ErrorCategory.NotSpecified, target)
        {
            ErrorDetails = new ErrorDetails(TextSafety.Clean(Client.Text.Messages.Unexpected(exception.Message)))
            {
                RecommendedAction = Client.Text.Messages.ReportError,
            },
        });

    /// <summary>An exception as an exception of the module. An unexpected one has no kind of its own.</summary>
    public static NanoBananaException AsKnown(Exception exception) => exception as NanoBananaException
        ?? new NanoBananaException(
            NanoBananaErrorKind.InvalidResponse, Client.Text.Messages.Unexpected(exception.Message), exception) { IsUnexpected = true };

    /// <summary>The error record of a failed or canceled task.</summary>
    /// <param name="task">A failed or canceled task.</param>
    public static ErrorRecord ToErrorRecord(this ImageTask task)
    {
        bool isCanceled = task.Status == ImageTaskStatus.Canceled;
        string message = isCanceled
            ? Messages.TaskWasCanceled(task)
            : Messages.TaskFailed(task, TextSafety.Excerpt(task.Error?.ToString(), LongestReason));
        var exception = new NanoBananaException(isCanceled ? NanoBananaErrorKind.Canceled : NanoBananaErrorKind.TaskFailed, message)
        {
            TaskId = task.Id,
            Task = task,
            RequestId = task.RequestId,
            ProviderCode = isCanceled ? null : task.Error?.Code,
        };
        ErrorRecord record = exception.ToErrorRecord(task);
        if (task is { Status: ImageTaskStatus.Failed, Error.Advice: { } advice })
            record.ErrorDetails.RecommendedAction = advice;
        return record;
    }

    /// <summary>Cleans the target name. Windows PowerShell shows it for every error, and it can be a prompt from anyone.</summary>
    private static ErrorRecord Cleaned(ErrorRecord record)
    {
        record.CategoryInfo.TargetName = TextSafety.Excerpt(record.CategoryInfo.TargetName);
        return record;
    }
}
