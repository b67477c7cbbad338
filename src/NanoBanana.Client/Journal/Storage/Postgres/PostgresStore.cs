using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using NanoBanana.Client.Text;
using Npgsql;

namespace NanoBanana.Client.Journal.Storage.Postgres;

/// <summary>A journal that several machines share: a schema of a PostgreSQL database (decision 0032).</summary>
/// <param name="address">Its address.</param>
internal sealed class PostgresStore(PostgresAddress address) : JournalStore
{
    /// <summary>
    /// The time after which the server ends an idle transaction. A process that is stopped in a transaction blocks all others until then.
    /// </summary>
    private static readonly TimeSpan IdleLimit = TimeSpan.FromSeconds(5);

    /// <summary>The maximum time of a query.</summary>
    private static readonly TimeSpan QueryLimit = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan MinimumLockTimeout = TimeSpan.FromSeconds(2);

    /// <summary>The data sources by connection string. Without a pool, they have nothing to dispose.</summary>
    private readonly ConcurrentDictionary<string, NpgsqlDataSource> _sources = new(StringComparer.Ordinal);

    private string? _durabilityWarning;
    private long _lastCommit;

    public override string Name => address.Name;

    public override bool IsShared => true;

    public override bool Exists => true;

    public override string? DurabilityWarning => _durabilityWarning;

    public override (JournalConnection Connection, JournalQueries Queries) Open(TimeSpan lockTimeout, TimeProvider time)
    {
        try
        {
            using NpgsqlConnection connection = Connect(lockTimeout);
            if (VersionOf(connection) != PostgresSchema.Version)
                Migrate(connection);
            _durabilityWarning = DurabilityWarningOf(connection);
        }
        catch (Exception e) when (PostgresErrors.IsStoreError(e) || e is PostgresException)
        {
            throw Unusable(Explain(e), e);
        }
        TimeProvider? clock = ClockOf(time);
        return (
            new PostgresJournalConnection(this, lockTimeout, clock),
            new PostgresQueries(this, null, lockTimeout, clock, CancellationToken.None));
    }

    public override JournalQueries? OpenToRead(TimeSpan lockTimeout, TimeProvider time, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        NpgsqlConnection? connection = null;
        try
        {
            connection = Connect(lockTimeout);
            if (VersionOf(connection) > 0)
                return new PostgresQueries(this, connection, lockTimeout, ClockOf(time), stop);
            connection.Dispose();
            return null;
        }
        catch (Exception e)
        {
            connection?.Dispose();
            if (PostgresErrors.IsStoreError(e) || e is PostgresException)
                throw Unusable(Explain(e), e);
            throw;
        }
    }

    public override NanoBananaException Unusable(string why, Exception? inner = null) => new(
        NanoBananaErrorKind.JournalRequired, Messages.JournalDatabaseUnusable(Name, why), inner);

    public override bool IsStoreError(Exception e) => PostgresErrors.IsStoreError(e);

    public override string Explain(Exception e) => PostgresErrors.Explain(e);

    /// <summary>When the last change was committed. It shows that the database is available for queries that failed before.</summary>
    public long LastCommit => Volatile.Read(ref _lastCommit);

    /// <summary>Records that a change was committed.</summary>
    public void Committed() => Volatile.Write(ref _lastCommit, Stopwatch.GetTimestamp());

