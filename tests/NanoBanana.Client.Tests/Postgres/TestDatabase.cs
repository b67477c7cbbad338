using System.Data.Common;
using System.Text;
using NanoBanana.Lab.Postgres;
using Npgsql;
using Xunit.Sdk;

namespace NanoBanana.Client.Tests.Postgres;

/// <summary>A separate schema for each test, in one PostgreSQL server for all tests of the process.</summary>
internal sealed class TestDatabase
{
    private static readonly Lazy<(PostgresServer? Server, string Why)> Shared = new(() => (PostgresServer.TryStart(out string why), why));

    private static readonly string[] Tables = ["journal", "task", "file", "lease", "spending", "run", "stop"];

    private static int _schemas;

    private readonly string _schema = $"test_{Interlocked.Increment(ref _schemas)}";

    /// <summary>Skips the test if no server is available.</summary>
    public TestDatabase()
    {
        if (Shared.Value.Server is null)
            throw SkipException.ForSkip(Shared.Value.Why);
    }

    /// <summary>The address of the journal through a proxy.</summary>
    public string UrlOver(DatabaseProxy proxy) => Url.Replace($":{Server.Port}/", $":{proxy.Port}/", StringComparison.Ordinal);

    /// <summary>The line of a password file for the user who needs a password.</summary>
    public static string PasswordFileLine =>
        $"*:*:*:{PostgresServer.GuardedUser}:{PostgresServer.GuardedPassword.Replace(":", "\\:", StringComparison.Ordinal)}";

    /// <summary>The address for a user who needs a password.</summary>
    /// <param name="password">The password in it, or null.</param>
    public string GuardedUrl(string? password) =>
        Server.Url(
            _schema, password is null ? PostgresServer.GuardedUser : $"{PostgresServer.GuardedUser}:{Uri.EscapeDataString(password)}");

    /// <summary>Creates a schema in another database, like an administrator does for a user.</summary>
    public static void CreateSchemaFor(string user, string database, string schema)
    {
        using var connection = new NpgsqlConnection(
            $"Host=127.0.0.1;Port={Server.Port};Username={PostgresServer.User};Database={database};Pooling=false");
        connection.Open();
        using var command = new NpgsqlCommand($"CREATE SCHEMA {schema} AUTHORIZATION {user}", connection);
        command.ExecuteNonQuery();
    }

    public static PostgresServer Server => Shared.Value.Server!;

    /// <summary>The address of the journal.</summary>
    public string Url => Server.Url(_schema);

    /// <summary>Another form of the same address.</summary>
    public string SameUrl => Url.Replace("postgresql:", "postgres:", StringComparison.Ordinal);

    /// <summary>Everything that the journal stores, as text.</summary>
    public byte[] AllBytes()
    {
        string queries = string.Join(';', Tables.Select(table => $"SELECT * FROM {_schema}.{table}"));
        return [.. Server.Execute(queries).SelectMany(Encoding.UTF8.GetBytes)];
    }

    /// <summary>A connection with access to the tables of the journal.</summary>
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
