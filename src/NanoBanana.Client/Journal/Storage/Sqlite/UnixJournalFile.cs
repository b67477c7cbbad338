#if NET
using System.Runtime.Versioning;
using NanoBanana.Client.Files;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Journal.Storage.Sqlite;

/// <summary>
/// Checks the owner and the permissions of the files of a journal: before the first byte is read or written, and again when SQLite has
/// opened them.
/// </summary>
/// <remarks>
/// The files are never opened here. POSIX locks belong to a process and a file, so closing a second handle would release the locks of
/// SQLite. See https://sqlite.org/howtocorrupt.html, section 2.2.
/// </remarks>
/// <param name="named">The full path as the user gave it.</param>
[UnsupportedOSPlatform("windows")]
internal sealed class UnixJournalFile(string named) : JournalFile(TrustedPath.Resolve(named))
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerAndGroup = Owner | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;

    private FileStatus? _seen;
    private bool _isNew;

    private string Folder => System.IO.Path.GetDirectoryName(Path)!;

    private string[] All => [Path, Path + "-wal", Path + "-shm", Path + "-journal"];

    public override void Check()
    {
        FileStatus? journal = FileStatus.OfLink(Path);
        if (_seen is { } before && before.Identity != journal?.Identity)
            throw SqliteStore.Unusable(named, Messages.JournalWasReplaced);
        _seen = journal;
        if (FileStatus.Of(Folder) is not { } folder)
            return;
        var rule = new SharedFileRule(folder, FileStatus.CurrentUser, journal?.Owner ?? FileStatus.CurrentUser);
        foreach (string path in All)
        {
            if (FileStatus.OfLink(path) is { } status && rule.Problem(status) is { } problem)
                throw SqliteStore.Unusable(named, Messages.FileNotTrusted(path == named ? null : path, problem));
        }
    }

    public override void Create()
    {
        if (!Directory.Exists(Folder))
            Directory.CreateDirectory(Folder, Owner | UnixFileMode.UserExecute);
        try
        {
            // Only a new file is opened, never an existing one.
            if (!File.Exists(Path))
            {
                var options = new FileStreamOptions
                {
                    Mode = FileMode.CreateNew,
                    Access = FileAccess.Write,
                    Share = FileShare.ReadWrite,
                    UnixCreateMode = Owner,
                };
                new FileStream(Path, options).Dispose();
                _isNew = true;
            }
        }
        catch (IOException) when (File.Exists(Path))
        {
            // Another process has created it.
        }
        Check();
    }

    public override void Restrict()
    {
        if (!_isNew || FileStatus.Of(Folder) is not { } folder || FileStatus.OfLink(Path) is not { } journal)
            return;
        // A group that can write to the folder could replace the files anyway, so it gets access to them.
        bool isShared = folder is { IsWritableByGroup: true, IsWritableByOthers: false } && folder.Group == journal.Group;
        UnixFileMode wanted = isShared ? OwnerAndGroup : Owner;
        foreach (string path in All)
        {
            if (FileStatus.OfLink(path) is { } status && status.Owner == FileStatus.CurrentUser
                && (UnixFileMode)(status.Mode & 0xFFF) != wanted)
            {
                TryChange(path, wanted);
            }
        }
    }

    private static void TryChange(string path, UnixFileMode mode)
    {
        try
        {
            File.SetUnixFileMode(path, mode);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // File systems without permissions (FAT, some network shares) refuse it, or SQLite has removed the file.
        }
    }
}
#endif
