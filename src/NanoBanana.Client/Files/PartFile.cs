using System.Security.Cryptography;
using NanoBanana.Client.Images;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Files;

/// <summary>
/// An image on its way: a temporary file beside its target that becomes the target in one step, or is gone. So a name
/// that exists is a whole image.
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

    public long Length { get; private set; }

    /// <summary>The first bytes, as many as are there.</summary>
    public ReadOnlySpan<byte> Start => _start.AsSpan(0, (int)Math.Min(Length, _start.Length));

    /// <summary>Width and height as the bytes so far say; null when they don't.</summary>
    public PixelSize? PixelSize => _dimensions.Size;

    /// <summary>Whether the end has come that the image's format marks.</summary>
    public bool HasEnd => _end.IsReached;

    /// <param name="directory">Where the image will be: a name is given in one step only within one file system.</param>
    /// <param name="open">Opens the file.</param>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.DownloadFailed"/>: the folder can't be written.</exception>
    public static PartFile CreateIn(string directory, Func<string, FileStream> open)
    {
        try
        {
            return TryCreateIn(directory, open) ?? new PartFile(Path.Combine(directory, PartName.Create()), open);
        }
        catch (Exception e) when (IsOfTheDisk(e))
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
            // A process that does not see this one can have swept it between its creation and its lock.
            if (File.Exists(path))
                return part;
            part.Dispose();
        }
        catch (Exception e) when (e is DirectoryNotFoundException or FileNotFoundException)
        {
            // It is the file that .NET misses when another image makes the folder between its try and its look.
            Directory.CreateDirectory(directory);
        }
        catch (IOException)
        {
            // That process holds it at this moment, or the disk refuses: the second try tells.
        }
        return null;
    }

    /// <summary>A new file of that name, and no other: a link that someone put there is not followed.</summary>
    public static FileStream Open(string path) =>
        new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.Asynchronous);

    /// <remarks>It can't be abandoned: a write that ends half way would leave a hole below what comes next.</remarks>
    public async Task AppendAsync(byte[] buffer, int count)
    {
        try
        {
#if NET
            // Unix has no asynchronous writes: .NET would make this one on another thread of the pool, which it would block as long.
            if (!OperatingSystem.IsWindows())
                _file.Write(buffer, 0, count);
            else
                await _file.WriteAsync(buffer.AsMemory(0, count), CancellationToken.None).ConfigureAwait(false);
#else
            await _file.WriteAsync(buffer, 0, count, CancellationToken.None).ConfigureAwait(false);
#endif
        }
        catch (Exception e) when (IsOfTheDisk(e))
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

    /// <summary>Begins again from nothing.</summary>
    public void Clear()
    {
        try
        {
            _file.SetLength(0);
        }
        catch (Exception e) when (IsOfTheDisk(e))
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

    /// <summary>Puts the bytes on the disk; no more can be added. The file stays open, and so locked, until it has its name.</summary>
    /// <returns>The SHA-256 in hexadecimal digits.</returns>
    public string Seal()
    {
        try
        {
            _file.Flush(flushToDisk: true);
        }
        catch (Exception e) when (IsOfTheDisk(e))
        {
            throw Failed(_path, e);
        }
        return Hex.Of(_hash);
    }

    /// <summary>Gives the sealed file its name, in one step, and puts the name on the disk too.</summary>
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
        catch (Exception e) when (IsOfTheDisk(e))
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

    /// <summary>Closes and removes a file that came to nothing.</summary>
    public static void Discard(FileStream file, string path)
    {
        // A full disk refuses at the end, once more, what is still to be written: the file is closed all the same.
        Try(file.Dispose);
        // What can't be removed now is removed by a later save, once this process is gone.
        Try(() => File.Delete(path));

        static void Try(Action action)
        {
            try
            {
                action();
            }
            catch (Exception e) when (IsOfTheDisk(e))
            {
                // See above.
            }
        }
    }

    /// <summary>Gives a file that is on the disk its name in one step, over the file that may have it, and closes it.</summary>
    /// <remarks>
    /// Renamed before it is closed: its lock tells the sweep of other processes that it is in use. Windows renames no file
    /// that is open; there no process is hidden from another, and the name of the file tells enough.
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

    /// <summary>Gives a closed file another name.</summary>
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
            FreeName.Move(path, target);
    }

    /// <summary>
    /// Whether an exception is about the disk or the path, and not a defect. For a file that is too large for its file system or for a
    /// limit of the process, .NET throws <see cref="ArgumentOutOfRangeException"/> for a parameter "value".
    /// </summary>
    internal static bool IsOfTheDisk(Exception e) =>
        e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentOutOfRangeException { ParamName: "value" };

    private static NanoBananaException Failed(string path, Exception e) =>
        new(NanoBananaErrorKind.DownloadFailed, $"'{path}' could not be written: {e.Message} Nothing half is left behind; the image can be saved again once that is mended.", e);
}
