namespace NanoBanana.Texts;

/// <content>Tasks, their ids and their ends.</content>
internal static partial class Messages
{
    public static string TasksSkipped(int count, string origin, string connection) =>
        $"{Count(count, "task")} {Were(count)} skipped, because {(count == 1 ? "it belongs" : "they belong")} to {origin}, "
        + $"and this connection uses {connection}. "
        + "Connect to the endpoint and the protocol of the tasks, and run the command again.";

    public static string Origin(Uri? endpoint, ApiProtocol? protocol) =>
        $"{endpoint}{(protocol is null ? "" : $" with the protocol {protocol}")}";

    public const string NoTaskId =
        "The object has no task id. Specify a task from New-NanoBananaImage or Get-NanoBananaTask, or an id with -Id.";

    public static string OutcomeUnknown(string? prompt) =>
        $"{Quote(prompt, ShortLength)} was sent and its outcome is unknown, so it has no task id. Check your provider account to see "
        + "whether the image was created, and record the outcome with Resolve-NanoBananaTask -Bought ID or -NotBought.";

    /// <summary>The id of a task, with its prompt if it is known.</summary>
    public static string TaskAndPrompt(ImageTask task) =>
        task.Prompt is null ? task.Id : $"{task.Id} ({Quote(task.Prompt, ShortLength)})";

    public static string TaskFailed(ImageTask task, string reason) => $"Task {TaskAndPrompt(task)} failed: {reason}";

    public static string TaskWasCanceled(ImageTask task) => $"Task {TaskAndPrompt(task)} was canceled.";

    public const string CancelTask = "Cancel the task";

    public static string TaskCancel(ImageTask task) => $"Task {task.Id} {CancelResult(task)}";

    public static string TimedOutAndCanceled(string id, string seconds, string result) =>
        $"Task {id} did not end within {seconds} seconds and {result}";

    public static string CancelFailed(string reason) =>
        $"could not be canceled, so it continues and is paid for. {reason.TrimEnd('.')}.";

    /// <summary>The result of a cancellation, as the end of a sentence that begins with the task.</summary>
    /// <param name="after">The task after the cancellation.</param>
    public static string CancelResult(ImageTask after) => after.Status switch
    {
        ImageTaskStatus.Canceled => "was canceled.",
        ImageTaskStatus.Completed =>
            $"had completed before it could be canceled. It is paid for. To save its image, use Save-NanoBananaImage -Id {after.Id}.",
        ImageTaskStatus.Failed => $"had failed before it could be canceled: {after.Error?.ToString().TrimEnd('.')}.",
        _ => "is not canceled yet. The service accepted the cancellation, but the task still runs. "
            + $"To see how it ends, use Wait-NanoBananaTask -Id {after.Id}.",
    };

    public static string TaskEvent(object kind, string id, string? name) =>
        $"{kind}: task {id}{(name is null ? "" : $", {Quote(name, 60)}")}";

    public static string BodySent(string method, string target, object body) => $"{method} {target} sent: {body}";

    public static string BodyReceived(string method, string target, object body) => $"{method} {target} received: {body}";

    public static string NoTaskHasPrompt(string prompt) =>
        $"No task has exactly the prompt {Quote(prompt, ShortLength)}. "
        + $"To find tasks whose prompt contains it, use -Prompt '*{TextSafety.Excerpt(prompt, ShortLength)}*'.";

    public static string NotAStatus(object status) =>
        $"{Quote($"{status}")} is not a status. Allowed: {string.Join(", ", Enum.GetNames(typeof(ImageTaskStatus)))}.";

    public static string ViewsNotLoaded(string reason) =>
        $"The module's views can't be loaded here, so its objects are shown as lists: {reason}";

    public static string FileOfTaskIsGone(string id, string fileName) =>
        $"(the file {fileName} of task {id} was moved or removed)";

    public static string TaskHasNoFile(string id) => $"(task {id} has no file, so save it with Save-NanoBananaImage)";
}
