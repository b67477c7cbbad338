#if NET
using NanoBanana.Client.Files;

namespace NanoBanana.Client.Journal.Storage.Sqlite;

/// <summary>
/// Which files of a journal are used. One's own always. Those of another user only where nobody but that user and the file's
/// group can write them or replace them: a volume of a container, the share of a group. Access control lists are not seen.
/// </summary>
/// <param name="Folder">The folder of the files.</param>
/// <param name="User">The user that this process acts as.</param>
/// <param name="JournalOwner">Who owns the journal itself.</param>
internal readonly record struct SharedFileRule(FileStatus Folder, uint User, uint JournalOwner)
{
    private const uint Root = 0;

    /// <param name="file">The journal, or a file that SQLite keeps beside it.</param>
    /// <returns>Why it is not used, as the end of a sentence; null when it is.</returns>
    public string? Problem(FileStatus file)
    {
        if (!file.IsRegularFile)
            return "is not a regular file.";
        if (file.Owner == User)
            return null;
        string another = $"belongs to another user ({file.Owner}), and";
        if (file.IsWritableByOthers)
            return $"{another} everybody can write it.";
        if (Folder.IsWritableByOthers)
            return $"{another} everybody can write its folder.";
        if (Folder.IsWritableByGroup && Folder.Group != file.Group)
            return $"{another} another group ({Folder.Group}) can write its folder.";
        if (Folder.Owner != file.Owner && Folder.Owner != JournalOwner && Folder.Owner != User && Folder.Owner != Root)
            return $"{another} its folder to a third ({Folder.Owner}).";
        return null;
    }

    /// <summary>Whether a link is followed: not one that another user put where everybody can write.</summary>
    public static bool Trusts(FileStatus link, FileStatus folder, uint user) =>
        link.Owner == user || link.Owner == Root || !folder.IsWritableByOthers;
}
#endif
