using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace NanoBanana.Client.Journal.Storage.Postgres;

/// <summary>A journal that several machines share: a schema of a PostgreSQL database (decision 0032).</summary>
/// <param name="address">Where it is.</param>
internal sealed class PostgresStore(PostgresAddress address) : JournalStore
{
    /// <summary>A process that is stopped in the middle of a transaction holds up all others until the server ends its session.</summary>
    private static readonly TimeSpan IdleLimit = TimeSpan.FromSeconds(5);

    /// <summary>How long a query may take at most.</summary>
    private static readonly TimeSpan QueryLimit = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan ShortestPatience = TimeSpan.FromSeconds(2);

    /// <summary>By connection string. Without a pool they hold nothing that is to be disposed.</summary>
    private readonly ConcurrentDictionary<string, NpgsqlDataSource> _sources = new(StringComparer.Ordinal);

    private string? _weakness;
    private long _lastCommit;

    public override string Name => address.Name;

    public override bool IsShared => true;

    public override bool Exists => true;

    public override string? Weakness => _weakness;

    public override (JournalConnection Connection, JournalQueries Queries) Open(TimeSpan patience, TimeProvider time)
    {
        try
        {
            using NpgsqlConnection connection = Connect(patience);
            if (VersionOf(connection) != PostgresSchema.Version)
                Migrate(connection);
            _weakness = WeaknessOf(connection);
        }
        catch (Exception e) when (PostgresErrors.IsOfTheStore(e) || e is PostgresException)
        {
            throw Unusable(Explain(e), e);
        }
        TimeProvider? clock = ClockOf(time);
        return (new PostgresJournal(this, patience, clock), new PostgresQueries(this, null, patience, clock, CancellationToken.None));
    }

    public override JournalQueries? OpenToRead(TimeSpan patience, TimeProvider time, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        NpgsqlConnection? connection = null;
        try
        {
            connection = Connect(patience);
            if (VersionOf(connection) > 0)
                return new PostgresQueries(this, connection, patience, ClockOf(time), stop);
            connection.Dispose();
            return null;
        }
        catch (Exception e)
        {
            connection?.Dispose();
            if (PostgresErrors.IsOfTheStore(e) || e is PostgresException)
                throw Unusable(Explain(e), e);
            throw;
        }
    }

    public override NanoBananaException Unusable(string why, Exception? inner = null) => new(
        NanoBananaErrorKind.JournalRequired,
        $"The journal '{Name}' can't be used: {why} Check the database, and its address in $env:{JournalLocation.Variable}.",
        inner);

    public override bool IsOfTheStore(Exception e) => PostgresErrors.IsOfTheStore(e);

    public override string Explain(Exception e) => PostgresErrors.Explain(e);

    /// <summary>When a change was committed last: the database is there, also for queries that failed before.</summary>
    public long LastCommit => Volatile.Read(ref _lastCommit);

    /// <summary>A change was committed.</summary>
    public void Committed() => Volatile.Write(ref _lastCommit, Stopwatch.GetTimestamp());

