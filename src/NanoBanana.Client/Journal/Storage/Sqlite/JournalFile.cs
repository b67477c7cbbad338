namespace NanoBanana.Client.Journal.Storage.Sqlite;

/// <summary>
/// The file that a journal's path leads to, and the files that SQLite keeps beside it. This one is Windows's: there the
/// permissions of the folder decide, and the data folder is the user's own.
/// </summary>
internal class JournalFile
{
    protected JournalFile(string path) => Path = path;

    /// <summary>The full path without a link in it, where the system has such: SQLite puts its other files there too.</summary>
    public string Path { get; }

    /// <summary>Finds the file and checks whose it is.</summary>
    /// <param name="path">The full path as the user gave it.</param>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.JournalRequired"/>: somebody else could write it.</exception>
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

    /// <summary>Checks the files as they are now; a second time also that the journal is the one of the first time.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.JournalRequired"/>: somebody else could write one of them.</exception>
    public virtual void Check()
    {
    }

    /// <summary>Makes folder and file, the owner's alone from the first moment on.</summary>
    public virtual void Create() => Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);

    /// <summary>
    /// Sets the permissions of files that this process has just made: the owner's alone, and those of the group where the folder is
    /// shared with it. A journal that existed keeps its permissions: whoever set them decides.
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
