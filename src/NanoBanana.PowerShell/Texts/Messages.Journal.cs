using System.Globalization;

namespace NanoBanana.Texts;

/// <content>The journal, its batches and its entries.</content>
internal static partial class Messages
{
    public static string BatchNotFound(string batch) =>
        $"The journal has no batch {Quote(batch)}. {ListBatches}";

    public static string NoBatchToStop(string batch, Uri? endpoint) =>
        $"The journal has no batch {Quote(batch)}{(endpoint is null ? "" : $" at {endpoint}")}, so nothing was stopped. {ListBatches}";

    public static string BatchAt(string batch, Uri? endpoint) => endpoint is null ? batch : $"{batch} at {endpoint}";

    public const string StopSubmitting = "Stop submitting";

    public const string BatchNameIsEmpty = "The name of the batch is empty. Specify a name, or omit -Batch to get all batches.";

    public const string InputHasNoBatch = "An input object has no batch and is skipped.";

    public static string TaskNotInJournal(string id) => $"The journal has no task {Quote(id)}. Get-NanoBananaTask lists its tasks.";

    public const string EndpointAlone =
        "-Endpoint without -Batch or -Before would remove all tasks of a service. Specify -Batch or -Before too.";

    public const string RemoveTask = "Remove the task from the journal";

    public const string RemoveTasks = "Remove from the journal";

    public const string RemoveUnsavedCaption = "Remove tasks that are not saved";

    public static string RemoveUnsavedTask(string id, ImageTaskStatus status) =>
        $"Task {id} is {status} and its image is not saved. Without its id, you can't get the image that is paid for. Remove the task?";

    public static string RemoveUnknownSubmission(string? prompt) =>
        $"{Quote(prompt, ShortLength)} was sent, and its outcome is unknown. If you remove its entry and run its input again, "
        + "it can be paid for twice. Remove the entry?";

    public static string RemoveUnsavedTasks(long unsaved, long unknown, string what) => string.Join(" ", new[]
    {
        UnsavedNote(unsaved),
        unsaved == 0 ? "" : "Without their ids, you can't get the images that are paid for.",
        UnknownNote(unknown),
        unknown == 0 ? "" : "If you remove such an entry and run its input again, it can be paid for twice.",
        $"Remove {what}?",
    }.Where(part => part.Length > 0));

    public static string RemoveTarget(string what, long count, long unsaved, long unknown) =>
        string.Join(" ", new[] { $"{what} ({count}).", UnsavedNote(unsaved), UnknownNote(unknown) }.Where(part => part.Length > 0));

    /// <summary>The tasks that a command removes, as a phrase.</summary>
    public static string SelectedTasks(string? batch, DateTime? before, Uri? endpoint) => string.Join(" ", new[]
    {
        batch is null ? "all tasks" : $"the tasks of batch '{batch}'",
        before is { } date ? string.Format(CultureInfo.CurrentCulture, "submitted before {0:yyyy-MM-dd HH:mm}", date) : "",
        endpoint is null ? "" : $"at {endpoint}",
    }.Where(part => part.Length > 0));

    public static string NothingToRemove(string what) => $"The journal has no entries for {what}, so nothing was removed.";

    public static string Removed(string what, long count) => $"Removed {what} ({count}).";

    public static string NoUnknownSubmission(string batch, string? name) =>
        $"The batch {Quote(batch)} has no submission{(name is null ? "" : $" named {Quote(name)}")} with an unknown outcome. "
        + "Get-NanoBananaTask -Status Unknown lists all submissions with an unknown outcome.";

    public static string SeveralUnknownSubmissions(int count, string batch) =>
        $"{count} submissions of the batch {Quote(batch)} have an unknown outcome, but an id belongs to one task. "
        + "Specify the name of the submission with -Name, or pipe its task.";

    public static string IdForSecondTask(string id) =>
        $"{Quote(id)} is the id of one task, but a second task was piped. Pipe one task for each id.";

    public const string NotBoughtIsFalse = "-NotBought has the value $false, which records no outcome. Use -NotBought if the image was not "
        + "bought, or -Bought with the id of its task.";

    public const string RecordNotBought = "Record that it was not bought, so that the next run submits it";

    public static string RecordBought(string id) => $"Record that it was bought as task {TextSafety.Excerpt(id)}";

    public const string BackupToDatabase = "A backup is a file. To copy the journal to a database, use Copy-NanoBananaJournal.";

    public static string NothingToBackUp(string? path) =>
        $"There is no journal at '{path}', so nothing was written. Either nothing has been submitted yet, or the journal is another file. "
        + "Check $env:NANOBANANA_JOURNAL.";

    public const string WriteBackup = "Write a copy of the journal";

    public static string CopyEntries(string? from) => $"Copy the entries of '{from}'";

    private const string ListBatches = "Get-NanoBananaBatch without a name lists all batches.";

    private static string UnsavedNote(long unsaved) => unsaved == 0 ? ""
        : $"{unsaved} of the tasks {(unsaved == 1 ? "is" : "are")} paid for and not saved.";

    private static string UnknownNote(long unknown) => unknown == 0 ? ""
        : $"{unknown} of the tasks {(unknown == 1 ? "has" : "have")} an unknown outcome and may be paid for.";
}
