using System.Text.RegularExpressions;
using NanoBanana.Client.Journal.Storage;
using NanoBanana.Client.Journal.Storage.Sqlite;
#if NET
using NanoBanana.Client.Journal.Storage.Postgres;
#else
using NanoBanana.Client.Text;
#endif

namespace NanoBanana.Client.Journal;

/// <summary>Chooses the store of a journal. No other code uses both kinds of stores.</summary>
internal static class JournalStores
{
    /// <summary>
    /// Matches a URI of any scheme, and a connection string of .NET: they are meant as databases. As a path, such a value would be a
    /// journal of this machine only, and a password in it would be part of a file name.
    /// </summary>
    private static readonly Regex Address = new(
        @"^\s*([a-z][a-z0-9+.:-]*://|(host|server|data source|user id|username)\s*=)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    /// <summary>Whether a place is the address of a database, not a path.</summary>
    public static bool IsAddress(string place) => Address.IsMatch(place);

    /// <summary>Checks an address.</summary>
    /// <returns>The address without its password, for users.</returns>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidRequest"/>: the address is not valid.</exception>
    public static string NameOf(string address) =>
#if NET
        PostgresAddress.Parse(address).Name;
#else
        throw new NanoBananaException(NanoBananaErrorKind.InvalidRequest, Messages.DatabaseNeedsPowerShell7);
#endif

    /// <summary>The store at a place.</summary>
    /// <param name="place">The full path of a file, or an address that was checked.</param>
    public static JournalStore Of(string place) =>
#if NET
        IsAddress(place) ? new PostgresStore(PostgresAddress.Parse(place)) :
#endif
        new SqliteStore(place);

    /// <summary>Whether an error of SQLite means that a file could not be written.</summary>
    public static bool IsWriteError(Exception? e) => SqliteErrors.IsWriteError(e);

    /// <summary>The kind of network share that a file is on; null for a local disk.</summary>
    public static string? NetworkKind(string path) => NetworkShare.KindOf(path);
}
