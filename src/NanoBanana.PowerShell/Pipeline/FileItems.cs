namespace NanoBanana.Pipeline;

/// <summary>
/// Makes files as <c>Get-Item</c> makes them: with the properties that bind to <c>-LiteralPath</c>. Without them PowerShell binds the name
/// of a file to <c>-Path</c>, where <c>fox[1].png</c> is a pattern that fits no file. The provider of files is not asked: what it adds
/// follows from the path. Made on the thread of the pipeline, used on any.
/// </summary>
internal sealed class FileItems
{
    private const string FileSystem = "FileSystem";
    private static readonly object False = false;

    private readonly ProviderInfo? _provider;
    private readonly string _prefix;
    private readonly (string Root, PSDriveInfo Drive)[] _drives;
    private Folder? _last;

    /// <param name="state">The session whose drives the items name; null on a thread that runs none.</param>
    public FileItems(SessionState? state)
    {
        // A session that was made without it has no paths of files either.
        _provider = state?.Provider.GetAll().FirstOrDefault(provider => provider.Name == FileSystem);
        _prefix = _provider is null ? "" : $"{_provider}::";
        // A drive such as Temp: lies on another one, which is the one that Get-Item names for a path of the file system.
        _drives = [.. (_provider is null ? [] : state!.Drive.GetAllForProvider(FileSystem))
            .Where(drive => drive.Root.Length > 0).Select(drive => (drive.Root, drive)).OrderBy(drive => drive.Root.Length)];
    }

    /// <summary>Those of the session of this thread.</summary>
    public static FileItems Current => new(RunspaceData.Current.Engine?.SessionState);

    /// <summary>The path of a file as it binds to <c>-LiteralPath</c> at any location of the session.</summary>
    public string PathOf(string path) => _prefix + path;

    /// <summary>A file as an item.</summary>
    /// <param name="path">Its full path.</param>
    /// <param name="typeName">The name under which it has a view of its own; null for a plain file.</param>
    public PSObject Of(string path, string? typeName = null)
    {
        var item = new PSObject(new FileInfo(path));
        if (typeName is not null)
            item.TypeNames.Insert(0, typeName);
        if (_provider is null)
            return item;
        Add(item, "PSPath", PathOf(path));
        Folder folder = FolderOf(path);
        Add(item, "PSParentPath", folder.PSPath);
        Add(item, "PSChildName", Path.GetFileName(path));
        if (folder.Drive is not null)
            Add(item, "PSDrive", folder.Drive);
        Add(item, "PSProvider", _provider);
        Add(item, "PSIsContainer", False);
        return item;
    }

    /// <summary>Adds a property, without a look whether the file has one of that name: it has none of ours.</summary>
    public static void Add(PSObject item, string name, object? value) =>
        item.Properties.Add(new PSNoteProperty(name, value), preValidated: true);

    /// <summary>The folder of a file, which most files share with the one before.</summary>
    private Folder FolderOf(string path)
    {
        int length = path.Length - Path.GetFileName(path).Length;
        if (_last is { } last && last.Length == length && string.CompareOrdinal(path, 0, last.File, 0, length) == 0)
            return last;
        return _last = new Folder(path, length, Path.GetDirectoryName(path) is { } parent ? PathOf(parent) : "", DriveOf(path));
    }

    private PSDriveInfo? DriveOf(string path)
    {
        StringComparison comparison = Path.DirectorySeparatorChar == '\\' ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        return _drives.FirstOrDefault(drive => path.StartsWith(drive.Root, comparison)).Drive;
    }

    /// <summary>What the items of the files of one folder have in common.</summary>
    /// <param name="File">The path of one of them.</param>
    /// <param name="Length">The length of the folder in it, with the separator at its end.</param>
    /// <param name="PSPath">Its path as it binds.</param>
    /// <param name="Drive">The drive; null where none names it.</param>
    private sealed record Folder(string File, int Length, string PSPath, PSDriveInfo? Drive);
}
