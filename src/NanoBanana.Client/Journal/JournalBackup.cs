using NanoBanana.Client.Files;

namespace NanoBanana.Client.Journal;

/// <summary>Writes a copy of the journal: consistent, in one file, also while other processes write the journal.</summary>
public static class JournalBackup
{
    /// <summary>Checks that a copy may be written.</summary>
    /// <param name="path">The full path of the copy.</param>
    /// <param name="journal">The journal, as users see it: a path, or the address of a database.</param>
    /// <param name="force">Whether a file of that name is replaced.</param>
    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.FileExists"/>: it exists, and <paramref name="force"/> is not given.
    /// <see cref="NanoBananaErrorKind.InvalidRequest"/>: it is a folder, or the journal itself.
    /// </exception>
    public static void Check(string path, string? journal, bool force)
    {
        if (Directory.Exists(path))
            throw new NanoBananaException(NanoBananaErrorKind.InvalidRequest, $"'{path}' is a folder. Give the name of a file in it, such as journal-backup.db.");
        if (journal is not null && !JournalStores.IsAddress(journal) && JournalLocation.PathComparer.Equals(path, journal))
            throw new NanoBananaException(NanoBananaErrorKind.InvalidRequest, $"'{path}' is the journal itself. Give another file.");
        if (File.Exists(path) && !force)
            throw new NanoBananaException(NanoBananaErrorKind.FileExists, $"'{path}' exists and is kept as it is. Replace it with -Force, or choose another name.");
    }

    /// <summary>Writes the copy under a temporary name beside its target and renames it when it is whole and on the disk.</summary>
    /// <param name="journal">The journal.</param>
    /// <param name="path">The full path of the copy.</param>
    /// <param name="force">Whether a file of that name is replaced.</param>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.WriteFailed"/>: it could not be written.</exception>
    public static void Write(JournalReader journal, string path, bool force)
    {
        string directory = Path.GetDirectoryName(path)!;
        string draft = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            Directory.CreateDirectory(directory);
            // SQLite fills an empty file that is there, with the permissions that it has.
            CreateForOwner(draft);
            journal.CopyTo(draft);
            using FileStream content = new(draft, FileMode.Open, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete);
            content.Flush(flushToDisk: true);
            PartFile.Rename(content, draft, path, force);
        }
        catch (Exception e) when (PartFile.IsOfTheDisk(e) || JournalStores.IsOfWriting(e.InnerException))
        {
            throw new NanoBananaException(NanoBananaErrorKind.WriteFailed, $"'{path}' could not be written: {(e.InnerException ?? e).Message} The journal is as it was.", e);
        }
        finally
        {
            // What SQLite keeps beside a file is gone when the file is whole.
            foreach (string part in (string[])["", "-wal", "-shm"])
                File.Delete(draft + part);
        }
    }

    private static void CreateForOwner(string path)
    {
#if NET
        if (!OperatingSystem.IsWindows())
        {
            new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }).Dispose();
            return;
        }
#endif
        new FileStream(path, FileMode.CreateNew, FileAccess.Write).Dispose();
    }
}
