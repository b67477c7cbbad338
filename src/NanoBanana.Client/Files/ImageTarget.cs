using System.Collections.Concurrent;
using System.Globalization;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Files;

/// <summary>
/// The destination of the images of one command. It records the names that tasks have claimed, so two tasks never use the same name.
/// </summary>
public sealed class ImageTarget
{
    /// <summary>The number of bytes of a test file: a usual block of a file system.</summary>
    private const int ProbeBytes = 4096;

    /// <summary>
    /// The error codes of a full disk. Windows: ERROR_DISK_FULL and ERROR_HANDLE_DISK_FULL. On other systems .NET returns errno: ENOSPC,
    /// and EDQUOT of Linux and of macOS.
    /// </summary>
    private static readonly int[] FullDiskCodes = [unchecked((int)0x80070070), unchecked((int)0x80070027), 28, 122, 69];

    private readonly string? _exactPath;
    private readonly FileNameTemplate _template;

    /// <summary>Hashes of the claimed names, and of each claimed name with its owner.</summary>
    private readonly CompactSet _claims = new();
    private readonly ConcurrentDictionary<string, bool> _swept = new(StringComparer.Ordinal);

    private ImageTarget(string directory, string? exactPath, FileNameTemplate template, bool force)
    {
        Directory = directory;
        _exactPath = exactPath;
        _template = template;
        Force = force;
    }

    /// <summary>The full path of the folder. It is created when the first image is saved.</summary>
    public string Directory { get; }

    /// <summary>Whether files of other tasks may be replaced.</summary>
    public bool Force { get; }

    /// <summary>Whether a JSON file with metadata is written beside each image.</summary>
    public bool WritesMetadata { get; private init; }

    /// <summary>Creates a target in a folder, with names from a template and extensions from the content.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidRequest"/>: the path is a file.</exception>
    public static ImageTarget InDirectory(string directory, FileNameTemplate template, bool force, bool writesMetadata = false)
    {
        string full = Path.GetFullPath(directory);
        return File.Exists(full)
            ? throw new NanoBananaException(NanoBananaErrorKind.InvalidRequest, Messages.DestinationIsFile(full))
            : new ImageTarget(full, null, template, force) { WritesMetadata = writesMetadata };
    }

    /// <summary>Creates a target for one file with an exact name, regardless of the format of the image.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="force">Whether an existing file may be replaced.</param>
    /// <param name="mayExist">Whether an existing file may belong to the task. This is decided when its image is saved.</param>
    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.FileExists"/>: the file exists and must not be replaced.
    /// <see cref="NanoBananaErrorKind.InvalidRequest"/>: the path is a folder, or its folder does not exist.
    /// </exception>
    public static ImageTarget ExactFile(string path, bool force, bool mayExist = false)
    {
        string full = Path.GetFullPath(path);
        string? directory = Path.GetDirectoryName(full);
        if (System.IO.Directory.Exists(full) || string.IsNullOrEmpty(directory))
            throw new NanoBananaException(NanoBananaErrorKind.InvalidRequest, Messages.ImageIsFolder(full));
        if (!System.IO.Directory.Exists(directory))
            throw new NanoBananaException(NanoBananaErrorKind.InvalidRequest, Messages.FolderMissing(directory!));
        CheckLength(full);
        if (File.Exists(full) && !force && !mayExist)
            throw Exists(full);
        return new ImageTarget(directory!, full, FileNameTemplate.Default, force);
    }

    /// <summary>Checks that the file system accepts the length of the name, before the request is submitted.</summary>
    private static void CheckLength(string path)
    {
        try
        {
            new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete).Dispose();
        }
        catch (PathTooLongException e)
        {
            string name = TextSafety.Excerpt(Path.GetFileName(path));
            throw new NanoBananaException(NanoBananaErrorKind.InvalidRequest, Messages.NameTooLong(name), e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The file does not exist or can't be read, so its name is short enough.
        }
    }

    internal static NanoBananaException Exists(string path) =>
        new(NanoBananaErrorKind.FileExists, Messages.FileExists(path));

    /// <summary>Whether a path belongs to the image in a run where its row had another index, or where its name was taken.</summary>
    internal bool MatchesName(ImageTask task, int imageNumber, string path) =>
        !IsExact && Contains(path) && _template.Matches(task, imageNumber,
            Path.ChangeExtension(path.Substring(Directory.TrimEnd(Path.DirectorySeparatorChar).Length + 1), null));

    /// <summary>Checks the likely path of an image. The extension depends on the content, so only an exact name is claimed now.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.FileExists"/>: another task has claimed the name.</exception>
    internal void CheckLikelyPath(ImageTask task, int imageNumber, string likely) => ClaimPath(likely, task, imageNumber, claims: IsExact);

    /// <summary>Claims a path for an image.</summary>
    /// <param name="task">The task of the image.</param>
    /// <param name="imageNumber">The index of the image in the task, from 0.</param>
    /// <param name="path">The result of <see cref="PathOf"/>. If the template uses the next free name, it is searched again.</param>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.FileExists"/>: another task has claimed the name.</exception>
    internal string Claim(ImageTask task, int imageNumber, string path)
    {
        if (IsExact || !_template.TakesFreeName)
            return ClaimPath(path, task, imageNumber);
        string extension = Path.GetExtension(path);
        do
        {
            path = PathOf(task, imageNumber, extension);
        }
        while (!TryClaim(path, task, imageNumber));
        return path;
    }

