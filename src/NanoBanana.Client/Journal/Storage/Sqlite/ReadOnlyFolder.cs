using Microsoft.Data.Sqlite;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Journal.Storage.Sqlite;

/// <summary>
/// Reads a journal in a folder that can't be written, such as a read-only mount. In WAL mode, every reader needs a <c>-shm</c> file beside
/// the journal. If the file does not exist and can't be created, SQLite can't open the journal. See https://sqlite.org/wal.html#readonly.
/// </summary>
internal static class ReadOnlyFolder
{
    private const int MaximumTries = 3;

    /// <summary>Whether an error can come from a folder that can't be written: SQLITE_CANTOPEN or SQLITE_READONLY.</summary>
    public static bool IsReason(SqliteException e) => e.SqliteErrorCode is 8 or 14;

    /// <summary>The data source to open in place of a journal.</summary>
    /// <param name="path">The journal.</param>
    /// <param name="copy">A folder to remove when the connection is closed; null without a copy.</param>
    /// <returns>A data source; null if the journal can't be read.</returns>
    public static string? SourceOf(string path, out string? copy)
    {
        copy = null;
        // If the file exists, SQLite has failed for another reason. It also exists while another process has the journal open.
        if (File.Exists(path + "-shm"))
            return null;
        // If the log has entries, the file without it is old or incomplete. SQLite replays the log in a copy of both.
        if (new FileInfo(path + "-wal") is { Exists: true, Length: > 0 })
        {
            copy = CopyOf(path);
            return Path.Combine(copy, "journal.db");
        }
        // Without a log, no process has the journal open, so it does not change while it is read. See
        // https://sqlite.org/uri.html#uriimmutable.
        return UriOf(path) + "?immutable=1";
    }

    /// <summary>Removes a copy, if it is not null.</summary>
    public static void Remove(string? copy)
    {
        try
        {
            if (copy is not null)
                Directory.Delete(copy, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The system removes temporary files later.
        }
    }

    /// <summary>Copies a consistent state of the journal and its log.</summary>
    /// <exception cref="IOException">Another machine keeps changing them.</exception>
    private static string CopyOf(string path)
    {
        string folder = NewFolder();
        try
        {
            for (int i = 0; i < MaximumTries; i++)
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
            throw new IOException(Messages.OtherMachineWrites);
        }
        catch
        {
            Remove(folder);
            throw;
        }
    }

    private static string StateOf(string path) => string.Join("|", new[] { path, path + "-wal" }.Select(file => new FileInfo(file))
        .Select(file => FormattableString.Invariant($"{file.Length} {file.LastWriteTimeUtc.Ticks}")));

    /// <summary>A path as a URI for SQLite. See https://sqlite.org/uri.html.</summary>
    private static string UriOf(string path)
    {
        string slashes = Path.DirectorySeparatorChar == '\\' ? path.Replace('\\', '/') : path;
        return "file://" + (slashes[0] == '/' ? "" : "/") + string.Join("/", slashes.Split('/').Select(Uri.EscapeDataString));
    }

    /// <summary>Makes the copies writable, because they have the permissions of the originals.</summary>
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
