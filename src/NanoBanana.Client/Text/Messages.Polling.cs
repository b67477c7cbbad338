namespace NanoBanana.Client.Text;

/// <content>Polls and waits.</content>
internal static partial class Messages
{
    /// <summary>An operation, for <see cref="OperationFailed"/>.</summary>
    public static string GettingStatus(string taskId) => $"Getting the status of task {taskId}";

    /// <summary>An operation, for <see cref="OperationFailed"/>.</summary>
    public static string GettingResult(string taskId) => $"Getting the result of task {taskId}";

    public static string StatusUnknown(string status) =>
        $"The service reports the unknown status '{status}'. The task is treated as running, and the wait continues.";

    /// <param name="taskId">The id of the task.</param>
    /// <param name="time">The length of the wait.</param>
    /// <param name="status">The last known status, in the provider's words.</param>
    /// <param name="failure">The failure of the last poll, as a phrase; null if it did not fail.</param>
    public static string TaskTimedOut(string taskId, TimeSpan time, string status, string? failure) =>
        FormattableString.Invariant($"Task {taskId} did not end within {time.TotalSeconds:0.#} seconds. ")
        + (failure is null ? $"Its last known status is {status}. " : $"The last poll failed: {failure}. ")
        + $"It continues at the service and is paid for. Run Wait-NanoBananaTask -Id {taskId} again, or use a longer -TimeoutSec.";
}
