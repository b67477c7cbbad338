using Microsoft.Data.Sqlite;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Journal.Storage.Sqlite;

/// <summary>The meanings of errors of SQLite. For the codes, see https://sqlite.org/rescode.html.</summary>
internal static class SqliteErrors
{
    /// <summary>Whether an error is of the file or its disk, and not of one change.</summary>
    public static bool IsStoreError(Exception e) =>
        // Errors of one change: a statement that is not valid, a value that is too long, a constraint, a type, an index of a parameter.
        e is SqliteException { SqliteErrorCode: not (1 or 18 or 19 or 20 or 25) } or ObjectDisposedException;

    /// <summary>Whether a file could not be opened, or SQLite could not be loaded.</summary>
    public static bool IsOpenError(Exception e) =>
        e is SqliteException or IOException or UnauthorizedAccessException or DllNotFoundException or TypeInitializationException;

    /// <summary>Whether a file could not be written: no permission, a full or broken disk, or no folder.</summary>
    public static bool IsWriteError(Exception? e) => e is SqliteException { SqliteErrorCode: 8 or 10 or 13 or 14 };

    /// <summary>The reason of an error, as a sentence.</summary>
    public static string Explain(Exception e) => e is not SqliteException sqlite ? ExplainOther(e) : sqlite.SqliteErrorCode switch
    {
        5 or 6 => Messages.JournalIsLocked,
        8 => Messages.JournalIsReadOnly,
        9 => Messages.JournalIsEndless,
        11 or 26 => Messages.JournalIsDamaged,
        13 => Messages.JournalDiskIsFull,
        14 => Messages.JournalNotOpened,
        _ => sqlite.Message,
    };

    /// <summary>The first use of SQLite runs its initializer, which searches for the native library.</summary>
    private static string ExplainOther(Exception e) => e.GetBaseException() is DllNotFoundException
#if NET
        ? Messages.NoSqliteForPlatform(System.Runtime.InteropServices.RuntimeInformation.RuntimeIdentifier)
#else
        ? Messages.NoSqliteForPlatform(System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture.ToString())
#endif
        : e.Message;
}
