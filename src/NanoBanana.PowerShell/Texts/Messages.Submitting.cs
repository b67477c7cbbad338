namespace NanoBanana.Texts;

/// <content>The end of submitting, and tasks that a command leaves behind.</content>
internal static partial class Messages
{
    public static string SubmittingHasEnded(string reason) => $"Submitting has ended. The inputs that follow are not submitted. {reason}";

    public static string InputsNotSubmitted(int count, string reason) =>
        $"Submitting has ended, and {Count(count, "input")} {Were(count)} not submitted. TargetObject contains "
        + $"{(count == 1 ? "the input" : "the inputs")}. {reason}";

    public static string AnotherError(string error) => $"Another error: {error}";

    public static string ErrorIsHeld(string error) =>
        $"{error} The error action is Stop, so nothing more is submitted. "
        + "The pipeline ends with this error when the images that are paid for are saved.";

    public const string SavesBeforePipelineEnds =
        "Another command ends the pipeline. The tasks that are paid for and have reached this command are saved first.";

    public static string NotSaved(int count) => $"{Count(count, "task")} {(count == 1 ? "is" : "are")} paid for and not saved";

    public static string ArrivedLate(int count) => count == 1
        ? "1 answer arrived late. The task is paid for and not saved"
        : $"{count} answers arrived late. The tasks are paid for and not saved";

    public static string StillRunning(int count) => $"{Count(count, "task")} {(count == 1 ? "continues" : "continue")} at the service and "
        + $"{(count == 1 ? "is" : "are")} paid for";

    public static string WithIds(string what, IEnumerable<string> ids) => $"{what}: {string.Join(", ", ids)}.";

    public static string SubmissionsInFlight(IReadOnlyCollection<string> names) =>
        $"{Count(names.Count, "submission")} {(names.Count == 1 ? "has" : "have")} no answer yet and may be paid for: "
        + $"{string.Join(", ", names)}. The ids are shown when the answers arrive.";

    /// <summary>The name or the prompt of a request, for a list of them.</summary>
    public static string RequestName(string? text) => Quote(text, ShortLength);

    public static string TasksTimedOut(int count, string resume) =>
        $"{Count(count, "task")} did not end in time. "
        + $"{(count == 1 ? "It continues at the service and is" : "They continue at the service and are")} paid for. {resume}";

    public static string ResumeFromJournal(string destination) =>
        $"To continue: Get-NanoBananaTask -Unsaved | Save-NanoBananaImage -Destination {destination}";

    public const string ResumeFromErrors = "To continue, specify the ids in the errors with Save-NanoBananaImage -Id.";

    public static string MoreInJournal(int count, string journal) => $" and {count} more in the journal '{journal}'";

    public static string ResumeWithIds(string? what, string destination, IEnumerable<string> ids) =>
        $"{(what is null ? "More" : $"{what}. To continue")}: Save-NanoBananaImage -Destination {destination} -Id {string.Join(", ", ids)}";

    public const string PreviewInNew =
        ". To preview the submissions, use -WhatIf with New-NanoBananaImage. Here, -WhatIf previews only the files.";

    public static string SaveImages(string destination) => $"Save the images to {destination}";

    public static string OtherSize(string fileName, PixelSize? actual, object? requested) =>
        $"{Quote(fileName)} is {actual} instead of {requested}";

    public static string OtherSizes(int count, IEnumerable<string> files, int more) =>
        $"{Count(count, "image")} {(count == 1 ? "does" : "do")} not have the requested shape or size and {Were(count)} saved unchanged: "
        + $"{string.Join("; ", files)}{(more > 0 ? $"; and {more} more" : "")}. "
        + "See the properties RequestedSize and PixelSize of each file.";

    public static string SavedBefore(int count, string example) =>
        $"{Count(count, "image")} {Were(count)} saved by an earlier run and moved or removed since, for example {example}. "
        + $"{(count == 1 ? "It was" : "They were")} not saved again. To save {(count == 1 ? "it" : "them")} again, use -Force.";

    public static string SavedElsewhere(int count, IEnumerable<string> machines, int more) =>
        $"{Count(count, "image")} {Were(count)} saved by another machine ({string.Join(", ", machines)}{(more > 0 ? ", ..." : "")}). "
        + $"{(count == 1 ? "It was" : "They were")} not saved again. To save {(count == 1 ? "it" : "them")} here too, use -Force.";

    /// <summary>A file name or a machine in a list of them.</summary>
    public static string ListedName(string? name) => Quote(name);

    public static string LogNotUsable(string variable, string reason) =>
        $"$env:{variable} is not the path of a file, so nothing is logged. {reason}";
}
