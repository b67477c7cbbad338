namespace NanoBanana.Client.Text;

/// <content>Files and folders.</content>
internal static partial class Messages
{
    public const string NotRegularFile = "It is not a regular file. It is a folder, a pipe or a device.";

    public const string FileTypeUnknown = "The system does not report the type of the file.";

    public const string OtherProcess = "another process";

    /// <summary>Why the JSON beside an image is not used, after the name of the file.</summary>
    public const string MetadataIncomplete = "It has no task id, file name or file hash.";

    public static string MetadataTooLarge(string limit) => $"It is larger than the limit of {limit}.";

    public static string MetadataInvalid(string error) => $"It is not valid JSON of this module: {error}";

    public static string FileNotFound(string path) => $"Could not find file '{path}'.";

    public static string PathDenied(string path) => $"Access to the path '{path}' is denied.";

    public static string Process(string id, string machine) => $"process {id} on '{machine}'";

    public static string FileNotWritten(string path, string error) =>
        $"'{path}' could not be written: {error} No incomplete file remains.";

    public static string ImageNotWritten(string path, string error) =>
        FileNotWritten(path, error) + " Fix the cause, and save the image again.";

    public static string LogNotWritten(string path, string error) =>
        $"The log '{path}' can't be written: {error} The work continues without it.";

    public static string FileExists(string path) =>
        $"'{path}' already exists and was not replaced. Use -Force to replace it, or use another name or folder.";

    public static string TwoFilesOfName(string name) =>
        $"Two files would have the name '{name}'. The first file keeps it. "
        + "Use -FileName with a template that makes the names different, for example '{name}-{id}'.";

    public static string NameTooLong(string name) => $"The name '{name}' is too long for its file system. Use a shorter name.";

    public static string FileIsFolder(string path, string example) =>
        $"'{path}' is a folder. Specify the name of a file, for example {example}.";

    public static string ImageIsFolder(string path) =>
        FileIsFolder(path, "fox.png") + " To save into the folder, use Save-NanoBananaImage -Destination.";

    public static string FolderMissing(string folder) => $"The folder '{folder}' does not exist. Create it, or use another path.";

    public static string DestinationIsFile(string path) =>
        $"The destination '{path}' is a file. Specify a folder. A folder that does not exist is created.";

    public static string DestinationNotWritable(string folder, string error) =>
        $"Images can't be saved to '{folder}': {error} Free disk space, fix the folder's permissions, or use another destination.";

    public static string DestinationFull(string folder, string error) =>
        $"Images can no longer be saved to '{folder}': {error} Free disk space.";

    public static string DriveMissing(string folder) => $"The drive of '{folder}' does not exist. "
        + "Specify another folder with -Destination.";

    public static string FolderWritable(string folder) => $"'{folder}' can be written.";

    public static string FolderCreatedLater(string folder, string parent) =>
        $"'{folder}' is created when the first image is saved. '{parent}' can be written.";

    public static string TemplateEmpty(string template) =>
        $"The file name template '{template}' is empty, or its path leaves the destination folder. "
        + "Specify a template with fields, for example '{name}-{index}'.";

    public static string TemplateFieldUnknown(string field, IEnumerable<string> fields) =>
        $"The file name template has the unknown field '{{{field}}}'. "
        + $"Allowed: {string.Join(", ", fields.Select(known => $"{{{known}}}"))}.";

    public static string TemplateBraceUnmatched(string template) =>
        $"The file name template '{template}' has an opening brace without a closing brace, or the reverse. "
        + "A slash separates folders and can't be inside braces. For folders of years and months, use {date:yyyy}/{date:MM}.";

    public static string TemplateFormatInvalid(string template, string error) =>
        $"The file name template '{template}' has a format that is not valid: {error} For a number of three digits, use {{index:000}}.";

    /// <param name="taskId">The id of the task.</param>
    /// <param name="count">The number of its images.</param>
    /// <param name="name">The name of the saved file.</param>
    /// <param name="number">The number of the saved image, from 1.</param>
    /// <param name="size">The size of the saved image; null if it is not known.</param>
    /// <param name="failure">The error of an image that could not be downloaded; null without an error.</param>
    public static string SavedOneOfSeveral(string taskId, int count, string name, int number, string? size, string? failure) =>
        $"Task {taskId} has {count} images, and '{name}' is number {number} ({size ?? "unknown size"}). "
        + $"To save all images, use Save-NanoBananaImage -Id {taskId} -Destination FOLDER."
        + (failure is null ? "" : $" One image could not be downloaded: {failure}");
}
