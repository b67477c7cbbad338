using System.Security.Cryptography;

namespace NanoBanana.Client.Files;

/// <summary>
/// A picture on its way: a temporary file beside its target that becomes the target in one step, or is gone. So a name
/// that exists is a whole picture.
/// </summary>
internal sealed class PartFile : IDisposable
{
    private readonly byte[] _start = new byte[PictureFormat.SignatureLength];
    private readonly FileStream _file;
    private readonly string _path;
    private IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private PictureDimensions _dimensions = new();
    private bool _published;

    private PartFile(string path)
    {
        _path = path;
        _file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.Asynchronous);
    }

    public long Length { get; private set; }

    /// <summary>The first bytes, as many as are there.</summary>
    public ReadOnlySpan<byte> Start => _start.AsSpan(0, (int)Math.Min(Length, _start.Length));

    /// <summary>Width and height as the bytes so far say; null when they don't.</summary>
    public PixelSize? PixelSize => _dimensions.Size;

    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.DownloadFailed"/>: the folder can't be written.</exception>
    public static PartFile CreateIn(string directory) => OnDisk(directory, () =>
    {
        Directory.CreateDirectory(directory);
        return new PartFile(Path.Combine(directory, PartName.Create()));
    });

    public async Task AppendAsync(byte[] buffer, int count, CancellationToken cancellationToken)
    {
        try
        {
            await _file.WriteAsync(buffer, 0, count, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failed(_path, e);
        }
        _hash.AppendData(buffer, 0, count);
        _dimensions.Append(buffer.AsSpan(0, count));
        if (Length < _start.Length)
            Array.Copy(buffer, 0, _start, Length, Math.Min(count, _start.Length - Length));
        Length += count;
    }

    /// <summary>Begins again from nothing.</summary>
    public void Clear()
    {
        OnDisk(_path, () => _file.SetLength(0));
        _file.Position = 0;
        _hash.Dispose();
        _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        _dimensions = new PictureDimensions();
        Length = 0;
    }

    /// <summary>Puts the bytes on the disk; no more can be added.</summary>
    /// <returns>The SHA-256 in hexadecimal digits.</returns>
    public string Seal()
    {
        OnDisk(_path, () =>
        {
            _file.Flush(flushToDisk: true);
            _file.Dispose();
        });
        return Hex(_hash);
    }

    /// <summary>A finished hash as 64 hexadecimal digits in lower case.</summary>
    public static string Hex(IncrementalHash hash) =>
        string.Concat(hash.GetHashAndReset().Select(b => b.ToString("x2", System.Globalization.CultureInfo.InvariantCulture)));

    /// <summary>Gives the sealed file its name, in one step.</summary>
    public void Publish(string target, bool replace)
    {
        OnDisk(target, () =>
        {
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            RenameTo(target, replace);
        });
        _published = true;
    }

    public void Dispose()
    {
        _file.Dispose();
        _hash.Dispose();
        if (!_published)
            File.Delete(_path);
    }

    /// <summary>Gives a file another name in one step, over the file that may have it.</summary>
    public static void Rename(string path, string target, bool replace)
    {
#if NET
        File.Move(path, target, replace);
#else
        if (replace && File.Exists(target))
            File.Replace(path, target, null);
        else
            File.Move(path, target);
#endif
    }

    private void RenameTo(string target, bool replace)
    {
        try
        {
            Rename(_path, target, replace);
        }
        catch (IOException) when (!replace && File.Exists(target))
        {
            throw PictureTarget.Exists(target);
        }
    }

    private static void OnDisk(string path, Action action) => OnDisk(path, () =>
    {
        action();
        return true;
    });

    private static T OnDisk<T>(string path, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw Failed(path, e);
        }
    }

    private static NanoBananaException Failed(string path, Exception e) =>
        new(NanoBananaErrorKind.DownloadFailed, $"'{path}' could not be written: {e.Message} Nothing half is left behind; the picture can be saved again once that is mended.", e);
}
