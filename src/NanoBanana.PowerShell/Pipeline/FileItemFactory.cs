namespace NanoBanana.Pipeline;

/// <summary>
/// Creates items of files as <c>Get-Item</c> does, with the properties that bind to <c>-LiteralPath</c>. Without them, PowerShell binds
/// the name of a file to <c>-Path</c>, where <c>fox[1].png</c> is a pattern that matches no file. The properties are computed from the
/// path, without the FileSystem provider. The factory is created on the pipeline thread. Any thread can use it.
/// </summary>
internal sealed class FileItemFactory
{
    private const string FileSystem = "FileSystem";
    private static readonly object False = false;

    private readonly ProviderInfo? _provider;
    private readonly string _prefix;
    private readonly (string Root, PSDriveInfo Drive)[] _drives;
    private Folder? _lastFolder;

    /// <param name="state">The session with the drives for the items; null on a thread without a session.</param>
    public FileItemFactory(SessionState? state)
    {
        // A session without the FileSystem provider has no paths of files.
        _provider = state?.Provider.GetAll().FirstOrDefault(provider => provider.Name == FileSystem);
        _prefix = _provider is null ? "" : $"{_provider}::";
        // A drive such as Temp: is a folder of another drive. For a path of the file system, Get-Item uses the drive with the shorter root.
        _drives = [.. (_provider is null ? [] : state!.Drive.GetAllForProvider(FileSystem))
            .Where(drive => drive.Root.Length > 0).Select(drive => (drive.Root, drive)).OrderBy(drive => drive.Root.Length)];
    }

    /// <summary>The factory for the session of this thread.</summary>
    public static FileItemFactory Current => new(RunspaceData.Current.Engine?.SessionState);

    /// <summary>The path of a file that binds to <c>-LiteralPath</c> at any location of the session.</summary>
    public string PathOf(string path) => _prefix + path;

    /// <summary>Creates the item of a file.</summary>
    /// <param name="path">The full path of the file.</param>
    /// <param name="typeName">The type name for its own view; null for a plain file.</param>
    public PSObject Create(string path, string? typeName = null)
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

    /// <summary>Adds a property without checking for an existing one, because a file has no property with such a name.</summary>
    public static void Add(PSObject item, string name, object? value) =>
        item.Properties.Add(new PSNoteProperty(name, value), preValidated: true);

    /// <summary>The folder of a file. Most files have the same folder as the previous file.</summary>
    private Folder FolderOf(string path)
    {
        int length = path.Length - Path.GetFileName(path).Length;
        if (_lastFolder is { } last && last.Length == length && string.CompareOrdinal(path, 0, last.File, 0, length) == 0)
            return last;
        return _lastFolder = new Folder(path, length, Path.GetDirectoryName(path) is { } parent ? PathOf(parent) : "", DriveOf(path));
    }

    private PSDriveInfo? DriveOf(string path)
    {
        StringComparison comparison = Path.DirectorySeparatorChar == '\\' ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        return _drives.FirstOrDefault(drive => path.StartsWith(drive.Root, comparison)).Drive;
    }

    /// <summary>The common properties of the items of one folder.</summary>
    /// <param name="File">The path of a file in the folder.</param>
    /// <param name="Length">The length of the folder's path, with the separator at its end.</param>
    /// <param name="PSPath">The folder's path for binding.</param>
    /// <param name="Drive">The drive; null if no drive contains the folder.</param>
    private sealed record Folder(string File, int Length, string PSPath, PSDriveInfo? Drive);
}
