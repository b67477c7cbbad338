using NanoBanana.Client.Text;

namespace NanoBanana.Client.Files;

/// <summary>
/// A text file that is being written. It has a temporary name beside its target, and is renamed atomically when it is complete and on the
/// disk. If it is disposed before that, it is removed and the target is unchanged.
/// </summary>
internal sealed class DraftFile : IDisposable
{
    private readonly string _path;
    private readonly string _target;
    private bool _published;

    /// <param name="target">The final path.</param>
    /// <param name="open">Opens the temporary file.</param>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.WriteFailed"/>: the folder can't be written.</exception>
    public DraftFile(string target, Func<string, FileStream> open)
    {
        _target = target;
        string directory = Path.GetDirectoryName(target)!;
        _path = Path.Combine(directory, PartName.Create());
        Content = OnDisk(() =>
        {
            Directory.CreateDirectory(directory);
            return open(_path);
        });
    }

    /// <summary>Creates a new file. Fails if the name exists.</summary>
    public static FileStream Open(string path) => new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);

    /// <summary>The stream of the content.</summary>
    public FileStream Content { get; }

    /// <summary>Runs a write. An error of the disk is reported for the target.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.WriteFailed"/>.</exception>
    public void Write(Action write) => OnDisk(() =>
    {
        write();
        return true;
    });

    /// <summary>Renames the file to its target. After that, nothing can be written.</summary>
    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.FileExists"/>: the target exists and must not be replaced.
    /// <see cref="NanoBananaErrorKind.WriteFailed"/>: the file could not be written.
    /// </exception>
    public void Publish(bool replace)
    {
        try
        {
            Write(() =>
            {
                Content.Flush(flushToDisk: true);
                PartFile.Rename(Content, _path, _target, replace);
            });
        }
        catch (NanoBananaException) when (!replace && File.Exists(_target))
        {
            throw ImageTarget.Exists(_target);
        }
        _published = true;
    }

    public void Dispose()
    {
        if (_published)
            return;
        PartFile.Discard(Content, _path);
    }

    private T OnDisk<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (PartFile.IsDiskError(e))
        {
            throw new NanoBananaException(NanoBananaErrorKind.WriteFailed, Messages.FileNotWritten(_target, e.Message), e);
        }
    }
}