    /// <summary>Opens a connection.</summary>
    /// <param name="lockTimeout">How long to wait for the connection, and for the answer to a command.</param>
    public NpgsqlConnection Connect(TimeSpan lockTimeout)
    {
        TimeSpan timeout = lockTimeout < MinimumLockTimeout ? MinimumLockTimeout : lockTimeout;
        NpgsqlDataSource source = _sources.GetOrAdd(address.ConnectionString(timeout), text =>
        {
            var builder = new NpgsqlDataSourceBuilder(text);
            // All types are built in. Loading other types would need another query.
            builder.ConfigureTypeLoading(loading => loading.EnableTypeLoading(false));
            return builder.Build();
        });
        NpgsqlConnection connection = source.CreateConnection();
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>
    /// The first statements of a transaction. Settings apply to the transaction, because PgBouncer can share the session.
    /// </summary>
    public IEnumerable<string> Begin(bool isToWrite, TimeSpan lockTimeout)
    {
        yield return isToWrite ? "BEGIN" : "BEGIN READ ONLY";
        yield return $"SET LOCAL search_path = {address.QuotedSchema}";
        if (isToWrite)
        {
            yield return Setting("lock_timeout", lockTimeout < MinimumLockTimeout ? MinimumLockTimeout : lockTimeout);
            yield return Setting("idle_in_transaction_session_timeout", IdleLimit);
        }
        yield return Setting("statement_timeout", QueryLimit);
    }

    /// <summary>
    /// The first statements of a transaction over one snapshot. A copy is written between its queries, so it has no limit for idle time.
    /// </summary>
    public IEnumerable<string> BeginSnapshot() =>
    [
        "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        $"SET LOCAL search_path = {address.QuotedSchema}",
        Setting("idle_in_transaction_session_timeout", TimeSpan.Zero),
        Setting("statement_timeout", QueryLimit),
    ];

    /// <summary>Checks the current version of the tables, because another machine can have a newer module.</summary>
    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.JournalRequired"/>: this module does not support the version.
    /// </exception>
    public void CheckVersion(int version)
    {
        if (version > PostgresSchema.Version)
            throw Unusable(Messages.JournalOfNewerModule(version, PostgresSchema.Version));
        if (version < PostgresSchema.Version)
            throw Unusable(Messages.JournalTablesReplaced);
    }

    /// <summary>A clock of a test replaces the clock of the database.</summary>
    private static TimeProvider? ClockOf(TimeProvider time) => time == TimeProvider.System ? null : time;

    private static string Setting(string name, TimeSpan value) =>
        string.Create(CultureInfo.InvariantCulture, $"SET LOCAL {name} = {(long)value.TotalMilliseconds}");

    /// <returns>The version of the tables; 0 without tables.</returns>
    private int VersionOf(NpgsqlConnection connection, NpgsqlTransaction? transaction = null)
    {
        using var find = new NpgsqlCommand(
            """
            SELECT (SELECT COUNT(*) FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace WHERE nspname = $1),
                (SELECT COUNT(*) FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
                WHERE nspname = $1 AND relname = 'journal')
            """,
            connection, transaction) { Parameters = { new() { Value = address.Schema } } };
        using (NpgsqlDataReader reader = find.ExecuteReader())
        {
            reader.Read();
            if (reader.GetInt64(0) == 0)
                return 0;
            if (reader.GetInt64(1) == 0)
                throw Unusable(Messages.DatabaseSchemaInUse(address.Schema));
        }
        using var read = new NpgsqlCommand(
            $"SELECT version FROM {address.QuotedSchema}.journal WHERE application = '{PostgresSchema.Application}'",
            connection, transaction);
        int version = read.ExecuteScalar() as int? ?? throw Unusable(Messages.JournalTableOfAnotherProgram);
        if (version > PostgresSchema.Version)
            CheckVersion(version);
        return version;
    }

    private bool HasSchema(NpgsqlConnection connection, NpgsqlTransaction transaction)
    {
        using var find = new NpgsqlCommand("SELECT 1 FROM pg_namespace WHERE nspname = $1", connection, transaction)
        {
            Parameters = { new() { Value = address.Schema } },
        };
        return find.ExecuteScalar() is not null;
    }

    private void Migrate(NpgsqlConnection connection)
    {
        using NpgsqlTransaction transaction = connection.BeginTransaction();
        // Two processes can find no tables at the same time. The lock ends with the transaction.
        Execute(string.Create(CultureInfo.InvariantCulture, $"SELECT pg_advisory_xact_lock({PostgresSchema.LockNumber})"));
        int version = VersionOf(connection, transaction);
        // An administrator can have created the schema for a user without permission to create one.
        if (version == 0 && !HasSchema(connection, transaction))
            Execute($"CREATE SCHEMA {address.QuotedSchema}");
        Execute($"SET LOCAL search_path = {address.QuotedSchema}");
        for (; version < PostgresSchema.Version; version++)
            Execute(PostgresSchema.Steps[version]);
        Execute(string.Create(CultureInfo.InvariantCulture, $"UPDATE journal SET version = {PostgresSchema.Version}"));
        transaction.Commit();

        void Execute(string sql)
        {
            using var command = new NpgsqlCommand(sql, connection, transaction);
            command.ExecuteNonQuery();
        }
    }

    private static string? DurabilityWarningOf(NpgsqlConnection connection)
    {
        foreach (string setting in (string[])["synchronous_commit", "fsync"])
        {
            using var command = new NpgsqlCommand($"SHOW {setting}", connection);
            if (command.ExecuteScalar() is "off")
                return Messages.DatabaseLosesCommits(setting);
        }
        return null;
    }
}
