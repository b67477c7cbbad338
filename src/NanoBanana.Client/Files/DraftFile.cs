namespace NanoBanana.Client.Files;

/// <summary>
/// A text file on its way: under a temporary name beside its target until it is whole and on the disk, then renamed in
/// one step. Disposed before that, it is gone and the target is as it was.
/// </summary>
internal sealed class DraftFile : IDisposable
{
    private readonly string _path;
    private readonly string _target;
    private bool _published;

    /// <param name="target">The name that it will have.</param>
    /// <param name="open">Opens the file.</param>
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

    /// <summary>A new file of that name, and no other.</summary>
    public static FileStream Open(string path) => new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);

    /// <summary>Where to write.</summary>
    public FileStream Content { get; }

    /// <summary>Writes; what the disk refuses is an error of the target's.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.WriteFailed"/>.</exception>
    public void Write(Action write) => OnDisk(() =>
    {
        write();
        return true;
    });

    /// <summary>Gives the file its name. Nothing can be written any more.</summary>
    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.FileExists"/>: the name is taken, and not to be replaced.
    /// <see cref="NanoBananaErrorKind.WriteFailed"/>: it could not be written.
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
        catch (Exception e) when (PartFile.IsOfTheDisk(e))
        {
            throw new NanoBananaException(NanoBananaErrorKind.WriteFailed, $"'{_target}' could not be written: {e.Message} Nothing half is left behind.", e);
        }
    }
}
