using System.Globalization;
using Microsoft.Data.Sqlite;

namespace NanoBanana.Client.Journal;

/// <summary>Opens the file, brings it to this version, and says plainly what is wrong with one that can't be used.</summary>
internal static class JournalDatabase
{
    /// <summary>How long to wait for another process's commit.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.JournalRequired"/>: it can't be opened, is damaged, is none of ours, or is of a newer
    /// version. It is left as it is.
    /// </exception>
    public static SqliteConnection Open(string path, TimeSpan patience)
    {
        try
        {
#if !NET
            NativeSqlite.Load();
#endif
            PrepareFile(path);
            SqliteConnection connection = Connect(path, patience);
            try
            {
                // Looked at before anything is written: even the mode is a change of a file that is not ours.
                // One snapshot: a process that makes the file at this moment would seem to be another program.
                using (connection.BeginTransaction(deferred: true))
                    CheckOurs(connection, path);
                Execute(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;");
                Migrate(connection, path);
                OwnerOnly(path);
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
            throw Unusable(path, Explain(e), e);
        }
    }

    /// <summary>A connection to a file that nobody has looked at yet, and that is not to be changed; null when nothing is in it yet.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.JournalRequired"/>: it can't be read, or is none of ours.</exception>
    public static SqliteConnection? ConnectToRead(string path, TimeSpan patience)
    {
        SqliteConnection? connection = null;
        try
        {
#if !NET
            NativeSqlite.Load();
#endif
            connection = Connect(path, patience, SqliteOpenMode.ReadOnly);
            if (CheckOurs(connection, path) > 0)
                return connection;
            connection.Dispose();
            return null;
        }
        catch (Exception e) when (IsOfOpening(e) || e is NanoBananaException)
        {
            connection?.Dispose();
            throw e as NanoBananaException ?? Unusable(path, Explain(e), e);
        }
    }

    /// <summary>Another connection to a file that is open already.</summary>
    public static SqliteConnection Connect(string path, TimeSpan patience, SqliteOpenMode mode = SqliteOpenMode.ReadWriteCreate)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = mode,
            DefaultTimeout = Math.Max(1, (int)patience.TotalSeconds),
            Pooling = false,
        }.ToString());
        connection.Open();
        // SQLite's own wait looks again after a millisecond, the library's after 150; where SQLite does not wait, as when
        // the mode of a new file is changed, the library does.
        Execute(connection, FormattableString.Invariant($"PRAGMA busy_timeout = {patience.TotalMilliseconds:0}"));
        return connection;
    }

    public static NanoBananaException Unusable(string path, string why, Exception? inner = null) => new(
        NanoBananaErrorKind.JournalRequired,
        $"The journal '{path}' can't be used: {why} It is left as it is. Mend or move it, or name another file in $env:{JournalLocation.Variable}.",
        inner);

    public static string Explain(Exception e) => e is not SqliteException sqlite ? e.Message : sqlite.SqliteErrorCode switch
    {
        5 or 6 => "another process has kept it locked for too long.",
        8 => "it can't be written.",
        11 or 26 => "it is damaged, or is not a journal.",
        13 => "the disk is full.",
        14 => "it can't be opened.",
        _ => sqlite.Message,
    };

    /// <summary>Whether an error is of the file or its disk, so that the next change would meet it too.</summary>
    public static bool IsOfTheFile(Exception e) => e is SqliteException { SqliteErrorCode: not (1 or 18 or 19 or 20 or 25) } or ObjectDisposedException;

    public static void Execute(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static bool IsOfOpening(Exception e) =>
        e is SqliteException or IOException or UnauthorizedAccessException or DllNotFoundException or TypeInitializationException;

    /// <returns>The version; 0 when nothing is in it yet.</returns>
    private static int CheckOurs(SqliteConnection connection, string path)
    {
        int version = Number(connection, "PRAGMA user_version");
        int application = Number(connection, "PRAGMA application_id");
        if (application != JournalSchema.ApplicationId && (version != 0 || Number(connection, "SELECT COUNT(*) FROM sqlite_master") != 0))
            throw Unusable(path, "it is a database of another program.");
        if (version > JournalSchema.Version)
            throw Unusable(path, $"it was written by a newer NanoBanana (version {version}; this one knows {JournalSchema.Version}). Update the module.");
        return version;
    }

    private static void Migrate(SqliteConnection connection, string path)
    {
        if (Number(connection, "PRAGMA user_version") == JournalSchema.Version)
            return;
        // Two processes may find an old file at the same time: the version counts as it is inside the transaction.
        using SqliteTransaction transaction = connection.BeginTransaction(deferred: false);
        CheckOurs(connection, path);
        for (int step = Number(connection, "PRAGMA user_version"); step < JournalSchema.Version; step++)
            Execute(connection, JournalSchema.Steps[step]);
        Execute(connection, FormattableString.Invariant($"PRAGMA application_id = {JournalSchema.ApplicationId}; PRAGMA user_version = {JournalSchema.Version}"));
        transaction.Commit();
    }

    private static int Number(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt32(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    /// <summary>Makes folder and file, the owner's alone from the first moment on.</summary>
    private static void PrepareFile(string path)
    {
        string folder = Path.GetDirectoryName(path)!;
#if NET
        if (!OperatingSystem.IsWindows())
        {
            if (!Directory.Exists(folder))
                Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            if (!File.Exists(path))
                new FileStream(path, new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }).Dispose();
            return;
        }
#endif
        Directory.CreateDirectory(folder); // The user's data folder on Windows is the user's alone already.
    }

    private static void OwnerOnly(string path)
    {
#if NET
        if (OperatingSystem.IsWindows())
            return;
        foreach (string file in new[] { path, path + "-wal", path + "-shm" }.Where(File.Exists))
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
#endif
    }
}
