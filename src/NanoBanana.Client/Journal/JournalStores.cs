using System.Text.RegularExpressions;
using NanoBanana.Client.Journal.Storage;
using NanoBanana.Client.Journal.Storage.Sqlite;
#if NET
using NanoBanana.Client.Journal.Storage.Postgres;
#endif

namespace NanoBanana.Client.Journal;

/// <summary>The only place that names both kinds of stores.</summary>
internal static class JournalStores
{
    /// <summary>
    /// A URI of any scheme, and a connection string as .NET writes it: whoever gives one means a database. Taken for a path, it would be a
    /// journal of this machine alone, and a password in it the name of a file.
    /// </summary>
    private static readonly Regex Address = new(@"^\s*([a-z][a-z0-9+.:-]*://|(host|server|data source|user id|username)\s*=)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    /// <summary>Whether a place is the address of a database, and no path.</summary>
    public static bool IsAddress(string place) => Address.IsMatch(place);

    /// <summary>Checks an address.</summary>
    /// <returns>The address as users may see it: without its password.</returns>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidRequest"/>: it can't be used as it is.</exception>
    public static string NameOf(string address) =>
#if NET
        PostgresAddress.Parse(address).Name;
#else
        throw new NanoBananaException(NanoBananaErrorKind.InvalidRequest, "A journal in PostgreSQL needs PowerShell 7.4 or later; Windows PowerShell has no driver for it. Name a file, or use pwsh.");
#endif

    /// <summary>The store at a place.</summary>
    /// <param name="place">The full path of a file, or an address that was checked.</param>
    public static JournalStore Of(string place) =>
#if NET
        IsAddress(place) ? new PostgresStore(PostgresAddress.Parse(place)) :
#endif
        new SqliteStore(place);

    /// <summary>Whether a file could not be written: permissions, the disk, no room, no folder.</summary>
    public static bool IsOfWriting(Exception? e) => SqliteStore.IsOfWriting(e);

    /// <summary>What kind of network share a file is on; null where it is on none.</summary>
    public static string? NetworkKind(string path) => NetworkShare.KindOf(path);

    /// <summary>The warning about a file on a network share.</summary>
    public static string NetworkWarning(string path, string kind) => NetworkShare.Warning(path, kind);
}
