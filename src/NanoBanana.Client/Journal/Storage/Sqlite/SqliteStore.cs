using System.Globalization;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace NanoBanana.Client.Journal.Storage.Sqlite;

/// <summary>A file of SQLite: opens it, brings it to this version, and says plainly what is wrong with one that can't be used.</summary>
/// <param name="path">The full path.</param>
internal sealed class SqliteStore(string path) : JournalStore
{
    /// <summary>The longest text that is read or written, in bytes: an answer has at most 8 MB, and JSON can take six times that.</summary>
    private const int LongestText = 64 * 1024 * 1024;

    /// <summary>
    /// The length of the write-ahead log at which it is moved into the file: 16 MB. Each commit writes the same few pages again, so that a long
    /// log is moved with less work than several short ones. See https://sqlite.org/wal.html#automatic_checkpoint.
    /// </summary>
    private const int PagesOfLog = 4000;

    public override string Name => path;

    public override bool IsShared => false;

    public override bool Exists => File.Exists(path);

    /// <summary>Opens or creates the file. The queries' connection is made when it is first needed.</summary>
    public override (JournalConnection Connection, JournalQueries Queries) Open(TimeSpan patience, TimeProvider time)
    {
        (QueryLimit limit, QueryLimit limitOfQueries) = (new(), new());
        SqliteConnection connection = ConnectToWrite(path, patience, limit);
        string file = connection.DataSource;
        return (
            new SqliteJournal(this, connection, limit, patience, time),
            new SqliteQueries(this, () => Connect(file, patience, limitOfQueries), limitOfQueries, time));
    }

    public override JournalQueries? OpenToRead(TimeSpan patience, TimeProvider time, CancellationToken stop)
    {
        var limit = new QueryLimit(stop);
        return File.Exists(path) && ConnectToRead(path, patience, limit) is { } connection
            ? new SqliteQueries(this, connection, limit, time)
            : null;
    }

    public override NanoBananaException Unusable(string why, Exception? inner = null) => Unusable(path, why, inner);

    public override bool IsOfTheStore(Exception e) => e is SqliteException { SqliteErrorCode: not (1 or 18 or 19 or 20 or 25) } or ObjectDisposedException;

    public override string Explain(Exception e) => Describe(e);

    private static SqliteConnection ConnectToWrite(string path, TimeSpan patience, QueryLimit limit)
    {
        try
        {
#if !NET
            NativeSqlite.Load();
#endif
            var file = JournalFile.Locate(path);
            CheckComplete(file.Path, path);
            file.Create();
            SqliteConnection connection = Connect(file.Path, patience, limit);
            try
            {
                file.Check();
                // Looked at before anything is written: even the mode is a change of a file that is not ours.
                CheckOurs(connection, path);
                // Free pages can be given back only in a file that was begun so.
                Execute(connection, "PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;");
                Execute(connection, FormattableString.Invariant($"PRAGMA wal_autocheckpoint = {PagesOfLog}"));
                // Now SQLite has all its files: one that somebody put there meanwhile holds nothing of ours yet.
                file.Check();
                Migrate(connection, path);
                file.Restrict();
                return connection;
            }
            catch
            {
                connection.Dispose();
                throw;
            }
        }
        catch (Exception e) when (IsOfOpening(e))
        {
            throw Unusable(path, Describe(e), e);
        }
    }

    /// <summary>A connection to a file that nobody has looked at yet, and that is not to be changed; null when nothing is in it yet.</summary>
    private static SqliteConnection? ConnectToRead(string path, TimeSpan patience, QueryLimit limit)
    {
        try
        {
#if !NET
            NativeSqlite.Load();
#endif
            var file = JournalFile.Locate(path);
            CheckComplete(file.Path, path);
            try
            {
                return ConnectToRead(file, file.Path, path, patience, limit);
            }
            catch (SqliteException e) when (ReadOnlyFolder.IsReason(e) && ReadOnlyFolder.SourceOf(file.Path, out string? copy) is { } source)
            {
                try
                {
                    SqliteConnection? connection = ConnectToRead(file, source, path, patience, limit);
                    if (connection is not null && copy is not null)
                        connection.Disposed += (_, _) => ReadOnlyFolder.Remove(copy);
                    else
                        ReadOnlyFolder.Remove(copy);
                    return connection;
                }
                catch
                {
                    ReadOnlyFolder.Remove(copy);
                    throw;
                }
            }
        }
        catch (Exception e) when (IsOfOpening(e))
        {
            if (limit.IsStop(e))
                limit.Begin();
            throw Unusable(path, Describe(e), e);
        }
    }

