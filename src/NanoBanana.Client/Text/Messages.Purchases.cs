namespace NanoBanana.Client.Text;

/// <summary>The texts that users see about submissions, cancellations, uploads, and downloads.</summary>
internal static partial class Messages
{
    /// <summary>The operation at the start of an error: "{operation} failed: ...".</summary>
    public static string Submitting(string? prompt) => $"Submitting '{TextSafety.Excerpt(prompt, 40)}'";

    /// <inheritdoc cref="Submitting"/>
    public static string SubmittingInAllForms(string? prompt) =>
        Submitting(prompt) + " with its images (sent as a data URI, as base64, and uploaded)";

    /// <inheritdoc cref="Submitting"/>
    public static string SubmittingWithoutUpload(string? prompt, string error) =>
        $"{Submitting(prompt)} with its images (their upload failed too: {error.TrimEnd('.')})";

    /// <inheritdoc cref="Submitting"/>
    public static string CancelingTask(string id) => $"Canceling task {TextSafety.Excerpt(id)}";

    /// <inheritdoc cref="Submitting"/>
    public const string UploadingImage = "Uploading an image";

    public static string OutcomeUnknown(string? prompt, string reason) =>
        $"'{TextSafety.Excerpt(prompt, 40)}' was sent, and the outcome is unknown: {reason}. The image may be paid for, so the request "
        + "is not sent again. Before you submit it again, check your provider account to see whether the image was created.";

    public static string OutcomeUnknownInBatch(string? prompt) =>
        $"An earlier run submitted '{TextSafety.Excerpt(prompt, 40)}', and the outcome is unknown. The image may be paid for, so the "
        + "request is not sent again. Check your provider account to see whether the image was created, and record the outcome with "
        + "Resolve-NanoBananaTask. To submit the request again, use -ResubmitUnknown.";

    public static string LeaseLost(string? prompt, TimeSpan lease) => FormattableString.Invariant(
        $"'{TextSafety.Excerpt(prompt, 40)}' was not sent, so nothing is paid for. This process was suspended for longer than its lease ")
        + FormattableString.Invariant($"of {lease.TotalSeconds:0} seconds, and another process has taken over the journal entry. ")
        + "Run the command again.";

    public static string SubmittedElsewhere(string? prompt, string? holder) =>
        $"'{TextSafety.Excerpt(prompt, 40)}' is being submitted by {holder}. This command waits for the outcome.";

    public static string LeasedElsewhere(string id, string? holder) =>
        $"Task {id} is leased to {holder}. That process saves the images of its tasks, and this command waits for them.";

    public static string BatchOfAnotherEmulator(string batch, Uri earlier, Uri endpoint) =>
        $"Batch '{TextSafety.Excerpt(batch)}' was submitted to {earlier}. The emulator at {endpoint} is another service and does not have "
        + "those tasks, so all requests of the batch are submitted again.";

    public static string FailuresInARow(int count, bool areUnknown, string error) => FormattableString.Invariant(
        $"{count} submissions in a row {(areUnknown ? "have an unknown outcome" : "failed for the same cause")}. The last error: {error}");

    public static string TaskOfAnotherEndpoint(string id, Uri? made, Uri endpoint) =>
        $"Task {id} belongs to {made}, and this connection uses {endpoint}. Connect to the endpoint of the task, or use its connection "
        + "with -Connection.";

    public static string TaskOfAnotherProtocol(string id, string made, string protocol) =>
        $"Task {id} belongs to the protocol {made}, and this connection uses {protocol}. Connect with -Protocol {made}, or use its "
        + "connection with -Connection.";

    public static string CancellationNotSupported(string protocol, string supported) =>
        $"The protocol {protocol} has no cancellation, so a task runs to its end and is paid for. "
        + $"Only tasks of a connection with -Protocol {supported} can be canceled.";

    public static string TaskNotCancelable(string id, int status) => FormattableString.Invariant(
        $"The service does not cancel task {id} ({status}). The task runs to its end and is paid for.");

    public static string UploadWithoutAddress(int status, string answer) => FormattableString.Invariant(
        $"{UploadingImage} failed: the service answered {status} without an address ({answer}). Nothing is paid for.");

    public const string DataUriNotValid =
        "The data URI of an image is not valid base64, so the image can't be uploaded. Use the file with -ImagePath.";

    public static string TaskWithoutImage(string id, string? text) => text is null
        ? $"Task {id} completed without an image."
        : $"Task {id} completed without an image. {TextOfModel(TextSafety.Excerpt(text, 300))}";

    public static string DownloadIsNotImage(string id, string content) =>
        $"The download of task {id} is not an image: {content}. Nothing was saved. Try again later with Save-NanoBananaImage.";

    public static string InlineImageIncomplete(string id, long length) => FormattableString.Invariant(
        $"The image in the answer for task {id} is incomplete. It ends after {length} bytes, without the end mark of its format. ")
        + "Nothing was saved. Try again later with Save-NanoBananaImage.";

    public static string ImageNotDownloaded(string id, string reason) =>
        $"The image of task {id} could not be downloaded: {reason}. The task is paid for, and its link works for about a day. "
        + $"Try again with Save-NanoBananaImage -Id {id}.";

    public static string ImageTooLarge(long maximum) => FormattableString.Invariant(
        $"it is larger than {maximum} bytes. To allow larger images, connect with a larger -MaximumImageSize");

    public const string ImageTooSlow = "it arrived too slowly, or not at all";

    public static string ExtensionDiffers(string name, string format) =>
        $"'{name}' contains a {format} image. The extension does not match the format. To fix this, rename the file.";
}
