using NanoBanana.Client.Gallery;
using NanoBanana.Client.Journal;

namespace NanoBanana.Binding;

/// <summary>Reads what was given to Show-NanoBananaImage: the full paths of the images.</summary>
internal static class ShownInput
{
    /// <summary>The properties that name a file, as files, paths and rows of a report have them.</summary>
    private static readonly string[] PathProperties = ["FullName", "PSPath", "LiteralPath", "Path"];

    /// <param name="cmdlet">The command, for the location and the drives of its session.</param>
    /// <param name="input">A file, a saved image, a task, or a path.</param>
    /// <param name="journal">Gives the reader of the journal, which knows the files of tasks; null when there is none.</param>
    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.InvalidRequest"/>: it is something else, or not saved.
    /// </exception>
    public static IReadOnlyList<string> PathsOf(PSCmdlet cmdlet, PSObject input, Func<JournalReader?> journal) => input.BaseObject switch
    {
        FileInfo file => [file.FullName],
        string path => OfText(cmdlet, path),
        DirectoryInfo => throw Refuse("This is a folder. Pipe its images, such as Get-ChildItem images/*.png."),
        ImageBatch => throw Refuse("This is a batch. Pipe its tasks (Get-NanoBananaTask -Batch NAME), or show all on one page with "
            + "Export-NanoBananaGallery."),
        _ when TaskReader.Read(input) is { } task => OfTask(task, journal),
        _ when PathProperties.Select(name => input.Properties[name]?.Value).OfType<object>().FirstOrDefault() is { } path =>
            [PathReader.Literal(cmdlet, $"{path}")],
        _ => throw Refuse($"This is {PromptReader.Kind(input.BaseObject)}. Give image files, saved images, tasks, or paths."),
    };

    /// <summary>A name with brackets is one before it is a pattern.</summary>
    private static IReadOnlyList<string> OfText(PSCmdlet cmdlet, string path) =>
        PathReader.TryLiteral(cmdlet, path) is { } full && File.Exists(full) ? [full] : PathReader.Resolve(cmdlet, path);

    private static IReadOnlyList<string> OfTask(ImageTask task, Func<JournalReader?> journal)
    {
        // A task of a saved image knows its files, also where there is no journal.
        if (task.File is { } known)
            return known;
        string name = TextSafety.Excerpt(task.Name ?? task.Prompt ?? task.Id, 40);
        string[] paths = [.. GalleryEntry.OfTask(task, journal()).Select(entry => entry.FilePath).OfType<string>()];
        string[] existing = [.. paths.Where(File.Exists)];
        if (existing.Length > 0)
            return existing;
        string message = task.Status switch
        {
            _ when paths.Length > 0 => $"The image of '{name}' was saved as '{TextSafety.Excerpt(paths[0], 300)}', and is no longer there. "
                + "Save it again with Save-NanoBananaImage -Force, while its link lives.",
            ImageTaskStatus.Completed => $"The image of '{name}' is not saved, as far as the journal knows. Save it and show it in one "
                + "step: ... | Save-NanoBananaImage -Show. A file that is on the disk can be shown by its path.",
            ImageTaskStatus.Failed or ImageTaskStatus.Canceled => $"'{name}' has no image: the task "
                + (task.Status == ImageTaskStatus.Failed ? "failed." : "was canceled."),
            _ => $"'{name}' has no image yet. Wait for it, save it and show it in one step: ... | Save-NanoBananaImage -Show.",
        };
        throw new NanoBananaException(NanoBananaErrorKind.InvalidRequest, message) { Task = task, TaskId = task.Id };
    }

    private static NanoBananaException Refuse(string message) => new(NanoBananaErrorKind.InvalidRequest, message);
}