    private static SqliteConnection? ConnectToRead(JournalFile file, string source, string path, TimeSpan patience, QueryLimit limit)
    {
        SqliteConnection connection = Connect(source, patience, limit, SqliteOpenMode.ReadOnly);
        try
        {
            file.Check();
            int version = CheckOurs(connection, path);
            file.Check();
            if (version > 0 && version < SqliteSchema.Version)
                Execute(connection, SqliteSchema.AsThisVersion(version));
            if (version > 0)
                return connection;
            connection.Dispose();
            return null;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Another connection to a file that is open already.</summary>
    /// <param name="path">The path of <see cref="JournalFile"/>.</param>
    /// <param name="patience">How long to wait for another process's commit.</param>
    /// <param name="limit">Ends what has no end.</param>
    /// <param name="mode">Whether it writes.</param>
    private static SqliteConnection Connect(string path, TimeSpan patience, QueryLimit limit, SqliteOpenMode mode = SqliteOpenMode.ReadWriteCreate)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = mode,
            DefaultTimeout = Math.Max(1, (int)patience.TotalSeconds),
            Pooling = false,
        }.ToString());
        try
        {
            connection.Open();
            limit.Begin();
            limit.Watch(connection);
            Distrust(connection);
            // SQLite's own wait looks again after a millisecond, the library's after 150; where SQLite does not wait, as when
            // the mode of a new file is changed, the library does.
            Execute(connection, "PRAGMA cell_size_check = ON");
            SetPatience(connection, patience);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public static NanoBananaException Unusable(string path, string why, Exception? inner = null) => new(
        NanoBananaErrorKind.JournalRequired,
        $"The journal '{path}' can't be used: {why} It is left as it is. Mend or move it, or name another file in $env:{JournalLocation.Variable}.",
        inner);

    private static string Describe(Exception e) => e is not SqliteException sqlite ? DescribeOther(e) : sqlite.SqliteErrorCode switch
    {
        5 or 6 => "another process has kept it locked for too long.",
        8 => "it can't be written.",
        9 => "it is damaged: reading it does not end.",
        11 or 26 => "it is damaged, or is not a journal.",
        13 => "the disk is full.",
        14 => "it can't be opened.",
        _ => sqlite.Message,
    };

    /// <summary>The first use of SQLite runs its initializer, which looks for its native library.</summary>
    private static string DescribeOther(Exception e) => e.GetBaseException() is DllNotFoundException
#if NET
        ? $"it needs SQLite, and this module does not have SQLite for this platform ({System.Runtime.InteropServices.RuntimeInformation.RuntimeIdentifier})."
#else
        ? $"it needs SQLite, and this module does not have SQLite for this platform ({System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture})."
#endif
        : e.Message;

    /// <summary>Whether a file could not be written: permissions, the disk, no room, no folder.</summary>
    public static bool IsOfWriting(Exception? e) => e is SqliteException { SqliteErrorCode: 8 or 10 or 13 or 14 };

    /// <summary>Sets how long to wait for another process's commit: at least a second.</summary>
    public static void SetPatience(SqliteConnection connection, TimeSpan patience) =>
        Execute(connection, FormattableString.Invariant($"PRAGMA busy_timeout = {Math.Max(1000, patience.TotalMilliseconds):0}"));

    public static void Execute(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static bool IsOfOpening(Exception e) =>
        e is SqliteException or IOException or UnauthorizedAccessException or DllNotFoundException or TypeInitializationException;

    /// <summary>
    /// Nothing that a file defines runs: no view, no trigger, no function in its schema. Nor can SQL write what SQLite keeps
    /// for itself. See https://sqlite.org/security.html and https://sqlite.org/c3ref/c_dbconfig_defensive.html.
    /// </summary>
    private static void Distrust(SqliteConnection connection)
    {
        const int EnableTrigger = 1003, Defensive = 1010, EnableView = 1015, TrustedSchema = 1017, LengthLimit = 0;
        foreach ((int setting, int value) in new[] { (Defensive, 1), (TrustedSchema, 0), (EnableTrigger, 0), (EnableView, 0) })
        {
            int code = raw.sqlite3_db_config(connection.Handle, setting, value, out int result);
            if (code != 0 || result != value)
                throw new SqliteException("SQLite does not have a setting that protects from crafted files.", code == 0 ? 1 : code);
        }
        raw.sqlite3_limit(connection.Handle, LengthLimit, LongestText);
    }

    /// <summary>SQLite empties a write-ahead log whose file is empty or gone, and all entries in it with it.</summary>
    private static void CheckComplete(string file, string path)
    {
        var log = new FileInfo(file + "-wal");
        if (log is { Exists: true, Length: > 0 } && new FileInfo(file) is { Exists: false } or { Length: 0 })
            throw Unusable(path, $"it is empty, and '{log.Name}' beside it holds entries. The file was replaced or removed without it. Put the file back that belongs to it, or a backup of both.");
    }

    /// <returns>The version; 0 when nothing is in it yet.</returns>
    private static int CheckOurs(SqliteConnection connection, string path)
    {
        // One snapshot: a process that makes the file at this moment would seem to be another program.
        using SqliteTransaction snapshot = connection.BeginTransaction(deferred: true);
        return CheckOursInside(connection, path);
    }

    private static int CheckOursInside(SqliteConnection connection, string path)
    {
        int version = Number(connection, "PRAGMA user_version");
        int application = Number(connection, "PRAGMA application_id");
        if (version < 0 || (application != SqliteSchema.ApplicationId && (version != 0 || Number(connection, "SELECT COUNT(*) FROM sqlite_master") != 0)))
            throw Unusable(path, "it is a database of another program.");
        if (version > SqliteSchema.Version)
            throw Unusable(path, $"it was written by a newer NanoBanana (version {version}; this one knows {SqliteSchema.Version}). Update the module.");
        if (SchemaCheck.Difference(connection, version) is { } difference)
            throw Unusable(path, difference);
        return version;
    }

    private static void Migrate(SqliteConnection connection, string path)
    {
        if (Number(connection, "PRAGMA user_version") == SqliteSchema.Version)
            return;
        // Two processes may find an old file at the same time: the version counts as it is inside the transaction.
        using SqliteTransaction transaction = connection.BeginTransaction(deferred: false);
        CheckOursInside(connection, path);
        for (int step = Number(connection, "PRAGMA user_version"); step < SqliteSchema.Version; step++)
            Execute(connection, SqliteSchema.Steps[step]);
        Execute(connection, FormattableString.Invariant($"PRAGMA application_id = {SqliteSchema.ApplicationId}; PRAGMA user_version = {SqliteSchema.Version}"));
        transaction.Commit();
    }

    private static int Number(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt32(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }
}
