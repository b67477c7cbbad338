using System.Globalization;
using Microsoft.Data.Sqlite;
using NanoBanana.Client.Text;
using SQLitePCL;

namespace NanoBanana.Client.Journal.Storage.Sqlite;

/// <summary>An SQLite file: opens it, migrates it to this version, and reports why it can't be used.</summary>
/// <param name="path">The full path.</param>
internal sealed class SqliteStore(string path) : JournalStore
{
    /// <summary>The maximum length of a text in bytes. An answer has at most 8 MB, and its JSON can be six times longer.</summary>
    private const int MaximumTextBytes = 64 * 1024 * 1024;

    /// <summary>
    /// The length of the write-ahead log in pages (16 MB) at which SQLite moves it into the file. Each commit writes the same few pages, so
    /// moving a long log is less work than moving several short logs. See https://sqlite.org/wal.html#automatic_checkpoint.
    /// </summary>
    private const int LogPages = 4000;

    public override string Name => path;

    public override bool IsShared => false;

    public override bool Exists => File.Exists(path);

    /// <summary>Opens or creates the file. The connection for queries is made when it is first needed.</summary>
    public override (JournalConnection Connection, JournalQueries Queries) Open(TimeSpan lockTimeout, TimeProvider time)
    {
        (QueryLimit limit, QueryLimit limitOfQueries) = (new(), new());
        SqliteConnection connection = ConnectToWrite(path, lockTimeout, limit);
        string file = connection.DataSource;
        return (
            new SqliteJournalConnection(this, connection, limit, lockTimeout, time),
            new SqliteQueries(this, () => Connect(file, lockTimeout, limitOfQueries), limitOfQueries, time));
    }

    public override JournalQueries? OpenToRead(TimeSpan lockTimeout, TimeProvider time, CancellationToken stop)
    {
        var limit = new QueryLimit(stop);
        return File.Exists(path) && ConnectToRead(path, lockTimeout, limit) is { } connection
            ? new SqliteQueries(this, connection, limit, time)
            : null;
    }

    public override NanoBananaException Unusable(string why, Exception? inner = null) => Unusable(path, why, inner);

    public override bool IsStoreError(Exception e) => SqliteErrors.IsStoreError(e);

    public override string Explain(Exception e) => SqliteErrors.Explain(e);