    /// <summary>Claims the path of an image that is already saved.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.FileExists"/>: another task has claimed the name.</exception>
    internal string ClaimKnown(ImageTask task, int imageNumber, string path) => ClaimPath(path, task, imageNumber);

    /// <summary>Claims the path of an image whose name belongs to another image of its batch: the name with the id of its task.</summary>
    internal string ClaimWithId(ImageTask task, int imageNumber, string extension) =>
        ClaimPath(Path.ChangeExtension(PathOf(task, imageNumber, ".x"), null) + "-" + FileNames.Sanitize(task.Id) + extension, task,
            imageNumber);

    /// <summary>Whether a path is in the folder or below it.</summary>
    internal bool Contains(string path) => FileNames.ComparisonKey(path).StartsWith(
        FileNames.ComparisonKey(Directory.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar), StringComparison.Ordinal);

    /// <summary>Claims the path of the JSON beside a saved image.</summary>
    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.FileExists"/>: an image of another format has claimed the name.
    /// </exception>
    internal string ClaimMetadata(SavedImage image) => ClaimPath(MetadataFile.PathFor(image.Path), image.Task, image.ImageNumber);

    /// <summary>The full path of an image with an extension, even if it is taken; or the next free path if the template uses it.</summary>
    internal string PathOf(ImageTask task, int imageNumber, string extension)
    {
        for (int number = 1; ; number++)
        {
            string path = _exactPath ?? Path.Combine(Directory, _template.Expand(task, imageNumber, number) + extension);
            if (IsExact || !_template.TakesFreeName
                || (_claims.Contains(Hash(path)) ? _claims.Contains(Hash(path, task, imageNumber)) : !File.Exists(path)))
                return path;
        }
    }

    /// <summary>Checks that no other image has claimed a path, and claims the path.</summary>
    /// <param name="path">The path.</param>
    /// <param name="task">The task of the image.</param>
    /// <param name="imageNumber">The index of the image in the task, from 0.</param>
    /// <param name="claims">Whether a free path is claimed.</param>
    private string ClaimPath(string path, ImageTask task, int imageNumber, bool claims = true)
    {
        // The id is unique, so the name is too.
        if (!IsExact && _template.EndsWithId)
            return path;
        if (claims ? !TryClaim(path, task, imageNumber) : _claims.Contains(Hash(path)) && !_claims.Contains(Hash(path, task, imageNumber)))
        {
            throw new NanoBananaException(NanoBananaErrorKind.FileExists, Messages.TwoFilesOfName(Path.GetFileName(path)))
            {
                TaskId = task.Id,
                Task = task,
            };
        }
        return path;
    }

    private bool TryClaim(string path, ImageTask task, int imageNumber)
    {
        lock (_claims)
        {
            ulong byOwner = Hash(path, task, imageNumber);
            return _claims.Add(Hash(path)) ? _claims.Add(byOwner) : _claims.Contains(byOwner);
        }
    }

    private static ulong Hash(string path, ImageTask task, int imageNumber) =>
        Sha256Hex.ShortOf($"{FileNames.ComparisonKey(path)}\0{task.Id}#{imageNumber.ToString(CultureInfo.InvariantCulture)}");

    private static ulong Hash(string path) => Sha256Hex.ShortOf(FileNames.ComparisonKey(path));

    /// <summary>Checks that a file can be written to the folder. No file remains.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.WriteFailed"/>: the folder can't be written.</exception>
    public void CheckWritable()
    {
        // The folder is created when the first image is saved. Before that, the nearest existing folder is checked.
        string folder = Directory;
        try
        {
            while (!System.IO.Directory.Exists(folder) && !File.Exists(folder) && Path.GetDirectoryName(folder) is { Length: > 0 } parent)
                folder = parent;
            using var probe = new FileStream(
                Path.Combine(folder, PartName.Create()), FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1,
                FileOptions.DeleteOnClose);
            probe.Write(new byte[ProbeBytes], 0, ProbeBytes);
            probe.Flush(flushToDisk: true);
        }
        catch (Exception e) when (PartFile.IsDiskError(e))
        {
            throw new NanoBananaException(
                NanoBananaErrorKind.WriteFailed,
                Messages.DestinationNotWritable(Directory, e.Message),
                e);
        }
    }

    /// <summary>Checks whether an error of one image is an error of the destination, so no other image can be saved.</summary>
    /// <returns>The error of the destination; null if other images can be saved.</returns>
    public NanoBananaException? ProblemOf(NanoBananaException failure)
    {
        if (failure.Kind is not (NanoBananaErrorKind.DownloadFailed or NanoBananaErrorKind.WriteFailed))
            return null;
        if (failure.InnerException is not { } cause || !PartFile.IsDiskError(cause))
            return null;
        // The disk may have space for a small file and not for an image.
        if (FullDiskCodes.Contains(cause.HResult))
        {
            return new NanoBananaException(
                NanoBananaErrorKind.WriteFailed, Messages.DestinationFull(Directory, cause.Message), cause);
        }
        try
        {
            CheckWritable();
            return null;
        }
        catch (NanoBananaException problem)
        {
            return problem;
        }
    }

    /// <summary>Removes the files of killed processes from a folder, once for each folder and command.</summary>
    internal void SweepOnce(string directory, TimeProvider time)
    {
        if (_swept.TryAdd(directory, true) && System.IO.Directory.Exists(directory))
            PartName.Sweep(directory, time.GetUtcNow());
    }

    /// <summary>Whether the user specified the exact name. Then a warning reports an extension that does not fit the content.</summary>
    internal bool IsExact => _exactPath is not null;
}
