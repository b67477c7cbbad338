#if NET
using NanoBanana.Client.Files;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Journal.Storage.Sqlite;

/// <summary>
/// Decides which files of a journal are used. Files of the current user are always used. Files of another user are used only if no one
/// except that user and the group of the file can write or replace them, as in a volume of a container or a share of a group. Access
/// control lists are not checked.
/// </summary>
/// <param name="Folder">The folder of the files.</param>
/// <param name="User">The effective user of this process.</param>
/// <param name="JournalOwner">The owner of the journal file.</param>
internal readonly record struct SharedFileRule(FileStatus Folder, uint User, uint JournalOwner)
{
    private const uint Root = 0;

    /// <param name="file">The journal, or a file that SQLite writes beside it.</param>
    /// <returns>Why it is not used, as the end of a sentence; null if it is used.</returns>
    public string? Problem(FileStatus file)
    {
        if (!file.IsRegularFile)
            return Messages.IsNotRegularFile;
        if (file.Owner == User)
            return null;
        if (file.IsWritableByOthers)
            return Messages.IsWritableByAll(file.Owner);
        if (Folder.IsWritableByOthers)
            return Messages.IsInFolderWritableByAll(file.Owner);
        if (Folder.IsWritableByGroup && Folder.Group != file.Group)
            return Messages.IsInFolderWritableByGroup(file.Owner, Folder.Group);
        if (Folder.Owner != file.Owner && Folder.Owner != JournalOwner && Folder.Owner != User && Folder.Owner != Root)
            return Messages.IsInFolderOfThirdUser(file.Owner, Folder.Owner);
        return null;
    }

    /// <summary>Whether a link is followed. A link of another user in a folder that all users can write to is not followed.</summary>
    public static bool Trusts(FileStatus link, FileStatus folder, uint user) =>
        link.Owner == user || link.Owner == Root || !folder.IsWritableByOthers;
}
#endif