    private static SqliteConnection ConnectToWrite(string path, TimeSpan lockTimeout, QueryLimit limit)
    {
        try
        {
#if !NET
            NativeSqlite.Load();
#endif
            var file = JournalFile.Locate(path);
            CheckComplete(file.Path, path);
            file.Create();
            SqliteConnection connection = Connect(file.Path, lockTimeout, limit);
            try
            {
                file.Check();
                // Checked before anything is written, because even the journal mode would change a file of another program.
                CheckIsJournal(connection, path);
                // Free pages can be returned only if the file was created with auto_vacuum.
                Execute(connection,
                    "PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;");
                Execute(connection, FormattableString.Invariant($"PRAGMA wal_autocheckpoint = {LogPages}"));
                // SQLite has created all of its files now, without data. They are checked again, because another user may have created one.
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
        catch (Exception e) when (SqliteErrors.IsOpenError(e))
        {
            throw Unusable(path, SqliteErrors.Explain(e), e);
        }
    }

    /// <summary>Opens a file that was not checked yet, to read it. It is not changed. Null if it is empty.</summary>
    private static SqliteConnection? ConnectToRead(string path, TimeSpan lockTimeout, QueryLimit limit)
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
                return ConnectToRead(file, file.Path, path, lockTimeout, limit);
            }
            catch (SqliteException e) when (ReadOnlyFolder.IsReason(e)
                && ReadOnlyFolder.SourceOf(file.Path, out string? copy) is { } source)
            {
                try
                {
                    SqliteConnection? connection = ConnectToRead(file, source, path, lockTimeout, limit);
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
        catch (Exception e) when (SqliteErrors.IsOpenError(e))
        {
            if (limit.IsStop(e))
                limit.Begin();
            throw Unusable(path, SqliteErrors.Explain(e), e);
        }
    }

    private static SqliteConnection? ConnectToRead(JournalFile file, string source, string path, TimeSpan lockTimeout, QueryLimit limit)
    {
        SqliteConnection connection = Connect(source, lockTimeout, limit, SqliteOpenMode.ReadOnly);
        try
        {
            file.Check();
            int version = CheckIsJournal(connection, path);
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
    /// <param name="lockTimeout">How long to wait for another process's commit.</param>
    /// <param name="limit">The limit of the connection.</param>
    /// <param name="mode">Whether the connection can write.</param>
    private static SqliteConnection Connect(
        string path, TimeSpan lockTimeout, QueryLimit limit, SqliteOpenMode mode = SqliteOpenMode.ReadWriteCreate)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = mode,
            DefaultTimeout = Math.Max(1, (int)lockTimeout.TotalSeconds),
            Pooling = false,
        }.ToString());
        try
        {
            connection.Open();
            limit.Begin();
            limit.ApplyTo(connection);
            Harden(connection);
            Execute(connection, "PRAGMA cell_size_check = ON");
            // In addition to DefaultTimeout: SQLite retries a lock after a millisecond, the library after 150. The library also waits where
            // SQLite does not, for example when the mode of a new file changes.
            SetLockTimeout(connection, lockTimeout);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public static NanoBananaException Unusable(string path, string why, Exception? inner = null) => new(
        NanoBananaErrorKind.JournalRequired, Messages.JournalFileUnusable(path, why), inner);

    /// <summary>Sets how long to wait for another process's commit: at least a second.</summary>
    public static void SetLockTimeout(SqliteConnection connection, TimeSpan lockTimeout) =>
        Execute(connection, FormattableString.Invariant($"PRAGMA busy_timeout = {Math.Max(1000, lockTimeout.TotalMilliseconds):0}"));

    public static void Execute(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>
    /// Protects against crafted files: views, triggers and functions in the schema of a file do not run, and SQL can't write the internal
    /// data of SQLite. See https://sqlite.org/security.html and https://sqlite.org/c3ref/c_dbconfig_defensive.html.
    /// </summary>
    private static void Harden(SqliteConnection connection)
    {
        const int EnableTrigger = 1003, Defensive = 1010, EnableView = 1015, TrustedSchema = 1017, LengthLimit = 0;
        foreach ((int setting, int value) in new[] { (Defensive, 1), (TrustedSchema, 0), (EnableTrigger, 0), (EnableView, 0) })
        {
            int code = raw.sqlite3_db_config(connection.Handle, setting, value, out int result);
            if (code != 0 || result != value)
                throw new SqliteException(Messages.MissingSqliteProtection, code == 0 ? 1 : code);
        }
        raw.sqlite3_limit(connection.Handle, LengthLimit, MaximumTextBytes);
    }

    /// <summary>Checks for a write-ahead log without its file. SQLite would remove the log, with all its entries.</summary>
    private static void CheckComplete(string file, string path)
    {
        var log = new FileInfo(file + "-wal");
        if (log is { Exists: true, Length: > 0 } && new FileInfo(file) is { Exists: false } or { Length: 0 })
            throw Unusable(path, Messages.LogWithoutFile(log.Name));
    }

    /// <returns>The version; 0 for an empty file.</returns>
    private static int CheckIsJournal(SqliteConnection connection, string path)
    {
        // In one snapshot: otherwise, a file that a process is creating would look like a file of another program.
        using SqliteTransaction snapshot = connection.BeginTransaction(deferred: true);
        return ReadVersion(connection, path);
    }

    private static int ReadVersion(SqliteConnection connection, string path)
    {
        int version = Number(connection, "PRAGMA user_version");
        int application = Number(connection, "PRAGMA application_id");
        if (version < 0 || (application != SqliteSchema.ApplicationId
            && (version != 0 || Number(connection, "SELECT COUNT(*) FROM sqlite_master") != 0)))
        {
            throw Unusable(path, Messages.JournalOfAnotherProgram);
        }
        if (version > SqliteSchema.Version)
            throw Unusable(path, Messages.JournalOfNewerModule(version, SqliteSchema.Version));
        if (SchemaCheck.Difference(connection, version) is { } difference)
            throw Unusable(path, difference);
        return version;
    }

    private static void Migrate(SqliteConnection connection, string path)
    {
        if (Number(connection, "PRAGMA user_version") == SqliteSchema.Version)
            return;
        // Two processes can find an old file at the same time, so the version is read inside the transaction.
        using SqliteTransaction transaction = connection.BeginTransaction(deferred: false);
        ReadVersion(connection, path);
        for (int step = Number(connection, "PRAGMA user_version"); step < SqliteSchema.Version; step++)
            Execute(connection, SqliteSchema.Steps[step]);
        Execute(connection, FormattableString.Invariant(
            $"PRAGMA application_id = {SqliteSchema.ApplicationId}; PRAGMA user_version = {SqliteSchema.Version}"));
        transaction.Commit();
    }

    private static int Number(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt32(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }
}
