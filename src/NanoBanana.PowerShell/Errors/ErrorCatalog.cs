namespace NanoBanana.Errors;

/// <summary>
/// The one place that says how each kind of error appears in PowerShell. Its ErrorId is the name of the kind.
/// </summary>
internal static class ErrorCatalog
{
    /// <summary>As much of the provider's words as a message has room for; the task has them all.</summary>
    private const int LongestReason = 500;

    private static readonly Dictionary<NanoBananaErrorKind, (ErrorCategory Category, string Action)> Entries = new()
    {
        [NanoBananaErrorKind.ApiKeyMissing] = (ErrorCategory.AuthenticationError, "Run Connect-NanoBanana, with $env:NANOBANANA_API_KEY set or with -ApiKey (Read-Host -AsSecureString)."),
        [NanoBananaErrorKind.ApiKeyRejected] = (ErrorCategory.AuthenticationError, "Get a valid key from the provider and run Connect-NanoBanana with it. The inputs that were not sent are in TargetObject."),
        [NanoBananaErrorKind.NotPermitted] = (ErrorCategory.PermissionDenied, "Check the balance and the permissions of the account at the provider, then run the same inputs again."),
        [NanoBananaErrorKind.InvalidRequest] = (ErrorCategory.InvalidArgument, "Correct the input that the message names and run it again. Nothing was bought."),
        [NanoBananaErrorKind.SubmissionUnknown] = (ErrorCategory.OperationStopped, "Look at the account at the provider whether the image was made, before you submit the input again."),
        [NanoBananaErrorKind.TaskFailed] = (ErrorCategory.OperationStopped, "Pipe the task to New-NanoBananaImage to try again, with another prompt if it fails the same way."),
        [NanoBananaErrorKind.Canceled] = (ErrorCategory.OperationStopped, "Pipe the task to New-NanoBananaImage if the image is wanted after all."),
        [NanoBananaErrorKind.TaskNotFound] = (ErrorCategory.ObjectNotFound, "Check the id, and that the key and the endpoint are those that the task was made with."),
        [NanoBananaErrorKind.TaskTimeout] = (ErrorCategory.OperationTimeout, "Pipe the task to Wait-NanoBananaTask again, with a longer -TimeoutSec; one that was canceled to New-NanoBananaImage."),
        [NanoBananaErrorKind.RateLimited] = (ErrorCategory.LimitsExceeded, "Run the input again later, or with a lower -ThrottleLimit."),
        [NanoBananaErrorKind.ServiceUnavailable] = (ErrorCategory.ResourceUnavailable, "Run it again later; -Verbose shows what the service answered."),
        [NanoBananaErrorKind.ConnectionFailed] = (ErrorCategory.ConnectionError, "Check the network, the proxy and the endpoint (Get-NanoBananaConnection)."),
        [NanoBananaErrorKind.InvalidResponse] = (ErrorCategory.InvalidData, "Check that the endpoint and the protocol belong together (Get-NanoBananaConnection)."),
        [NanoBananaErrorKind.NoImage] = (ErrorCategory.InvalidResult, "Read the model's text in the task; ask for an image in plainer words, or with -ResponseModality Image."),
        [NanoBananaErrorKind.NotAnImage] = (ErrorCategory.InvalidData, "Save the task again; if it stays so, a proxy on the way may answer in the host's place."),
        [NanoBananaErrorKind.DownloadFailed] = (ErrorCategory.ReadError, "Save the task again soon: its link lives about a day."),
        [NanoBananaErrorKind.WriteFailed] = (ErrorCategory.WriteError, "Make room or mend the rights of the folder, and run the command again."),
        [NanoBananaErrorKind.FileExists] = (ErrorCategory.ResourceExists, "Use -Force to replace the file, or another name or folder."),
        [NanoBananaErrorKind.JournalRequired] = (ErrorCategory.ResourceUnavailable, "Make the journal available: see $env:NANOBANANA_JOURNAL."),
        [NanoBananaErrorKind.BudgetExhausted] = (ErrorCategory.LimitsExceeded, "Raise the limit that the message names, or run the inputs in TargetObject again when there is room."),
        [NanoBananaErrorKind.BatchStopped] = (ErrorCategory.OperationStopped, "Run the same inputs again to go on; those that were not bought are in TargetObject."),
        [NanoBananaErrorKind.NotSupported] = (ErrorCategory.NotImplemented, "Use a connection whose protocol can do that."),
    };

    /// <summary>The error record of an exception.</summary>
    /// <param name="exception">What went wrong.</param>
    /// <param name="target">The task, or the user's input; the exception's own task when null.</param>
    public static ErrorRecord ToErrorRecord(this NanoBananaException exception, object? target = null)
    {
        (ErrorCategory category, string action) = Entries[exception.Kind];
        return Shown(new ErrorRecord(exception, exception.Kind.ToString(), category, target ?? exception.Task ?? (object?)exception.TaskId)
        {
            ErrorDetails = new ErrorDetails(exception.Message) { RecommendedAction = action },
        });
    }

    /// <summary>The same error with its place in the input in front.</summary>
    public static NanoBananaException At(this NanoBananaException exception, string place) =>
        new(exception.Kind, $"{place}: {exception.Message}", exception.InnerException)
    {
        StatusCode = exception.StatusCode,
        ProviderCode = exception.ProviderCode,
        RequestId = exception.RequestId,
        TaskId = exception.TaskId,
        Task = exception.Task,
        IsFromJournal = exception.IsFromJournal,
    };

    /// <summary>The error record of a defect of ours, whose message may quote a path.</summary>
    /// <param name="exception">What was not foreseen.</param>
    /// <param name="target">The user's input.</param>
    public static ErrorRecord Unexpected(Exception exception, object target) => Shown(new ErrorRecord(exception, "UnexpectedError", ErrorCategory.NotSpecified, target)
    {
        ErrorDetails = new ErrorDetails(TextSafety.Clean(exception.Message)),
    });

    /// <summary>The error record of a task that ended, but not well.</summary>
    /// <param name="task">A failed or canceled task.</param>
    public static ErrorRecord ToErrorRecord(this ImageTask task)
    {
        string what = task.Prompt is null ? task.Id : $"{task.Id} ('{TextSafety.Excerpt(task.Prompt, 40)}')";
        NanoBananaException exception = task.Status == ImageTaskStatus.Canceled
            ? new(NanoBananaErrorKind.Canceled, $"Task {what} was canceled.") { TaskId = task.Id, Task = task, RequestId = task.RequestId }
            : new(NanoBananaErrorKind.TaskFailed, $"Task {what} failed: {TextSafety.Excerpt(task.Error?.ToString(), LongestReason)}") { TaskId = task.Id, Task = task, RequestId = task.RequestId, ProviderCode = task.Error?.Code };
        ErrorRecord record = exception.ToErrorRecord(task);
        if (task is { Status: ImageTaskStatus.Failed, Error.Advice: { } advice })
            record.ErrorDetails.RecommendedAction = advice;
        return record;
    }

    /// <summary>Windows PowerShell shows the target's text of every error, which may be a prompt from anywhere.</summary>
    private static ErrorRecord Shown(ErrorRecord record)
    {
        record.CategoryInfo.TargetName = TextSafety.Excerpt(record.CategoryInfo.TargetName);
        return record;
    }
}