    /// <summary>Makes a connection.</summary>
    /// <param name="patience">How long to wait for it, and for the answer to a command.</param>
    public NpgsqlConnection Connect(TimeSpan patience)
    {
        NpgsqlDataSource source = _sources.GetOrAdd(address.ConnectionString(patience < ShortestPatience ? ShortestPatience : patience), text =>
        {
            var builder = new NpgsqlDataSourceBuilder(text);
            // All types are built-in ones. Loading the others takes a query of its own.
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

    /// <summary>What a transaction begins with. Settings are its own: the session may be one that PgBouncer lends.</summary>
    public IEnumerable<string> Begin(bool isToWrite, TimeSpan patience)
    {
        yield return isToWrite ? "BEGIN" : "BEGIN READ ONLY";
        yield return $"SET LOCAL search_path = {address.QuotedSchema}";
        if (isToWrite)
        {
            yield return Setting("lock_timeout", patience < ShortestPatience ? ShortestPatience : patience);
            yield return Setting("idle_in_transaction_session_timeout", IdleLimit);
        }
        yield return Setting("statement_timeout", QueryLimit);
    }

    /// <summary>
    /// What a transaction begins with whose queries see one moment. Between two of them a copy is written, so it may be idle for longer.
    /// </summary>
    public IEnumerable<string> BeginSnapshot() =>
    [
        "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        $"SET LOCAL search_path = {address.QuotedSchema}",
        Setting("idle_in_transaction_session_timeout", TimeSpan.Zero),
        Setting("statement_timeout", QueryLimit),
    ];

    /// <summary>Checks the version that the tables have at this moment: another machine may have a newer module.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.JournalRequired"/>: it is another one than this code knows.</exception>
    public void CheckVersion(int version)
    {
        if (version > PostgresSchema.Version)
            throw Unusable(string.Create(CultureInfo.InvariantCulture, $"it was made by a newer NanoBanana (version {version}; this one knows {PostgresSchema.Version}). Update the module."));
        if (version < PostgresSchema.Version)
            throw Unusable("its tables were replaced while it was open.");
    }

    /// <summary>A clock other than the system's stands in for that of the database.</summary>
    private static TimeProvider? ClockOf(TimeProvider time) => time == TimeProvider.System ? null : time;

    private static string Setting(string name, TimeSpan value) => string.Create(CultureInfo.InvariantCulture, $"SET LOCAL {name} = {(long)value.TotalMilliseconds}");

    /// <returns>The version of the tables; 0 when there are none.</returns>
    private int VersionOf(NpgsqlConnection connection, NpgsqlTransaction? transaction = null)
    {
        using var find = new NpgsqlCommand(
            """
            SELECT (SELECT COUNT(*) FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace WHERE nspname = $1),
                (SELECT COUNT(*) FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace WHERE nspname = $1 AND relname = 'journal')
            """,
            connection, transaction) { Parameters = { new() { Value = address.Schema } } };
        using (NpgsqlDataReader reader = find.ExecuteReader())
        {
            reader.Read();
            if (reader.GetInt64(0) == 0)
                return 0;
            if (reader.GetInt64(1) == 0)
                throw Unusable($"its schema '{TextSafety.Excerpt(address.Schema)}' has tables of another program. Name another one with ?schema=.");
        }
        using var read = new NpgsqlCommand($"SELECT version FROM {address.QuotedSchema}.journal WHERE application = '{PostgresSchema.Application}'", connection, transaction);
        int version = read.ExecuteScalar() as int? ?? throw Unusable("it is a table of another program.");
        if (version > PostgresSchema.Version)
            CheckVersion(version);
        return version;
    }

    private bool HasSchema(NpgsqlConnection connection, NpgsqlTransaction transaction)
    {
        using var find = new NpgsqlCommand("SELECT 1 FROM pg_namespace WHERE nspname = $1", connection, transaction) { Parameters = { new() { Value = address.Schema } } };
        return find.ExecuteScalar() is not null;
    }

    private void Migrate(NpgsqlConnection connection)
    {
        using NpgsqlTransaction transaction = connection.BeginTransaction();
        // Two processes may find no tables at the same time. The lock ends with the transaction.
        Execute(string.Create(CultureInfo.InvariantCulture, $"SELECT pg_advisory_xact_lock({PostgresSchema.LockNumber})"));
        int version = VersionOf(connection, transaction);
        // An administrator may have made it for a user who may make none.
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

    private static string? WeaknessOf(NpgsqlConnection connection)
    {
        foreach (string setting in (string[])["synchronous_commit", "fsync"])
        {
            using var command = new NpgsqlCommand($"SHOW {setting}", connection);
            if (command.ExecuteScalar() is "off")
                return $"The PostgreSQL server of the journal has {setting} = off: what it has committed is lost when it crashes.";
        }
        return null;
    }
}
