using System.Buffers;
using System.Security.Cryptography;
using NanoBanana.Client.Files;
using NanoBanana.Client.Http;
using NanoBanana.Client.Images;
using NanoBanana.Client.Journal;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Purchases;

/// <summary>The files of a purchase: which of them are its own, and what is recorded of them. Without a journal no file is.</summary>
/// <param name="journal">The journal; null where there is none.</param>
/// <param name="observer">Receives the warning that an entry can't be written.</param>
/// <param name="lease">Leases the task: called before an image is downloaded.</param>
internal sealed class PurchaseFiles(TaskJournal? journal, IClientObserver observer, Action? lease = null)
{
    /// <summary>An image is about to be downloaded. One that is there already needs no lease, and so no change of the journal.</summary>
    public void BeginDownload() => lease?.Invoke();

    /// <summary>The files that an image was saved to, as the journal has them.</summary>
    public IReadOnlyList<SavedFile> KnownOf(ImageTask task, int imageNumber) =>
        journal is null ? [] : Known(reader => reader.Files(task, imageNumber));

    /// <summary>
    /// The image, when it is at that path already, whole; the extension may differ, it follows the bytes. The bytes prove
    /// it, wherever they were saved at first: a folder may have been moved since, or be named in another case or by a link.
    /// </summary>
    /// <param name="task">The task.</param>
    /// <param name="imageNumber">Which of its images, from 0.</param>
    /// <param name="target">Where the image goes.</param>
    /// <param name="likelyPath">The path that it probably gets.</param>
    /// <param name="knownFiles">What <see cref="KnownOf"/> gives.</param>
    public SavedImage? FindWhole(
        ImageTask task, int imageNumber, ImageTarget target, string likelyPath, IReadOnlyList<SavedFile> knownFiles)
    {
        foreach (SavedFile known in knownFiles)
        {
            SavedFile file = known with { Path = target.IsExact ? likelyPath : Path.ChangeExtension(likelyPath, Path.GetExtension(known.Path)) };
            if (IsWhole(file, out PixelSize? size))
            {
                if (file != known || !known.HasName)
                    Record(task, imageNumber, file with { Machine = null });
                return new SavedImage(file.Path, task, imageNumber, file.Length, size, file.Sha256);
            }
        }
        return null;
    }

    /// <summary>
    /// The image under the name that it got when its row had another number, or as one that is moved: it was saved in this folder, and
    /// somebody has taken it to where it is used. Null when it was never saved here under the template of the target.
    /// </summary>
    public static SavedImage? FindSavedBefore(ImageTask task, int imageNumber, ImageTarget target, IReadOnlyList<SavedFile> knownFiles)
    {
        SavedImage? moved = null;
        foreach (SavedFile file in knownFiles)
        {
            if (!file.HasName || !target.HasNamed(task, imageNumber, file.Path))
                continue;
            if (IsWhole(file, out PixelSize? size))
                return new SavedImage(file.Path, task, imageNumber, file.Length, size, file.Sha256);
            if (file.Machine is null && !File.Exists(file.Path))
                moved ??= new SavedImage(file.Path, task, imageNumber, file.Length, null, file.Sha256) { IsMoved = true };
        }
        return moved;
    }

    /// <summary>The image as another machine has saved it; null when none has.</summary>
    public static SavedImage? FindElsewhere(ImageTask task, int imageNumber, IReadOnlyList<SavedFile> knownFiles) =>
        knownFiles.Where(file => file is { HasName: true, Machine: not null })
            .Select(file => new SavedImage(file.Path, task, imageNumber, file.Length, null, file.Sha256) { Machine = file.Machine }).FirstOrDefault();

    /// <summary>
    /// Whether a path holds the image of another request of the same batch, as after rows were inserted above numbered ones. An image under
    /// the same name is no other request's: one of the two supersedes the other.
    /// </summary>
    public bool IsOfAnotherRequest(ImageTask task, ImageTarget target, string path)
    {
        if (task.Batch is null || target.Force || target.IsExact || journal is null || !File.Exists(path))
            return false;
        ImageTask? owner = MakerOf(path);
        return owner is not null && owner.Id != task.Id && owner.Batch == task.Batch && KnownEndpoints.IsSame(owner.Endpoint, task.Endpoint)
            && (owner.Name is null || (owner.Name, owner.Variation) != (task.Name, task.Variation))
            && Enumerable.Range(0, Math.Max(1, owner.Image.Count)).Any(image =>
                KnownOf(owner, image).Any(file => file.Path == path && IsWhole(file, out _)));
    }

