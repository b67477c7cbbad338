using Microsoft.Data.Sqlite;

namespace NanoBanana.Client.Journal;

/// <summary>Opens the file, brings it to this version, and says plainly what is wrong with one that can't be used.</summary>
internal static class JournalDatabase
{
    /// <summary>How long to wait for another process's commit, in seconds.</summary>
    private const int BusySeconds = 20;

    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.JournalRequired"/>: it can't be opened, is damaged, or is of a newer version. It is
    /// left as it is.
    /// </exception>
    public static SqliteConnection Open(string path)
    {
        try
        {
#if !NET
            NativeSqlite.Load();
#endif
            PrepareFolder(path);
            SqliteConnection connection = Connect(path);
            try
            {
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
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException or DllNotFoundException or TypeInitializationException)
        {
            throw Unusable(path, Explain(e), e);
        }
    }

    /// <summary>Another connection to a file that is open already.</summary>
    public static SqliteConnection Connect(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            DefaultTimeout = BusySeconds,
            Pooling = false,
        }.ToString());
        connection.Open();
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

    public static void Execute(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static void Migrate(SqliteConnection connection, string path)
    {
        if (VersionOf(connection) == JournalSchema.Version)
            return;
        // Two processes may find an old file at the same time: the version counts as it is inside the transaction.
        using SqliteTransaction transaction = connection.BeginTransaction(deferred: false);
        int version = VersionOf(connection);
        if (version > JournalSchema.Version)
            throw Unusable(path, $"it was written by a newer NanoBanana (version {version}; this one knows {JournalSchema.Version}). Update the module.");
        for (int step = version; step < JournalSchema.Version; step++)
            Execute(connection, JournalSchema.Steps[step]);
        Execute(connection, FormattableString.Invariant($"PRAGMA user_version = {JournalSchema.Version}"));
        transaction.Commit();
    }

    private static int VersionOf(SqliteConnection connection)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "PRAGMA user_version";
        return Convert.ToInt32(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
    }

    private static void PrepareFolder(string path)
    {
        string folder = Path.GetDirectoryName(path)!;
        if (Directory.Exists(folder))
            return;
#if NET
        if (!OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
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
