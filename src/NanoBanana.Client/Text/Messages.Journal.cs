using System.Globalization;

namespace NanoBanana.Client.Text;

/// <summary>The texts that users see about the journal: whether it can be used, leases, copies, and outcomes.</summary>
internal static partial class Messages
{
    private const string JournalVariable = "$env:NANOBANANA_JOURNAL";

    /// <summary>The start of a message about a submission whose entry could not be written.</summary>
    public static string TaskAccepted(string id, string? prompt, string? name) =>
        $"Task {id} of '{TextSafety.Excerpt(prompt, 40)}'{(name is null ? "" : $" (name '{TextSafety.Excerpt(name, 40)}')")} "
        + "was accepted and is paid for.";

    public const string ClientHasNoJournal = "The client has no journal.";

    public const string JournalIsOff = $"There is no journal, because {JournalVariable} is 'off' or the user has no data folder.";

    public static string JournalNotNamed(string reason) =>
        $"There is no journal, because the value of {JournalVariable} is not valid. {reason}";

    public static string CommandNeedsJournal(string reason) => $"The command needs the journal. {reason}";

    public static string BatchNeedsJournal(string reason) => $"The request was not sent, because -Batch needs the journal. {reason}";

    public static string LimitNeedsJournal(string reason) =>
        $"The request was not sent, because a limit needs the journal, which counts the images, tokens and cost. {reason}";

    public static string SharedJournalUnavailable(string reason) =>
        $"The request was not sent, because the journal is shared with other machines and can't be used. {reason}";

    public static string BatchNeedsDurableJournal(string reason) =>
        $"{reason} -Batch is refused, because a request whose entry is lost would be submitted and paid for again. "
        + "The request was not sent.";

    public static string ContinuesWithoutJournal(string lost, string reason) =>
        $"{lost} {reason} Work continues without the journal. Keep the ids of your tasks.".Trim();

    public static string DatabaseNeedsPowerShell7 =>
        "A journal in PostgreSQL needs PowerShell 7.4 or later. Windows PowerShell has no driver for it. Use pwsh, or specify a file.";

    public static string LeaseNotWritten(string id, string error) => $"The lease on task {id} could not be written to the journal: {error}";

    public static string StateNotStored(string id, string error) => $"The state of task {id} could not be stored in the journal: {error}";

    public static string FileNotRecorded(string path, string error) => $"The file '{path}' could not be recorded in the journal: {error}";

    /// <summary>The process that has a lease, as part of a message.</summary>
    public const string ThisProcess = "this process";

    public static string LeaseHolder(string process, DateTimeOffset expiresAt) =>
        $"{process} (its lease is valid until {Time(expiresAt)} and is renewed while the process works)";

    /// <summary>Added to the error of a database that does not take the id of an accepted task.</summary>
    public static string IdKeptInFile(string error, string path) =>
        $"{error} The id is stored in '{path}'. It is copied to the journal when the database is available again.";

    public static string MayBeInFlight(string? prompt, DateTimeOffset until) =>
        $"A process that no longer responds may have sent '{TextSafety.Excerpt(prompt, 40)}', and the request may be in flight until "
        + $"{Time(until)}. It is not submitted again before that time. Run the command again after that time.";

    public const string TaskNotInJournal = "The task is not in the journal. Use a task that Get-NanoBananaTask -Status Unknown returns.";

    public const string EntryRemoved = "The submission is no longer in the journal. Nothing was changed.";

    public static string OutcomeIsKnown(string? prompt, string status) =>
        $"The outcome of '{TextSafety.Excerpt(prompt, 40)}' is already known. Its status is {status}. Nothing was changed.";

    public static string IdOfAnotherEntry(string id, string? prompt) =>
        $"Task {TextSafety.Excerpt(id)} is already in the journal, for '{TextSafety.Excerpt(prompt ?? "another request", 40)}'. "
        + "Nothing was changed. Check the id in your provider account.";

    public static string DestinationIsJournal(string path) => $"'{path}' is the journal itself. Specify another destination.";

    public static string NoJournalToCopy(string reason) => $"{reason} Specify a journal with -Path. Nothing was copied.";

    public static string NoJournalAt(string path) => $"There is no journal at '{path}'. Check the path. Nothing was copied.";

    public static string JournalInUse(string name, string? holder, string? prompt) =>
        $"The journal '{name}' can't be copied now, because {holder} is submitting '{TextSafety.Excerpt(prompt, 40)}'. "
        + "Wait until the submission has ended, or stop the run with Stop-NanoBananaBatch. Then copy again. Nothing was copied.";

    public static string BackupNotWritten(string path, string error) =>
        $"'{path}' could not be written: {error} The journal was not changed.";

    public const string ImageDiffers = "an input image is different";

    public static string ImageCountDiffers(int before, int now) =>
        FormattableString.Invariant($"the number of input images was {before} and is {now}");

    public static string FieldDiffers(string field, string? before, string? now)
    {
        return $"{field} was {Shown(before)} and is {Shown(now)}";

        static string Shown(string? value) => string.IsNullOrEmpty(value) ? "not specified" : $"'{TextSafety.Excerpt(value, 40)}'";
    }

    private static string Time(DateTimeOffset time) => time.ToLocalTime().ToString("HH:mm:ss", CultureInfo.InvariantCulture);
}