    /// <summary>Whether an image is at its path already, whole.</summary>
    public static bool IsThere(SavedImage image) => IsWhole(FileOf(image), out _);

    /// <summary>Checks that a path is free, or may be replaced.</summary>
    /// <returns>Whether there is something to replace.</returns>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.FileExists"/>: it is neither.</exception>
    public bool CheckFree(ImageTask task, ImageTarget target, string path)
    {
        if (target.Force || !File.Exists(path))
            return target.Force;
        // An image of a request that this one superseded gives way, if nobody has changed the file since.
        return Known(reader => reader.Superseded(task, path)).Any(file => IsWhole(file, out _)) ? true : throw ImageTarget.Exists(path);
    }

    /// <summary>
    /// The same before the download. A file that may be the very image is no reason to stop: where the journal was lost, only the
    /// bytes can tell, and they are compared when they have come.
    /// </summary>
    public void CheckFree(ImageTask task, ImageTarget target, string path, ImageOutput image)
    {
        try
        {
            CheckFree(task, target, path);
        }
        catch (NanoBananaException e) when (e.Kind == NanoBananaErrorKind.FileExists && MayBe(path, image))
        {
        }
    }

    /// <summary>
    /// Writes the JSON beside a saved image. One that tells of this very image stays as it is: somebody may have added to
    /// it. One of this task, or of the image that this one replaced, gives way; any other only to -Force.
    /// </summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.FileExists"/>, <see cref="NanoBananaErrorKind.WriteFailed"/>.</exception>
    public void Describe(SavedImage image, ImageTarget target, DateTimeOffset now)
    {
        string path = target.ClaimMetadata(image);
        ImageMetadata? there = MetadataFile.Read(path);
        bool isOwn = there is not null && there.Id == image.Task.Id && KnownEndpoints.IsSame(there.Endpoint, image.Task.Endpoint);
        if (isOwn && there!.File.Sha256 == image.Sha256)
            return;
        bool givesWay = isOwn || target.Force || (there is not null
            && Known(reader => reader.Superseded(image.Task, image.Path)).Any(file => file.Sha256 == there.File.Sha256));
        if (!givesWay && File.Exists(path))
            throw ImageTarget.Exists(path);
        MetadataFile.Write(path, ImageMetadata.Of(image, now, file => file == image.Path ? null : MakerOf(file)), replace: givesWay);
    }

    /// <summary>Records the file before the rename.</summary>
    public Task AnnounceAsync(SavedImage image) => journal is null
        ? Task.CompletedTask
        : journal.TryAsync(journal.FileAsync(image.Task, image.ImageNumber, FileOf(image), saved: false), observer);

    /// <summary>Records the file after the rename. Nobody waits for it: after a crash the file is found again by its hash.</summary>
    public void Confirm(SavedImage image) => Record(image.Task, image.ImageNumber, FileOf(image));

    private void Record(ImageTask task, int imageNumber, SavedFile file)
    {
        if (journal is not null)
        {
            Background.Run(
                () => journal.TryAsync(journal.FileAsync(task, imageNumber, file, saved: true), observer),
                e => observer.OnWarning($"The file '{file.Path}' could not be recorded: {e.Message}"));
        }
    }

    private static bool MayBe(string path, ImageOutput image)
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

    /// <summary>The newest task that an image was saved to a path for; null when none is known.</summary>
    private ImageTask? MakerOf(string path)
    {
        ImageTask? maker = null;
        Known(reader =>
        {
            maker = reader.FindByFile(path);
            return [];
        });
        return maker;
    }

    /// <summary>What the journal has. With a journal that can't be read, every file on the disk is somebody else's.</summary>
    private IReadOnlyList<SavedFile> Known(Func<JournalReader, IReadOnlyList<SavedFile>> read)
    {
        if (journal is null)
            return [];
        try
        {
            return read(journal.Reader);
        }
        catch (NanoBananaException e) when (e.Kind == NanoBananaErrorKind.JournalRequired)
        {
            journal.GoOn(e, observer);
            return [];
        }
    }

    private static SavedFile FileOf(SavedImage image) => new(image.Path, image.Sha256, image.Length);

    /// <summary>Whether a file is there with the very bytes that were written.</summary>
    private static bool IsWhole(SavedFile file, out PixelSize? size)
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
            return Hex.Of(hash) == file.Sha256;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
