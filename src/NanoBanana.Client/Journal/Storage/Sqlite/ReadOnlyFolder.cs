using Microsoft.Data.Sqlite;

namespace NanoBanana.Client.Journal.Storage.Sqlite;

/// <summary>
/// Reads a journal in a folder that can't be written, such as a read-only mount. In WAL mode every reader needs a <c>-shm</c> file beside
/// the journal; where there is none and none can be made, SQLite opens nothing. See https://sqlite.org/wal.html#readonly.
/// </summary>
internal static class ReadOnlyFolder
{
    private const int MostTries = 3;

    /// <summary>Whether an error is that of a folder that can't be written: SQLITE_CANTOPEN or SQLITE_READONLY.</summary>
    public static bool IsReason(SqliteException e) => e.SqliteErrorCode is 8 or 14;

    /// <summary>What to open in place of a journal.</summary>
    /// <param name="path">The journal.</param>
    /// <param name="copy">A folder to remove when the connection is closed; null where there is none.</param>
    /// <returns>A data source; null where the journal can't be read at all.</returns>
    public static string? SourceOf(string path, out string? copy)
    {
        copy = null;
        // Where it is, SQLite reads it, and has refused for another reason. Also, whoever has the journal open has one.
        if (File.Exists(path + "-shm"))
            return null;
        // With entries in the log the file alone is an old state, or a torn one: SQLite replays the log in a copy of both.
        if (new FileInfo(path + "-wal") is { Exists: true, Length: > 0 })
        {
            copy = CopyOf(path);
            return Path.Combine(copy, "journal.db");
        }
        // No log: no process has it open, so nothing changes while it is read. See https://sqlite.org/uri.html#uriimmutable.
        return UriOf(path) + "?immutable=1";
    }

    /// <summary>Removes a copy, if there is one.</summary>
    public static void Remove(string? copy)
    {
        try
        {
            if (copy is not null)
                Directory.Delete(copy, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The system empties its folder for temporary files.
        }
    }

    /// <summary>Copies journal and log as they were at one moment.</summary>
    /// <exception cref="IOException">Another machine writes them all the time.</exception>
    private static string CopyOf(string path)
    {
        string folder = NewFolder();
        try
        {
            for (int i = 0; i < MostTries; i++)
            {
                string before = StateOf(path);
                File.Copy(path, Path.Combine(folder, "journal.db"), overwrite: true);
                File.Copy(path + "-wal", Path.Combine(folder, "journal.db-wal"), overwrite: true);
                if (StateOf(path) == before)
                {
                    MakeWritable(folder);
                    return folder;
                }
            }
            throw new IOException("another machine is writing it, and this one can only read its folder.");
        }
        catch
        {
            Remove(folder);
            throw;
        }
    }

    private static string StateOf(string path) => string.Join("|", new[] { path, path + "-wal" }.Select(file => new FileInfo(file))
        .Select(file => FormattableString.Invariant($"{file.Length} {file.LastWriteTimeUtc.Ticks}")));

    /// <summary>A path as SQLite takes it in a URI, see https://sqlite.org/uri.html.</summary>
    private static string UriOf(string path)
    {
        string slashes = Path.DirectorySeparatorChar == '\\' ? path.Replace('\\', '/') : path;
        return "file://" + (slashes[0] == '/' ? "" : "/") + string.Join("/", slashes.Split('/').Select(Uri.EscapeDataString));
    }

    /// <summary>The copies have the permissions of the originals.</summary>
    private static void MakeWritable(string folder)
    {
        foreach (string file in Directory.GetFiles(folder))
        {
#if NET
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
                continue;
            }
#endif
            File.SetAttributes(file, FileAttributes.Normal);
        }
    }

    private static string NewFolder() =>
#if NET
        Directory.CreateTempSubdirectory("nanobanana-journal-").FullName;
#else
        Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), "nanobanana-journal-" + Guid.NewGuid().ToString("N"))).FullName;
#endif
}
