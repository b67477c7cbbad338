using NanoBanana.Client.Files;
using NanoBanana.Client.Journal;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Gallery;

/// <summary>The content of a card of the gallery: an image, or a task without an image.</summary>
/// <param name="Task">The task; null if it is not known.</param>
/// <param name="FilePath">The full path of the image; null if there is no file, or if it is not known.</param>
public sealed record GalleryEntry(ImageTask? Task, string? FilePath)
{
    /// <summary>The reason why the JSON beside the image is not used; null if it is used or does not exist.</summary>
    internal string? Problem { get; init; }

    /// <summary>The input images.</summary>
    internal IReadOnlyList<GallerySource> Sources { get; init; } = [];

    /// <summary>
    /// The entries for the images of a task, with their files from the journal; one entry without a file if the task has no image.
    /// </summary>
    /// <param name="task">The task.</param>
    /// <param name="journal">The journal with the files; null without a journal.</param>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.JournalRequired"/>: the journal can't be read.</exception>
    public static IEnumerable<GalleryEntry> OfTask(ImageTask task, JournalReader? journal)
    {
        IReadOnlyList<GallerySource> sources = GallerySource.Of(task, journal);
        return task.Image.Count == 0
            ? [new GalleryEntry(task, null) { Sources = sources }]
            : Enumerable.Range(0, task.Image.Count)
                .Select(image => new GalleryEntry(task, FileOf(task, image, journal)) { Sources = sources });
    }

    /// <summary>
    /// The entry for a saved image. If its task is not specified, it is searched in the JSON beside the image, and then in the journal.
    /// </summary>
    /// <param name="path">The full path of the image.</param>
    /// <param name="task">The task; null if it is not known.</param>
    /// <param name="journal">The journal with the tasks of files; null without a journal.</param>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.JournalRequired"/>: the journal can't be read.</exception>
    public static GalleryEntry OfFile(string path, ImageTask? task, JournalReader? journal)
    {
        string? problem = null;
        ImageMetadata? metadata = task is null ? MetadataOf(path, out problem) : null;
        ImageTask? known = task ?? metadata?.ToTask() ?? journal?.FindByFile(path);
        return new GalleryEntry(known, path)
        {
            Problem = problem,
            Sources = known is null ? [] : GallerySource.Of(known, journal, metadata, Path.GetDirectoryName(path)),
        };
    }

    /// <summary>The task that made a file, from the JSON beside it or from the journal; null if it is not known.</summary>
    internal static ImageTask? MakerOf(string path, JournalReader? journal) =>
        MetadataOf(path, out _)?.ToTask() ?? journal?.FindByFile(path);

    /// <summary>The file of an image. An existing file is preferred to one that no longer exists.</summary>
    private static string? FileOf(ImageTask task, int image, JournalReader? journal)
    {
        IReadOnlyList<SavedFile> files = journal?.Files(task, image) ?? [];
        return files.Select(file => file.Path).FirstOrDefault(File.Exists) ?? (files.Count > 0 ? files[0].Path : null);
    }

    /// <summary>The JSON beside a file, if it belongs to this file. A JSON file with the same name could belong to another image.</summary>
    private static ImageMetadata? MetadataOf(string path, out string? problem)
    {
        string json = MetadataFile.PathFor(path);
        ImageMetadata? metadata = MetadataFile.Read(json, out string? reason);
        problem = reason is null ? null : Messages.MetadataNotUsed(Path.GetFileName(json), reason);
        return metadata?.File.Name == Path.GetFileName(path) ? metadata : null;
    }
}
