namespace NanoBanana.Client.Text;

/// <content>Answers that report an error, or that the module can't read.</content>
internal static partial class Messages
{
    public const string ServiceRejectedKey = $"the service rejected the API key (401). {SpecifyKey}";

    public const string PathNotFound =
        "the service does not have this path or model (404). Check the endpoint, its protocol and the model.";

    public const string TurnTooLate = "nothing was sent, because -RequestsPerMinute would delay this request for too long. "
        + "Use a higher -RequestsPerMinute, or a lower -ThrottleLimit.";

    public const string AnswerTooLarge = "the answer is too large for this API";

    public const string NoReason = "The provider gave no reason.";

    /// <summary>The content of a body, in a sentence.</summary>
    public const string BodyIsEmpty = "the body is empty", BodyIsImage = "the body is an image",
        BodyIsPage = "the body is an HTML page, perhaps from a proxy";

    /// <summary>Why an answer is not a task.</summary>
    public const string NoId = "it has no id", NoStatus = "it has no status", NoOutput = "it is completed and has no output";

    /// <param name="operation">The operation, at the start of a sentence, such as <c>Submitting the prompt</c>.</param>
    /// <param name="reason">The reason, in a sentence.</param>
    public static string OperationFailed(string operation, string reason) => $"{operation} failed: {reason}";

    public static string Answered(string peer, int status) => $"{peer} answered {status}";

    public static string NoAnswerInTime(Uri? proxy) =>
        $"the service did not answer in time{(proxy is null ? "" : $" through the proxy {proxy}")}";

    public static string AccessDenied(int status) =>
        $"the account has no balance or no permission for this request ({status}). {CheckAccount}";

    public static string TaskUnknown(string id, bool isEmulator) =>
        $"the service does not have the task '{id}' (404). Check the id, the key and the endpoint."
        + (isEmulator ? " After a restart, an emulator no longer has its earlier tasks." : "");

    public static string PausedBeforeSending(DateTimeOffset? until) => $"nothing was sent, because {RateLimited(until)}";

    public static string RateLimited(DateTimeOffset? until) =>
        $"the service asked for fewer requests (429){(until is null ? "" : ", and")}{NoneBefore(until)}. "
        + "Try again later, or use a lower -ThrottleLimit.";

    public static string ServiceUnavailable(int status, DateTimeOffset? until) =>
        $"the service is not available ({status}){(until is null ? "" : " and asked")}{NoneBefore(until)}. Try again later.";

    public static string RequestRejected(int status) => $"the service rejected the request ({status}).";

    public static string Redirected(int status) =>
        $"the service redirects to another address ({status}), and the key is not sent there. Connect to the correct endpoint.";

    public static string StatusUnexpected(int status) => $"the service answered {status}, which is not part of its protocol.";

    /// <param name="waited">The time since the start of the operation.</param>
    /// <param name="needed">The time that an attempt may take.</param>
    /// <param name="left">The time that remains for the operation.</param>
    /// <param name="hasAdvice">Whether the error already contains when to try again.</param>
    public static string NoTimeForAttempt(TimeSpan waited, TimeSpan needed, TimeSpan left, bool hasAdvice) => FormattableString.Invariant(
        $" Nothing is paid for. The request has waited for {waited.TotalSeconds:0} seconds, and {left.TotalSeconds:0} seconds remain, ")
        + FormattableString.Invariant($"which is too short for a pause and an attempt of up to {needed.TotalSeconds:0} seconds.")
        + (hasAdvice ? "" : " Run the same inputs again later.");

    public static string ServiceReports(string message) => $" The service reports: {message}";

    public static string NoReadableReason(string body) => $" It gave no readable reason: {body}.";

    public static string BodyStartsWith(string start) => $"the body starts with '{start}'";

    public static string NotATask(int status, string reason) => $"The service answered {status}, but the answer is not a task: {reason}.";

    public static string NoStatusButError(string error) => $"it has no status, and reports the error: {error}";

    public static string SubmissionRejected(string error, string? advice) =>
        $"The service rejected the request and created no task: {error.TrimEnd('.')}."
        + (advice is null ? "" : $" {AdviceWithoutTask(advice)}");

    public static string NoReasonButStatus(string status) => $"The provider gave no reason except the status '{status}'.";

    public static string OutputUnknown(string start) =>
        "The service reports a completed task, but this module does not support the format of its output. The image is paid for. "
        + "Find it in your provider account, or save the task again with a newer version of the module. "
        + $"To see the answer and report it, use -Verbose. The answer starts with: {start}";

    /// <summary>The value of metadata that is image data.</summary>
    public static string DataNotStored(int length) => FormattableString.Invariant($"({length} characters of data)");

    /// <summary>The target of a trace, after its method.</summary>
    public static string AnswerUnknown(string start) => $"an answer in an unknown format: {start}";

    private static string NoneBefore(DateTimeOffset? until) =>
        until is null ? "" : FormattableString.Invariant($" for no request before {until:yyyy-MM-dd HH:mm} UTC");
}
