using System.Data.Common;
using System.Text;
using NanoBanana.Lab.Postgres;
using Npgsql;
using Xunit.Sdk;

namespace NanoBanana.Client.Tests.Postgres;

/// <summary>A schema of its own for a test, in one PostgreSQL server for all tests of the process.</summary>
internal sealed class TestDatabase
{
    private static readonly Lazy<(PostgresServer? Server, string Why)> Shared = new(() => (PostgresServer.TryStart(out string why), why));

    private static readonly string[] Tables = ["journal", "task", "file", "lease", "spending", "run", "stop"];

    private static int _schemas;

    private readonly string _schema = $"test_{Interlocked.Increment(ref _schemas)}";

    /// <summary>Where there is no server, the test is skipped.</summary>
    public TestDatabase()
    {
        if (Shared.Value.Server is null)
            throw SkipException.ForSkip(Shared.Value.Why);
    }

    /// <summary>The address of the journal over a proxy.</summary>
    public string UrlOver(DatabaseProxy proxy) => Url.Replace($":{Server.Port}/", $":{proxy.Port}/", StringComparison.Ordinal);

    /// <summary>What a password file has for the user who needs a password.</summary>
    public static string PasswordFileLine => $"*:*:*:{PostgresServer.GuardedUser}:{PostgresServer.GuardedPassword.Replace(":", "\\:", StringComparison.Ordinal)}";

    /// <summary>The address for a user who needs a password.</summary>
    /// <param name="password">The password in it; null for none.</param>
    public string GuardedUrl(string? password) => Server.Url(_schema, password is null ? PostgresServer.GuardedUser : $"{PostgresServer.GuardedUser}:{Uri.EscapeDataString(password)}");

    /// <summary>Makes a schema in another database, as an administrator does for a user.</summary>
    public static void CreateSchemaFor(string user, string database, string schema)
    {
        using var connection = new NpgsqlConnection($"Host=127.0.0.1;Port={Server.Port};Username={PostgresServer.User};Database={database};Pooling=false");
        connection.Open();
        using var command = new NpgsqlCommand($"CREATE SCHEMA {schema} AUTHORIZATION {user}", connection);
        command.ExecuteNonQuery();
    }

    public static PostgresServer Server => Shared.Value.Server!;

    /// <summary>The address of the journal.</summary>
    public string Url => Server.Url(_schema);

    /// <summary>The same address in other words.</summary>
    public string SameUrl => Url.Replace("postgresql:", "postgres:", StringComparison.Ordinal);

    /// <summary>All that the journal keeps, as text.</summary>
    public byte[] AllBytes() => [.. Server.Execute(string.Join(';', Tables.Select(table => $"SELECT * FROM {_schema}.{table}"))).SelectMany(Encoding.UTF8.GetBytes)];

    /// <summary>A connection that sees the tables of the journal.</summary>
    public DbConnection Connect()
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = Server.Port,
            Username = PostgresServer.User,
            Database = "postgres",
            SearchPath = _schema,
            Pooling = false,
        }.ConnectionString);
        connection.Open();
        return connection;
    }
}
