using System.Buffers;
using System.Security.Cryptography;
using NanoBanana.Client.Files;
using NanoBanana.Client.Http;
using NanoBanana.Client.Images;
using NanoBanana.Client.Journal;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Purchases;

/// <summary>The files of a purchase: which files it owns, and their records in the journal. Without a journal, it owns no file.</summary>
/// <param name="journal">The journal; null without one.</param>
/// <param name="observer">Receives the warning that an entry can't be written.</param>
/// <param name="lease">Leases the task. Called before an image is downloaded.</param>
internal sealed class PurchaseFiles(TaskJournal? journal, IClientObserver observer, Action? lease = null)
{
    /// <summary>
    /// Leases the task before a download. An image that is already saved needs no lease, and so no change of the journal.
    /// </summary>
    public void LeaseForDownload() => lease?.Invoke();

    /// <summary>The files of an image in the journal.</summary>
    public IReadOnlyList<SavedFile> RecordedFiles(ImageTask task, int imageNumber) =>
        journal is null ? [] : ReadJournal(reader => reader.Files(task, imageNumber));

    /// <summary>
    /// Finds a complete image at its path. The extension can differ, because it follows the bytes. The bytes are compared, not the recorded
    /// path, because the folder may have been moved, or its path may be written in another case or with a link.
    /// </summary>
    /// <param name="task">The task.</param>
    /// <param name="imageNumber">The number of the image, from 0.</param>
    /// <param name="target">The target of the image.</param>
    /// <param name="likelyPath">The expected path.</param>
    /// <param name="knownFiles">The files from <see cref="RecordedFiles"/>.</param>
    /// <returns>Null if it is not there.</returns>
    public SavedImage? FindComplete(
        ImageTask task, int imageNumber, ImageTarget target, string likelyPath, IReadOnlyList<SavedFile> knownFiles)
    {
        foreach (SavedFile known in knownFiles)
        {
            SavedFile file = known with
            {
                Path = target.IsExact ? likelyPath : Path.ChangeExtension(likelyPath, Path.GetExtension(known.Path)),
            };
            if (IsComplete(file, out PixelSize? size))
            {
                if (file != known || !known.HasName)
                    Record(task, imageNumber, file with { Machine = null });
                return new SavedImage(file.Path, task, imageNumber, file.Length, size, file.Sha256);
            }
        }
        return null;
    }

    /// <summary>
    /// Finds an image that was saved in this folder under the template of the target, when its row had another number. If the file is no
    /// longer there, someone has moved it to another place, and the result has <see cref="SavedImage.IsMoved"/>.
    /// </summary>
    /// <returns>Null if the image was never saved in this folder under the template.</returns>
    public static SavedImage? FindSavedBefore(ImageTask task, int imageNumber, ImageTarget target, IReadOnlyList<SavedFile> knownFiles)
    {
        SavedImage? moved = null;
        foreach (SavedFile file in knownFiles)
        {
            if (!file.HasName || !target.MatchesName(task, imageNumber, file.Path))
                continue;
            if (IsComplete(file, out PixelSize? size))
                return new SavedImage(file.Path, task, imageNumber, file.Length, size, file.Sha256);
            if (file.Machine is null && !File.Exists(file.Path))
                moved ??= new SavedImage(file.Path, task, imageNumber, file.Length, null, file.Sha256) { IsMoved = true };
        }
        return moved;
    }

    /// <summary>Finds an image that another machine has saved; null if no other machine has saved it.</summary>
    public static SavedImage? FindOnOtherMachine(ImageTask task, int imageNumber, IReadOnlyList<SavedFile> knownFiles) =>
        knownFiles.Where(file => file is { HasName: true, Machine: not null })
            .Select(file => new SavedImage(file.Path, task, imageNumber, file.Length, null, file.Sha256) { Machine = file.Machine })
            .FirstOrDefault();

    /// <summary>
    /// Whether a path has the image of another request of the same batch, for example after rows were inserted above numbered rows.
    /// Requests with the same name are not different requests, because one of them supersedes the other.
    /// </summary>
    public bool IsOfAnotherRequest(ImageTask task, ImageTarget target, string path)
    {
        if (task.Batch is null || target.Force || target.IsExact || journal is null || !File.Exists(path))
            return false;
        ImageTask? owner = TaskOfFile(path);
        return owner is not null && owner.Id != task.Id && owner.Batch == task.Batch && KnownEndpoints.IsSame(owner.Endpoint, task.Endpoint)
            && (owner.Name is null || (owner.Name, owner.Variation) != (task.Name, task.Variation))
            && Enumerable.Range(0, Math.Max(1, owner.Image.Count)).Any(image =>
                RecordedFiles(owner, image).Any(file => file.Path == path && IsComplete(file, out _)));
    }

    /// <summary>Whether the complete image is at its path.</summary>
    public static bool IsSaved(SavedImage image) => IsComplete(FileOf(image), out _);

