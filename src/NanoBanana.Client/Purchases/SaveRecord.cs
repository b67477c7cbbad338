using System.Security.Cryptography;
using NanoBanana.Client.Files;
using NanoBanana.Client.Http;
using NanoBanana.Client.Images;
using NanoBanana.Client.Journal;

namespace NanoBanana.Client.Purchases;

/// <summary>Knows from the journal which files are a task's own, and tells it what is saved. Without a journal no file is.</summary>
internal sealed class SaveRecord(Func<JournalHandle> handle)
{
    /// <summary>The journal of one save; its absence has been said when the task was bought.</summary>
    private TaskJournal? Journal(IClientObserver observer) => handle().Open(observer);

    /// <summary>
    /// The picture, when it is at that path already, whole; the extension may differ, it follows the bytes. The bytes prove
    /// it, wherever they were saved at first: a folder may have been moved since, or be named in another case or by a link.
    /// </summary>
    public SavedPicture? FindWhole(ImageTask task, int imageNumber, PictureTarget target, string likelyPath, IClientObserver observer)
    {
        TaskJournal? journal = Journal(observer);
        foreach (SavedFile known in Known(journal, reader => reader.Files(task, imageNumber), observer))
        {
            SavedFile file = known with { Path = target.IsExact ? likelyPath : Path.ChangeExtension(likelyPath, Path.GetExtension(known.Path)) };
            if (IsWhole(file, out PixelSize? size))
            {
                _ = journal!.TryAsync(journal.FileAsync(task, imageNumber, file, saved: true), observer);
                return new SavedPicture(file.Path, task, imageNumber, file.Length, size, file.Sha256);
            }
        }
        return null;
    }

    /// <summary>Whether a picture is at its path already, whole.</summary>
    public static bool IsThere(SavedPicture picture) => IsWhole(FileOf(picture), out _);

    /// <summary>Checks that a path is free, or may be replaced.</summary>
    /// <returns>Whether there is something to replace.</returns>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.FileExists"/>: it is neither.</exception>
    public bool CheckFree(ImageTask task, PictureTarget target, string path, IClientObserver observer)
    {
        if (target.Force || !File.Exists(path))
            return target.Force;
        // A picture of an older request under the same name of the same batch gives way, if nobody has changed it since.
        return Known(Journal(observer), reader => reader.Superseded(task, path), observer).Any(file => IsWhole(file, out _)) ? true : throw PictureTarget.Exists(path);
    }

    /// <summary>
    /// Writes the JSON beside a saved picture. One that tells of this very picture stays as it is: somebody may have added to
    /// it. One of this task, or of the picture that this one replaced, gives way; any other only to -Force.
    /// </summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.FileExists"/>, <see cref="NanoBananaErrorKind.WriteFailed"/>.</exception>
    public void Describe(SavedPicture picture, PictureTarget target, DateTimeOffset now, IClientObserver observer)
    {
        string path = target.ClaimMetadata(picture);
        PictureMetadata? there = MetadataFile.Read(path);
        bool isOwn = there is not null && there.Id == picture.Task.Id && KnownEndpoints.IsSame(there.Endpoint, picture.Task.Endpoint);
        if (isOwn && there!.File.Sha256 == picture.Sha256)
            return;
        bool givesWay = isOwn || target.Force || (there is not null
            && Known(Journal(observer), reader => reader.Superseded(picture.Task, picture.Path), observer).Any(file => file.Sha256 == there.File.Sha256));
        if (!givesWay && File.Exists(path))
            throw PictureTarget.Exists(path);
        MetadataFile.Write(path, PictureMetadata.Of(picture, now), replace: givesWay);
    }

    /// <summary>Says that a file is about to get its name.</summary>
    public Task AnnounceAsync(SavedPicture picture, IClientObserver observer) => Journal(observer) is not { } journal
        ? Task.CompletedTask
        : journal.TryAsync(journal.FileAsync(picture.Task, picture.ImageNumber, FileOf(picture), saved: false), observer);

    /// <summary>Says that it has it. Not waited for: what is lost of it in a crash is found again by the hash.</summary>
    public void Confirm(SavedPicture picture, IClientObserver observer)
    {
        if (Journal(observer) is { } journal)
            _ = journal.TryAsync(journal.FileAsync(picture.Task, picture.ImageNumber, FileOf(picture), saved: true), observer);
    }

    /// <summary>What the journal has; a journal that can't be read has nothing, and what is on disk is then nobody's.</summary>
    private static IReadOnlyList<SavedFile> Known(TaskJournal? journal, Func<JournalReader, IReadOnlyList<SavedFile>> read, IClientObserver observer)
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

    private static SavedFile FileOf(SavedPicture picture) => new(picture.Path, picture.Sha256, picture.Length);

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
            var dimensions = new PictureDimensions();
            byte[] buffer = new byte[128 * 1024];
            int read;
            while ((read = stream.Read(buffer, 0, buffer.Length)) > 0)
            {
                hash.AppendData(buffer, 0, read);
                dimensions.Append(buffer.AsSpan(0, read));
            }
            size = dimensions.Size;
            return PartFile.Hex(hash) == file.Sha256;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
