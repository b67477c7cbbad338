using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
#if NET
using System.Runtime.InteropServices;
#else
using System.Text;
#endif

namespace NanoBanana.Client.Files;

/// <summary>
/// Where the images of one command go. It remembers which task took which name, so that two tasks never fight for one.
/// </summary>
public sealed class ImageTarget
{
    /// <summary>A block of a usual file system.</summary>
    private const int ProbeBytes = 4096;

    /// <summary>Windows: ERROR_DISK_FULL, ERROR_HANDLE_DISK_FULL. Elsewhere .NET gives errno: ENOSPC, and EDQUOT of Linux and of macOS.</summary>
    private static readonly int[] FullDiskCodes = [unchecked((int)0x80070070), unchecked((int)0x80070027), 28, 122, 69];

    private readonly string? _exactPath;
    private readonly FileNameTemplate _template;
    /// <summary>Names by their hash, and who took them by the same: a run can have a million.</summary>
    private readonly ConcurrentDictionary<Guid, Guid> _taken = new();
    private readonly ConcurrentDictionary<string, bool> _swept = new(StringComparer.Ordinal);

    private ImageTarget(string directory, string? exactPath, FileNameTemplate template, bool force)
    {
        Directory = directory;
        _exactPath = exactPath;
        _template = template;
        Force = force;
    }

    /// <summary>The full path of the folder; made when the first image comes.</summary>
    public string Directory { get; }

    /// <summary>Whether files that are not this task's may be replaced.</summary>
    public bool Force { get; }

    /// <summary>Whether a JSON file that says how it was made goes beside each image.</summary>
    public bool WritesMetadata { get; private init; }

    /// <summary>A folder, with names from a template and extensions from the bytes.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidRequest"/>: the path is a file's.</exception>
    public static ImageTarget InDirectory(string directory, FileNameTemplate template, bool force, bool writesMetadata = false)
    {
        string full = Path.GetFullPath(directory);
        return File.Exists(full)
            ? throw new NanoBananaException(NanoBananaErrorKind.InvalidRequest, $"The destination '{full}' is a file. Give a folder; one that does not exist yet is made.")
            : new ImageTarget(full, null, template, force) { WritesMetadata = writesMetadata };
    }

    /// <summary>One file under that very name, whatever its bytes are.</summary>
    /// <param name="path">The file.</param>
    /// <param name="force">Whether any file of that name may be replaced.</param>
    /// <param name="mayExist">Whether a file that exists may be the task's own, which is decided when its image is saved.</param>
    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.FileExists"/>: it exists, and it may neither be replaced nor be the task's own.
    /// <see cref="NanoBananaErrorKind.InvalidRequest"/>: it is a folder, or its folder does not exist.
    /// </exception>
    public static ImageTarget ExactFile(string path, bool force, bool mayExist = false)
    {
        string full = Path.GetFullPath(path);
        string? directory = Path.GetDirectoryName(full);
        if (System.IO.Directory.Exists(full) || string.IsNullOrEmpty(directory))
            throw new NanoBananaException(NanoBananaErrorKind.InvalidRequest, $"'{full}' is a folder. Give the name of a file, such as fox.png, or save into the folder with Save-NanoBananaImage -Destination.");
        if (!System.IO.Directory.Exists(directory))
            throw new NanoBananaException(NanoBananaErrorKind.InvalidRequest, $"The folder '{directory}' does not exist. Make it first, or give a path in a folder that exists.");
        CheckLength(full);
        if (File.Exists(full) && !force && !mayExist)
            throw Exists(full);
        return new ImageTarget(directory!, full, FileNameTemplate.Default, force);
    }

    /// <summary>Asks the file system whether it takes so long a name, before the image is bought.</summary>
    private static void CheckLength(string path)
    {
        try
        {
            new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete).Dispose();
        }
        catch (PathTooLongException e)
        {
            throw new NanoBananaException(NanoBananaErrorKind.InvalidRequest,
                $"The name '{TextSafety.Excerpt(Path.GetFileName(path))}' is too long for its file system. Give a shorter one.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // There is no such file, or it can't be read: its name is short enough.
        }
    }

    internal static NanoBananaException Exists(string path) =>
        new(NanoBananaErrorKind.FileExists, $"'{path}' exists and is kept as it is. Replace it with -Force, or choose another name or folder.");

    /// <summary>
    /// Whether a path is that of an image in a run whose rows had other numbers, or that had to stand beside another one's.
    /// </summary>
    internal bool HasNamed(ImageTask task, int imageNumber, string path) =>
        !IsExact && Holds(path) && _template.Matches(task, imageNumber,
            Path.ChangeExtension(path.Substring(Directory.TrimEnd(Path.DirectorySeparatorChar).Length + 1), null));

    /// <summary>Checks the path that an image probably gets: the bytes decide on the extension. Only an exact name is taken now.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.FileExists"/>: another task took the name.</exception>
    internal void Expect(ImageTask task, int imageNumber, string likely) => Take(likely, task, imageNumber, keep: IsExact);

    /// <summary>Takes a path for an image: the name is that task's from now on.</summary>
    /// <param name="task">The task whose image it is.</param>
    /// <param name="imageNumber">Which of its images, from 0.</param>
    /// <param name="path">What <see cref="PathOf"/> has given. The next free name of a template is looked for again.</param>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.FileExists"/>: another task took the name.</exception>
    internal string Claim(ImageTask task, int imageNumber, string path)
    {
        if (IsExact || !_template.TakesFreeName)
            return Take(path, task, imageNumber);
        string extension = Path.GetExtension(path);
        Guid owner = OwnerOf(task, imageNumber);
        do
        {
            path = PathOf(task, imageNumber, extension);
        }
        while (_taken.GetOrAdd(KeyOf(path), owner) != owner);
        return path;
    }

