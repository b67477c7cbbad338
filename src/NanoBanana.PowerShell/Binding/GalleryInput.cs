using NanoBanana.Client.Gallery;
using NanoBanana.Client.Journal;

namespace NanoBanana.Binding;

/// <summary>Reads the input of Export-NanoBananaGallery: the page, and the images and tasks that it shows.</summary>
internal static class GalleryInput
{
    private static readonly string[] Extensions = [".html", ".htm"];

    /// <summary>The full path of the page; a name without an extension gets <c>.html</c>.</summary>
    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.InvalidRequest"/>: another extension, or not the path of a file.
    /// </exception>
    public static string PageOf(PSCmdlet cmdlet, string path)
    {
        string full = PathReader.Literal(cmdlet, path);
        string extension = Path.GetExtension(full);
        if (extension.Length == 0 && !Directory.Exists(full))
            return full + Extensions[0];
        return extension.Length == 0 || Extensions.Contains(extension, StringComparer.OrdinalIgnoreCase)
            ? full
            : throw Invalid(Messages.NotAPage(path));
    }

    /// <param name="input">A saved image, a task, or a batch.</param>
    /// <param name="journal">Contains files and tasks; null without a journal.</param>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidRequest"/>: any other object.</exception>
    public static IEnumerable<GalleryEntry> EntriesOf(PSObject input, JournalReader? journal) => input.BaseObject switch
    {
        ImageTask task => GalleryEntry.OfTask(task, journal),
        FileInfo file => [GalleryEntry.OfFile(file.FullName, TaskOf(input), journal)],
        _ when TaskReader.Read(input) is { } task => GalleryEntry.OfTask(task, journal),
        _ when FileOf(input) is { } path => [GalleryEntry.OfFile(path, TaskOf(input), journal)],
        ImageBatch batch => TasksOf(batch.Batch, batch.Endpoint, journal).SelectMany(task => GalleryEntry.OfTask(task, journal)),
        DirectoryInfo => throw Invalid(Messages.FolderOfImages),
        string => throw Invalid(Messages.TextForGallery),
        _ => throw Invalid(Messages.NothingForGallery(Messages.KindOf(input.BaseObject))),
    };

    /// <summary>The requests of a batch in the order of the input, at one endpoint or at all endpoints.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.TaskNotFound"/>: the journal has no such batch.</exception>
    public static IReadOnlyList<ImageTask> TasksOf(string batch, Uri? endpoint, JournalReader? journal)
    {
        ImageTask[] tasks = [.. (journal?.Batch(batch, endpoint) ?? []).OrderBy(task => task.InputIndex).ThenBy(task => task.CreatedAt)];
        return tasks.Length > 0
            ? tasks
            : throw new NanoBananaException(NanoBananaErrorKind.TaskNotFound, Messages.BatchNotFound(batch));
    }

    private static ImageTask? TaskOf(PSObject file) =>
        TaskReader.Read(file.Properties["Task"]?.Value);

    /// <summary>The path of a saved image from another process, a file or a report; null for anything else.</summary>
    private static string? FileOf(PSObject input) =>
        input.BaseObject is not (string or DirectoryInfo) && input.Properties["PixelSize"] is not null
            && input.Properties["FullName"]?.Value is { } path ? $"{path}" : null;

    private static NanoBananaException Invalid(string message) => new(NanoBananaErrorKind.InvalidRequest, message);
}
