using NanoBanana.Client.Files;
using NanoBanana.Client.Journal;

namespace NanoBanana.Client.Gallery;

/// <summary>What a card of the gallery shows: an image, or a task that has none.</summary>
/// <param name="Task">The task; null for an image of which nothing is known.</param>
/// <param name="FilePath">The full path of the image; null when there is no file, or none is known.</param>
public sealed record GalleryEntry(ImageTask? Task, string? FilePath)
{
    /// <summary>Why the JSON beside the image is not used; null when it is, or there is none.</summary>
    internal string? Problem { get; init; }

    /// <summary>The images that it was made from.</summary>
    internal IReadOnlyList<GallerySource> Sources { get; init; } = [];

    /// <summary>A task's images, in the files that the journal knows; the task alone when it has no image.</summary>
    /// <param name="task">The task.</param>
    /// <param name="journal">Knows its files; null when there is none.</param>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.JournalRequired"/>: the journal can't be read.</exception>
    public static IEnumerable<GalleryEntry> OfTask(ImageTask task, JournalReader? journal)
    {
        IReadOnlyList<GallerySource> sources = GallerySource.Of(task, journal);
        return task.Image.Count == 0
            ? [new GalleryEntry(task, null) { Sources = sources }]
            : Enumerable.Range(0, task.Image.Count).Select(image => new GalleryEntry(task, FileOf(task, image, journal)) { Sources = sources });
    }

    /// <summary>
    /// A saved image. Its task, when it is not given, is looked for in the JSON beside the image, then in the journal.
    /// </summary>
    /// <param name="path">The full path of the image.</param>
    /// <param name="task">Its task, if it is at hand.</param>
    /// <param name="journal">Knows the tasks of files; null when there is none.</param>
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

    /// <summary>The task that made a file, by the JSON beside it or by the journal; null when neither knows.</summary>
    internal static ImageTask? MakerOf(string path, JournalReader? journal) => MetadataOf(path, out _)?.ToTask() ?? journal?.FindByFile(path);

    /// <summary>The file that is there, before one that was once there.</summary>
    private static string? FileOf(ImageTask task, int image, JournalReader? journal)
    {
        IReadOnlyList<SavedFile> files = journal?.Files(task, image) ?? [];
        return files.Select(file => file.Path).FirstOrDefault(File.Exists) ?? (files.Count > 0 ? files[0].Path : null);
    }

    /// <summary>What the JSON of that name says, if it is of this file: the name alone could be another image's.</summary>
    private static ImageMetadata? MetadataOf(string path, out string? problem)
    {
        string json = MetadataFile.PathFor(path);
        ImageMetadata? metadata = MetadataFile.Read(json, out string? why);
        problem = why is null ? null : $"{Path.GetFileName(json)} is not used. {why}";
        return metadata?.File.Name == Path.GetFileName(path) ? metadata : null;
    }
}
