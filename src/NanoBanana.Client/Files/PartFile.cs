using System.Security.Cryptography;
using NanoBanana.Client.Images;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Files;

/// <summary>
/// An image that is being downloaded: a temporary file beside its target, which is renamed to the target atomically or removed. So a file
/// with its final name is complete.
/// </summary>
internal sealed class PartFile : IDisposable
{
    private readonly byte[] _start = new byte[ImageFormat.SignatureLength];
    private readonly FileStream _file;
    private readonly string _path;
    private IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private ImageDimensions _dimensions = new();
    private ImageEnd _end = new();
    private bool _published;

    private PartFile(string path, Func<string, FileStream> open)
    {
        _path = path;
        _file = open(path);
    }

    /// <summary>The number of bytes so far.</summary>
    public long Length { get; private set; }

    /// <summary>The first bytes, as far as they are received.</summary>
    public ReadOnlySpan<byte> Start => _start.AsSpan(0, (int)Math.Min(Length, _start.Length));

    /// <summary>The width and height in the bytes so far; null if they are not known.</summary>
    public PixelSize? PixelSize => _dimensions.Size;

    /// <summary>Whether the end mark of the image's format was received.</summary>
    public bool HasEnd => _end.IsReached;

    /// <param name="directory">The folder of the image, because a rename is atomic only within one file system.</param>
    /// <param name="open">Opens the temporary file.</param>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.DownloadFailed"/>: the folder can't be written.</exception>
    public static PartFile CreateIn(string directory, Func<string, FileStream> open)
    {
        try
        {
            return TryCreateIn(directory, open) ?? new PartFile(Path.Combine(directory, PartName.Create()), open);
        }
        catch (Exception e) when (IsDiskError(e))
        {
            throw Failed(directory, e);
        }
    }

    private static PartFile? TryCreateIn(string directory, Func<string, FileStream> open)
    {
        string path = Path.Combine(directory, PartName.Create());
        try
        {
            var part = new PartFile(path, open);
            // A process that can't look up this process may have removed the file between its creation and its lock.
            if (File.Exists(path))
                return part;
            part.Dispose();
        }
        catch (Exception e) when (e is DirectoryNotFoundException or FileNotFoundException)
        {
            // .NET also throws FileNotFoundException, if another image creates the folder at the same time.
            Directory.CreateDirectory(directory);
        }
        catch (IOException)
        {
            // The other process has the file open, or the disk failed. The second attempt shows which.
        }
        return null;
    }

    /// <summary>Creates a new file. Fails if the name exists, and does not follow a link that another program created.</summary>
    public static FileStream Open(string path) =>
        new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.Asynchronous);

    /// <remarks>A write can't be canceled, because an incomplete write would leave a gap before the next bytes.</remarks>
    public async Task AppendAsync(byte[] buffer, int count)
    {
        try
        {
#if NET
            // Unix has no asynchronous writes. .NET would block another thread of the pool for the same time.
            if (!OperatingSystem.IsWindows())
                _file.Write(buffer, 0, count);
            else
                await _file.WriteAsync(buffer.AsMemory(0, count), CancellationToken.None).ConfigureAwait(false);
#else
            await _file.WriteAsync(buffer, 0, count, CancellationToken.None).ConfigureAwait(false);
#endif
        }
        catch (Exception e) when (IsDiskError(e))
        {
            throw Failed(_path, e);
        }
        _hash.AppendData(buffer, 0, count);
        _dimensions.Append(buffer.AsSpan(0, count));
        _end.Append(buffer.AsSpan(0, count));
        if (Length < _start.Length)
            Array.Copy(buffer, 0, _start, Length, Math.Min(count, _start.Length - Length));
        Length += count;
    }

    /// <summary>Removes all bytes.</summary>
    public void Clear()
    {
        try
        {
            _file.SetLength(0);
        }
        catch (Exception e) when (IsDiskError(e))
        {
            throw Failed(_path, e);
        }
        _file.Position = 0;
        _hash.Dispose();
        _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        _dimensions = new ImageDimensions();
        _end = new ImageEnd();
        Length = 0;
    }

    /// <summary>
    /// Syncs the bytes to the disk. Nothing can be appended after that. The file stays open and locked until it is renamed.
    /// </summary>
    /// <returns>The SHA-256 in hexadecimal digits.</returns>
    public string Seal()
    {
        try
        {
            _file.Flush(flushToDisk: true);
        }
        catch (Exception e) when (IsDiskError(e))
        {
            throw Failed(_path, e);
        }
        return Sha256Hex.Of(_hash);
    }

    /// <summary>Renames the sealed file to its target atomically, and syncs the name to the disk.</summary>
    public Task PublishAsync(string target, bool replace)
    {
        try
        {
            Rename(_file, _path, target, replace);
        }
        catch (IOException) when (!replace && File.Exists(target))
        {
            throw ImageTarget.Exists(target);
        }
        catch (Exception e) when (IsDiskError(e))
        {
            throw Failed(target, e);
        }
        _published = true;
        return FolderSync.FlushAsync(Path.GetDirectoryName(target)!);
    }

    public void Dispose()
    {
        _hash.Dispose();
        if (!_published)
            Discard(_file, _path);
    }

    /// <summary>Closes and removes a file that is not needed.</summary>
    public static void Discard(FileStream file, string path)
    {
        // On a full disk, the buffered bytes can't be written, but the file is closed.
        Try(file.Dispose);
        // A file that can't be removed now is removed by a later save, after this process has ended.
        TryDelete(path);
    }

    /// <summary>Removes a file. A file that does not exist or can't be removed is not an error.</summary>
    public static void TryDelete(string path) => Try(() => File.Delete(path));

    /// <summary>Renames a synced file to its target atomically, replaces the target if requested, and closes the file.</summary>
    /// <remarks>
    /// The file is renamed before it is closed, because its lock protects it from the cleanup of other processes. Windows can't rename an
    /// open file. On Windows a process can always look up other processes, so the name of the file is enough.
    /// </remarks>
    public static void Rename(FileStream file, string path, string target, bool replace)
    {
#if NET
        if (OperatingSystem.IsWindows())
            file.Dispose();
#else
        file.Dispose();
#endif
        Rename(path, target, replace);
        file.Dispose();
    }

    /// <summary>Renames a closed file.</summary>
    public static void Rename(string path, string target, bool replace)
    {
#if NET
        if (replace)
            File.Move(path, target, overwrite: true);
#else
        if (replace && File.Exists(target))
            File.Replace(path, target, null);
#endif
        else
            NoReplaceRename.Rename(path, target);
    }

    /// <summary>
    /// Whether an exception is an error of the disk or the path, and not a defect. If a file is too large for its file system or a limit of
    /// the process, .NET throws <see cref="ArgumentOutOfRangeException"/> for a parameter "value".
    /// </summary>
    internal static bool IsDiskError(Exception e) =>
        e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentOutOfRangeException { ParamName: "value" };

    private static void Try(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (IsDiskError(e))
        {
            // The file remains and does no harm.
        }
    }

    private static NanoBananaException Failed(string path, Exception e) =>
        new(NanoBananaErrorKind.DownloadFailed, Messages.ImageNotWritten(path, e.Message), e);
}
