namespace NanoBanana.Client.Text;

/// <summary>
/// The texts that users see about a journal that can't be used. A reason begins with "it" or with what is wrong, because it follows a
/// colon, and ends with a period.
/// </summary>
internal static partial class Messages
{
    public static string JournalFileUnusable(string path, string reason) =>
        $"The journal '{path}' can't be used: {reason} The file was not changed. "
        + $"Fix the cause, move the file, or specify another file in {JournalVariable}.";

    public static string JournalDatabaseUnusable(string name, string reason) =>
        $"The journal '{name}' can't be used: {reason} Check the database, and its address in {JournalVariable}.";

    public const string JournalIsClosed = "it was closed.";

    public const string JournalIsLocked = "another process has locked it for too long.";

    public const string JournalIsReadOnly = "it can't be written.";

    public const string JournalIsEndless = "reading it does not end, so it is damaged.";

    public const string JournalIsDamaged = "it is damaged, or it is not a journal.";

    public const string JournalDiskIsFull = "the disk is full.";

    public const string JournalNotOpened = "it can't be opened.";

    public const string JournalOfAnotherProgram = "it is a database of another program.";

    public const string JournalTableOfAnotherProgram = "its table 'journal' belongs to another program.";

    public const string JournalWasReplaced = "another file has replaced it.";

    public const string JournalTablesReplaced = "its tables were replaced while it was open.";

    public const string RowsNotInOrder = "its rows are not in order, so it is damaged.";

    public const string EntryHasNoTask = "it has an entry without a task.";

    public const string MissingSqliteProtection = "SQLite does not support a setting that protects against manipulated files.";

    public const string OtherMachineWrites = "another machine is writing it, and this machine can only read its folder.";

    public static string ErrorOfSqlite(int code, string error) => FormattableString.Invariant($"SQLite error {code}: '{error}'.");

    public static string ColumnIsEmpty(int column) => $"column {column} of an entry is empty.";

    public static string NoSqliteForPlatform(string platform) => $"the module has no SQLite for this platform ({platform}).";

    public static string JournalOfNewerModule(int version, int supported) => FormattableString.Invariant(
        $"a newer NanoBanana wrote it (version {version}; this module supports {supported}). Update the module.");

    public static string LogWithoutFile(string log) =>
        $"it is empty or missing, but '{log}' beside it has entries. The file was replaced or removed without its log. "
        + "Restore the file that belongs to the log, or restore both from a backup.";

    public static string UnknownSchemaItem(string type, string name, int version) => FormattableString.Invariant(
        $"its {TextSafety.Excerpt(type, 20)} '{TextSafety.Excerpt(name, 60)}' is not part of a journal of version {version}.");

    public static string MissingSchemaItem(string name) => $"it has no '{name}'.";

    /// <param name="path">The file; null for the journal itself.</param>
    /// <param name="problem">The end of the sentence.</param>
    public static string FileNotTrusted(string? path, string problem) =>
        path is null ? $"it {problem}" : $"'{TextSafety.Clean(path)}' {problem}";

    public const string IsNotRegularFile = "is not a regular file.";

    public static string IsWritableByAll(uint owner) => $"belongs to another user ({owner}), and all users can write it.";

    public static string IsInFolderWritableByAll(uint owner) =>
        $"belongs to another user ({owner}), and all users can write to its folder.";

    public static string IsInFolderWritableByGroup(uint owner, uint group) =>
        $"belongs to another user ({owner}), and another group ({group}) can write to its folder.";

    public static string IsInFolderOfThirdUser(uint owner, uint folderOwner) =>
        $"belongs to another user ({owner}), and its folder belongs to a third user ({folderOwner}).";

    public static string LinkNotTrusted(string link, uint owner) =>
        $"'{TextSafety.Clean(link)}' is a link of another user ({owner}) in a folder that all users can write to.";

    public static string LinkNotFollowed(string link) => $"'{TextSafety.Clean(link)}' is a link that can't be followed.";

    public const string NetworkDrive = "a network drive";

    public static string JournalOnNetworkShare(string path, string kind) =>
        $"The journal '{path}' is on a network share ({kind}). SQLite keeps a file consistent on one machine only. "
        + "If two machines use the file at the same time, entries can be lost and requests can be paid for twice. "
        + $"Use the file from one machine only, or specify a file on a local disk in {JournalVariable}.";
}