    /// <summary>Checks that no file is at a path, or that the file may be replaced.</summary>
    /// <returns>Whether a file may be replaced.</returns>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.FileExists"/>: the file must not be replaced.</exception>
    public bool CheckFree(ImageTask task, ImageTarget target, string path)
    {
        if (target.Force || !File.Exists(path))
            return target.Force;
        // An image of a request that this request superseded may be replaced, if the file was not changed.
        return ReadJournal(reader => reader.Superseded(task, path)).Any(file => IsComplete(file, out _))
            ? true
            : throw ImageTarget.Exists(path);
    }

    /// <summary>
    /// Checks the path before the download. A file that can be the same image is not an error yet: if the journal was lost, only the
    /// downloaded bytes can show it.
    /// </summary>
    public void CheckFree(ImageTask task, ImageTarget target, string path, ImageOutput image)
    {
        try
        {
            CheckFree(task, target, path);
        }
        catch (NanoBananaException e) when (e.Kind == NanoBananaErrorKind.FileExists && MayBeImage(path, image))
        {
        }
    }

    /// <summary>
    /// Writes the JSON file beside a saved image. A JSON file of the same image is not changed, because a user may have added to it. A JSON
    /// file of the same task, or of the image that this image replaced, is replaced. Any other is replaced only with -Force.
    /// </summary>
    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.FileExists"/>, <see cref="NanoBananaErrorKind.WriteFailed"/>.
    /// </exception>
    public void Describe(SavedImage image, ImageTarget target, DateTimeOffset now)
    {
        string path = target.ClaimMetadata(image);
        ImageMetadata? there = MetadataFile.Read(path);
        bool isOwn = there is not null && there.Id == image.Task.Id && KnownEndpoints.IsSame(there.Endpoint, image.Task.Endpoint);
        if (isOwn && there!.File.Sha256 == image.Sha256)
            return;
        bool isReplaceable = isOwn || target.Force || (there is not null
            && ReadJournal(reader => reader.Superseded(image.Task, image.Path)).Any(file => file.Sha256 == there.File.Sha256));
        if (!isReplaceable && File.Exists(path))
            throw ImageTarget.Exists(path);
        var metadata = ImageMetadata.Of(image, now, file => file == image.Path ? null : TaskOfFile(file));
        MetadataFile.Write(path, metadata, replace: isReplaceable);
    }

    /// <summary>Records the file before the rename.</summary>
    public Task RecordBeforeRenameAsync(SavedImage image) => journal is null
        ? Task.CompletedTask
        : journal.TryAsync(journal.RecordFileAsync(image.Task, image.ImageNumber, FileOf(image), saved: false), observer);

    /// <summary>Records the file after the rename, in the background. After a crash, the file is found by its hash.</summary>
    public void RecordAfterRename(SavedImage image) => Record(image.Task, image.ImageNumber, FileOf(image));

    private void Record(ImageTask task, int imageNumber, SavedFile file)
    {
        if (journal is not null)
        {
            Background.Run(
                () => journal.TryAsync(journal.RecordFileAsync(task, imageNumber, file, saved: true), observer),
                e => observer.OnWarning(Messages.FileNotRecorded(file.Path, e.Message)));
        }
    }

    private static bool MayBeImage(string path, ImageOutput image)
    {
        try
        {
            using FileStream stream = RegularFile.Open(path);
            byte[] start = new byte[ImageFormat.SignatureLength];
            int length = stream.Read(start, 0, start.Length);
            return (image.FileSize ?? stream.Length) == stream.Length && ImageFormat.ExtensionOf(start.AsSpan(0, length)) is not null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>The newest task that has an image at a path; null if the journal does not have one.</summary>
    private ImageTask? TaskOfFile(string path)
    {
        ImageTask? task = null;
        ReadJournal(reader =>
        {
            task = reader.FindByFile(path);
            return [];
        });
        return task;
    }

    /// <summary>Reads files from the journal. If it can't be read, the purchase owns no file.</summary>
    private IReadOnlyList<SavedFile> ReadJournal(Func<JournalReader, IReadOnlyList<SavedFile>> read)
    {
        if (journal is null)
            return [];
        try
        {
            return read(journal.Reader);
        }
        catch (NanoBananaException e) when (e.Kind == NanoBananaErrorKind.JournalRequired)
        {
            journal.ReportUnavailable(e, observer);
            return [];
        }
    }

    private static SavedFile FileOf(SavedImage image) => new(image.Path, image.Sha256, image.Length);

    /// <summary>Whether a file exists with exactly the bytes that were written.</summary>
    private static bool IsComplete(SavedFile file, out PixelSize? size)
    {
        size = null;
        try
        {
            using FileStream stream = RegularFile.Open(file.Path);
            if (stream.Length != file.Length)
                return false;
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var dimensions = new ImageDimensions();
            byte[] buffer = ArrayPool<byte>.Shared.Rent(128 * 1024);
            try
            {
                int read;
                while ((read = stream.Read(buffer, 0, buffer.Length)) > 0)
                {
                    hash.AppendData(buffer, 0, read);
                    dimensions.Append(buffer.AsSpan(0, read));
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
            size = dimensions.Size;
            return Sha256Hex.Of(hash) == file.Sha256;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
