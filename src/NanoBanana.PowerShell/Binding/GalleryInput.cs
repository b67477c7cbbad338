using NanoBanana.Client.Gallery;
using NanoBanana.Client.Journal;

namespace NanoBanana.Binding;

/// <summary>Reads what was given to Export-NanoBananaGallery: the page, and the images and tasks that it shows.</summary>
internal static class GalleryInput
{
    private static readonly string[] Extensions = [".html", ".htm"];

    /// <summary>The full path of the page; a name without an extension gets <c>.html</c>.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidRequest"/>: another extension, or no path of a file.</exception>
    public static string PageOf(PSCmdlet cmdlet, string path)
    {
        string full = PathReader.Literal(cmdlet, path);
        string extension = Path.GetExtension(full);
        if (extension.Length == 0 && !Directory.Exists(full))
            return full + Extensions[0];
        return extension.Length == 0 || Extensions.Contains(extension, StringComparer.OrdinalIgnoreCase)
            ? full
            : throw Refuse($"'{TextSafety.Excerpt(path)}' would not be opened as a page. The extension is .html or .htm; leave it out to get .html.");
    }

    /// <param name="input">A saved image, a task, or a batch.</param>
    /// <param name="journal">Knows files and tasks; null when there is none.</param>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidRequest"/>: it is something else.</exception>
    public static IEnumerable<GalleryEntry> EntriesOf(PSObject input, JournalReader? journal) => input.BaseObject switch
    {
        ImageTask task => GalleryEntry.OfTask(task, journal),
        FileInfo file => [GalleryEntry.OfFile(file.FullName, TaskOf(input), journal)],
        _ when TaskReader.Read(input) is { } task => GalleryEntry.OfTask(task, journal),
        _ when FileOf(input) is { } path => [GalleryEntry.OfFile(path, TaskOf(input), journal)],
        ImageBatch batch => TasksOf(batch.Batch, batch.Endpoint, journal).SelectMany(task => GalleryEntry.OfTask(task, journal)),
        DirectoryInfo => throw Refuse("This is a folder. Pipe its images, such as Get-ChildItem images/*.png."),
        string => throw Refuse("This is text. Pipe the images themselves, such as Get-ChildItem images/*.png, or tasks; a batch goes by its name with -Batch."),
        _ => throw Refuse($"This is {PromptReader.Kind(input.BaseObject)}. A gallery shows images (from Save-NanoBananaImage or Get-ChildItem), tasks, and batches."),
    };

    /// <summary>The requests of a batch at an endpoint, or at all of them, in the order of its input.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.TaskNotFound"/>: the journal has no such batch.</exception>
    public static IReadOnlyList<ImageTask> TasksOf(string batch, Uri? endpoint, JournalReader? journal)
    {
        ImageTask[] tasks = [.. (journal?.Batch(batch, endpoint) ?? []).OrderBy(task => task.InputIndex).ThenBy(task => task.CreatedAt)];
        return tasks.Length > 0
            ? tasks
            : throw new NanoBananaException(NanoBananaErrorKind.TaskNotFound, $"The journal has no batch '{TextSafety.Excerpt(batch)}'. Get-NanoBananaBatch lists those that it has.");
    }

    private static ImageTask? TaskOf(PSObject file) =>
        TaskReader.Read(file.Properties["Task"]?.Value);

    /// <summary>The path of a saved image that came out of another process, a file, or a report; null for anything else.</summary>
    private static string? FileOf(PSObject input) =>
        input.BaseObject is not (string or DirectoryInfo) && input.Properties["PixelSize"] is not null
            && input.Properties["FullName"]?.Value is { } path ? $"{path}" : null;

    private static NanoBananaException Refuse(string message) => new(NanoBananaErrorKind.InvalidRequest, message);
}
