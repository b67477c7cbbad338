using NanoBanana.Client.Files;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Journal;

/// <summary>Writes a consistent copy of the journal to one file, even while other processes write the journal.</summary>
public static class JournalBackup
{
    /// <summary>Checks that a copy may be written.</summary>
    /// <param name="path">The full path of the copy.</param>
    /// <param name="journal">The journal: a path, or the address of a database without its password.</param>
    /// <param name="force">Whether an existing file is replaced.</param>
    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.FileExists"/>: it exists, and <paramref name="force"/> is not given.
    /// <see cref="NanoBananaErrorKind.InvalidRequest"/>: it is a folder, or the journal itself.
    /// </exception>
    public static void Check(string path, string? journal, bool force)
    {
        if (Directory.Exists(path))
            throw new NanoBananaException(NanoBananaErrorKind.InvalidRequest, Messages.FileIsFolder(path, "journal-backup.db"));
        if (journal is not null && !JournalStores.IsAddress(journal) && JournalLocation.PathComparer.Equals(path, journal))
            throw new NanoBananaException(NanoBananaErrorKind.InvalidRequest, Messages.DestinationIsJournal(path));
        if (File.Exists(path) && !force)
            throw new NanoBananaException(NanoBananaErrorKind.FileExists, Messages.FileExists(path));
    }

    /// <summary>Writes the copy under a temporary name in the same folder, and renames it when it is complete and on the disk.</summary>
    /// <param name="journal">The journal.</param>
    /// <param name="path">The full path of the copy.</param>
    /// <param name="force">Whether an existing file is replaced.</param>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.WriteFailed"/>: it could not be written.</exception>
    public static void Write(JournalReader journal, string path, bool force)
    {
        string directory = Path.GetDirectoryName(path)!;
        string draft = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            Directory.CreateDirectory(directory);
            // SQLite writes into the existing empty file and keeps its permissions.
            CreateForOwner(draft);
            journal.CopyTo(draft);
            using FileStream content = new(draft, FileMode.Open, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete);
            content.Flush(flushToDisk: true);
            PartFile.Rename(content, draft, path, force);
        }
        catch (Exception e) when (PartFile.IsDiskError(e) || JournalStores.IsWriteError(e.InnerException))
        {
            string error = (e.InnerException ?? e).Message;
            throw new NanoBananaException(NanoBananaErrorKind.WriteFailed, Messages.BackupNotWritten(path, error), e);
        }
        finally
        {
            // When the file is complete, SQLite no longer has files beside it.
            foreach (string part in (string[])["", "-wal", "-shm"])
                PartFile.TryDelete(draft + part);
        }
    }

    private static void CreateForOwner(string path)
    {
#if NET
        if (!OperatingSystem.IsWindows())
        {
            const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = Owner };
            new FileStream(path, options).Dispose();
            return;
        }
#endif
        new FileStream(path, FileMode.CreateNew, FileAccess.Write).Dispose();
    }
}
