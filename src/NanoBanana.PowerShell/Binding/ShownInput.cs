using NanoBanana.Client.Gallery;
using NanoBanana.Client.Journal;

namespace NanoBanana.Binding;

/// <summary>Reads the input of Show-NanoBananaImage: the full paths of the images.</summary>
internal static class ShownInput
{
    /// <summary>The properties of files, paths and rows of a report that contain the path of a file.</summary>
    private static readonly string[] PathProperties = ["FullName", "PSPath", "LiteralPath", "Path"];

    /// <param name="cmdlet">The command, for the location and the drives of its session.</param>
    /// <param name="input">A file, a saved image, a task, or a path.</param>
    /// <param name="journal">Opens the journal, which contains the files of tasks; returns null without a journal.</param>
    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.InvalidRequest"/>: any other object, or a task that is not saved.
    /// </exception>
    public static IReadOnlyList<string> PathsOf(PSCmdlet cmdlet, PSObject input, Func<JournalReader?> journal) => input.BaseObject switch
    {
        FileInfo file => [file.FullName],
        string path => OfText(cmdlet, path),
        DirectoryInfo => throw Invalid(Messages.FolderOfImages),
        ImageBatch => throw Invalid(Messages.BatchToShow),
        _ when TaskReader.Read(input) is { } task => OfTask(task, journal),
        _ when PathProperties.Select(name => input.Properties[name]?.Value).OfType<object>().FirstOrDefault() is { } path =>
            [PathReader.Literal(cmdlet, $"{path}")],
        _ => throw Invalid(Messages.NothingToShow(Messages.KindOf(input.BaseObject))),
    };

    /// <summary>A path with brackets is the name of a file if that file exists, and otherwise a pattern.</summary>
    private static IReadOnlyList<string> OfText(PSCmdlet cmdlet, string path) =>
        PathReader.TryLiteral(cmdlet, path) is { } full && File.Exists(full) ? [full] : PathReader.Resolve(cmdlet, path);

    private static IReadOnlyList<string> OfTask(ImageTask task, Func<JournalReader?> journal)
    {
        // The task of a saved image contains its files, also without a journal.
        if (task.File is { } known)
            return known;
        string name = TextSafety.Excerpt(task.Name ?? task.Prompt ?? task.Id, Messages.ShortLength);
        string[] paths = [.. GalleryEntry.OfTask(task, journal()).Select(entry => entry.FilePath).OfType<string>()];
        string[] existing = [.. paths.Where(File.Exists)];
        if (existing.Length > 0)
            return existing;
        string message = task.Status switch
        {
            _ when paths.Length > 0 => Messages.SavedImageIsGone(name, paths[0]),
            ImageTaskStatus.Completed => Messages.ImageNotSaved(name),
            ImageTaskStatus.Failed or ImageTaskStatus.Canceled => Messages.TaskEndedWithoutImage(name, task.Status),
            _ => Messages.NoImageYet(name),
        };
        throw new NanoBananaException(NanoBananaErrorKind.InvalidRequest, message) { Task = task, TaskId = task.Id };
    }

    private static NanoBananaException Invalid(string message) => new(NanoBananaErrorKind.InvalidRequest, message);
}