    /// <summary>A path that an image has already; it is that task's from now on.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.FileExists"/>: another task took the name.</exception>
    internal string ClaimKnown(ImageTask task, int imageNumber, string path) => Take(path, task, imageNumber);

    /// <summary>
    /// The full path for an image whose name belongs to another image of its batch: with the id of its task, which no other has.
    /// </summary>
    internal string ClaimBeside(ImageTask task, int imageNumber, string extension) =>
        Take(Path.ChangeExtension(PathOf(task, imageNumber, ".x"), null) + "-" + FileNames.Sanitize(task.Id) + extension, task,
            imageNumber);

    /// <summary>Whether a path is in the folder, or below it.</summary>
    internal bool Holds(string path) => FileNames.ComparisonKey(path).StartsWith(
        FileNames.ComparisonKey(Directory.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar), StringComparison.Ordinal);

    /// <summary>The full path for the JSON beside a saved image; the name is that image's from now on.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.FileExists"/>: an image of another format took the name.</exception>
    internal string ClaimMetadata(SavedImage image) => Take(MetadataFile.PathFor(image.Path), image.Task, image.ImageNumber);

    /// <summary>The full path that an image gets with an extension: whoever has it, or the next free one where the template says so.</summary>
    internal string PathOf(ImageTask task, int imageNumber, string extension)
    {
        for (int free = 1; ; free++)
        {
            string path = _exactPath ?? Path.Combine(Directory, _template.Expand(task, imageNumber, free) + extension);
            if (IsExact || !_template.TakesFreeName
                || (_taken.TryGetValue(KeyOf(path), out Guid owner) ? owner == OwnerOf(task, imageNumber) : !File.Exists(path)))
                return path;
        }
    }

    private string Take(string path, ImageTask task, int imageNumber, bool keep = true)
    {
        Guid key = KeyOf(path);
        if (!keep && !_taken.ContainsKey(key))
            return path;
        Guid owner = OwnerOf(task, imageNumber);
        if (_taken.GetOrAdd(key, owner) != owner)
            throw new NanoBananaException(NanoBananaErrorKind.FileExists, $"Two files would both be named '{Path.GetFileName(path)}'. The first keeps the name; give names that differ with -FileName, for example '{{name}}-{{id}}'.") { TaskId = task.Id, Task = task };
        return path;
    }

    private static Guid OwnerOf(ImageTask task, int imageNumber) => Hash($"{task.Id}#{imageNumber.ToString(CultureInfo.InvariantCulture)}");

    private static Guid KeyOf(string path) => Hash(FileNames.ComparisonKey(path));

    private static Guid Hash(string text)
    {
#if NET
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(text.AsSpan()), hash);
        return new Guid(hash.Slice(0, 16));
#else
        using var sha = SHA256.Create();
        return new Guid(sha.ComputeHash(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16).ToArray());
#endif
    }

    /// <summary>Checks that a file can be written there now. Nothing is left behind.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.WriteFailed"/>: it can't.</exception>
    public void CheckWritable()
    {
        // The folder is made when the first image comes; until then the nearest one above it decides.
        string folder = Directory;
        try
        {
            while (!System.IO.Directory.Exists(folder) && !File.Exists(folder) && Path.GetDirectoryName(folder) is { Length: > 0 } parent)
                folder = parent;
            using var probe = new FileStream(
                Path.Combine(folder, PartName.Create()), FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
            probe.Write(new byte[ProbeBytes], 0, ProbeBytes);
            probe.Flush(flushToDisk: true);
        }
        catch (Exception e) when (PartFile.IsOfTheDisk(e))
        {
            throw new NanoBananaException(
                NanoBananaErrorKind.WriteFailed,
                $"Images can't be saved to '{Directory}': {e.Message} Free disk space, fix the folder's permissions, or give another destination.",
                e);
        }
    }

    /// <summary>Whether a failure to save one image is one of the destination, so that no other image can be saved either.</summary>
    /// <returns>The error of the destination; null when other images can be saved.</returns>
    public NanoBananaException? ProblemOf(NanoBananaException failure)
    {
        if (failure.Kind is not (NanoBananaErrorKind.DownloadFailed or NanoBananaErrorKind.WriteFailed))
            return null;
        if (failure.InnerException is not { } cause || !PartFile.IsOfTheDisk(cause))
            return null;
        // A small file can have room where an image has none.
        if (FullDiskCodes.Contains(cause.HResult))
        {
            return new NanoBananaException(
                NanoBananaErrorKind.WriteFailed, $"Images can't be saved to '{Directory}' any more: {cause.Message} Free disk space.", cause);
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

    /// <summary>Removes what killed processes have left in a folder; once for each folder and command.</summary>
    internal void SweepOnce(string directory, TimeProvider time)
    {
        if (_swept.TryAdd(directory, true) && System.IO.Directory.Exists(directory))
            PartName.Sweep(directory, time.GetUtcNow());
    }

    /// <summary>Whether the name itself was given, so that an extension which does not fit the bytes is worth a word.</summary>
    internal bool IsExact => _exactPath is not null;
}
