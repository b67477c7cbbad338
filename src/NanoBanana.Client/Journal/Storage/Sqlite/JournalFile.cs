namespace NanoBanana.Client.Journal.Storage.Sqlite;

/// <summary>
/// The file of a journal, and the files that SQLite writes beside it. This class is for Windows, where the permissions of the folder apply
/// and the data folder belongs to the user.
/// </summary>
internal class JournalFile
{
    protected JournalFile(string path) => Path = path;

    /// <summary>The full path with all symbolic links resolved. SQLite puts its other files into the same folder.</summary>
    public string Path { get; }

    /// <summary>Finds the file and checks its owner and permissions.</summary>
    /// <param name="path">The full path as the user gave it.</param>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.JournalRequired"/>: another user could write it.</exception>
    public static JournalFile Locate(string path)
    {
        try
        {
            JournalFile file = Of(path);
            file.Check();
            return file;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw SqliteStore.Unusable(path, e.Message, e);
        }
    }

    /// <summary>Checks the files as they are now. Later calls also check that the journal was not replaced.</summary>
    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.JournalRequired"/>: another user could write one of them.
    /// </exception>
    public virtual void Check()
    {
    }

    /// <summary>Creates the folder and the file. From the start, only the owner has access.</summary>
    public virtual void Create() => Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);

    /// <summary>
    /// Sets the permissions of files that this process has created: access for the owner, and for the group if the folder is shared with
    /// the group. A journal that existed keeps its permissions.
    /// </summary>
    public virtual void Restrict()
    {
    }

    private static JournalFile Of(string path) =>
#if NET
        OperatingSystem.IsWindows() ? new JournalFile(path) : new UnixJournalFile(path);
#else
        new(path);
#endif
}
