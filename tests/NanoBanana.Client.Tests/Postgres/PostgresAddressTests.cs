using NanoBanana.Client.Journal;
using NanoBanana.Client.Journal.Storage.Postgres;
using Npgsql;

namespace NanoBanana.Client.Tests.Postgres;

public sealed class PostgresAddressTests
{
    private static readonly TimeSpan StoreTimeout = TimeSpan.FromSeconds(20);

    private static NpgsqlConnectionStringBuilder SettingsOf(string address) =>
        new(PostgresAddress.Parse(address).ConnectionString(StoreTimeout));

    [Theory]
    [InlineData("postgresql://ops@db.example/nights", "db.example", 5432, "ops", null, "nights")]
    [InlineData("postgres://ops@db.example:6432/nights", "db.example", 6432, "ops", null, "nights")]
    [InlineData("POSTGRESQL://ops:p%40ss%3Aword@db.example/nights", "db.example", 5432, "ops", "p@ss:word", "nights")]
    [InlineData("postgresql://ops:a@b@db.example/nights", "db.example", 5432, "ops", "a@b", "nights")]
    [InlineData("postgresql:///nights?host=/var/run/postgresql&user=ops", "/var/run/postgresql", 5432, "ops", null, "nights")]
    [InlineData("postgresql://%2Fvar%2Frun%2Fpostgresql/nights", "/var/run/postgresql", 5432, null, null, "nights")]
    [InlineData("postgresql://db.example?dbname=nights&password=x", "db.example", 5432, null, "x", "nights")]
    [InlineData("postgresql:///nights", "localhost", 5432, null, null, "nights")]
    [InlineData("postgresql://ops@one:1111,two:2222/nights", "one:1111,two:2222", 5432, "ops", null, "nights")]
    public void An_address_is_parsed_like_in_libpq(string address, string host, int port, string? user, string? password, string database)
    {
        NpgsqlConnectionStringBuilder settings = new(PostgresAddress.Parse(address).ConnectionString(StoreTimeout));
        Assert.Equal(
            (host, port, user, password, database),
            (settings.Host!, settings.Port, settings.Username, settings.Password, settings.Database!));
        Assert.False(settings.Pooling);
    }

    [Theory]
    [InlineData("postgresql://ops:secret@db.example/nights", "postgresql://ops@db.example/nights")]
    [InlineData("postgresql://db.example:6432/nights?user=ops&password=secret&sslmode=require", "postgresql://ops@db.example:6432/nights")]
    [InlineData("postgresql://ops:secret@one,two:2222/nights?schema=staging", "postgresql://ops@one,two:2222/nights?schema=staging")]
    [InlineData("postgresql://ops:secret@[::1]:6432/nights", "postgresql://ops@[::1]:6432/nights")]
    [InlineData("postgresql://ops@%2Ftmp%2Fdb:5433/nights", "postgresql://ops@%2Ftmp%2Fdb:5433/nights")]
    public void The_name_of_an_address_contains_no_password(string address, string name) =>
        Assert.Equal(name, PostgresAddress.Parse(address).Name);

    [Theory]
    [InlineData("postgresql://ops@db.example/nights?sslmode=secret-7")]
    [InlineData("postgresql://ops:secret-7@db.example/nights?port=secret-7")]
    [InlineData("postgresql://ops:secret-7@db.example/nights?pooling=true")]
    [InlineData("postgresql://ops:secret-7@db.example/nights?schema=")]
    [InlineData("jdbc:postgresql://ops:secret-7@db.example/nights")]
    [InlineData("postgresql+ssl://ops:secret-7@db.example/nights")]
    [InlineData("mysql://ops:secret-7@db.example/nights")]
    [InlineData("Host=db.example;Username=ops;Password=secret-7")]
    [InlineData(" server = db.example;password=secret-7")]
    public void An_unsupported_setting_is_refused_without_its_value(string address)
    {
        var error = Assert.Throws<NanoBananaException>(() => PostgresAddress.Parse(address));
        Assert.Equal(NanoBananaErrorKind.InvalidRequest, error.Kind);
        Assert.DoesNotContain("secret-7", error.Message, StringComparison.Ordinal);
        Assert.Contains("postgresql://user@host/database", error.Message, StringComparison.Ordinal);
        JournalLocation location = JournalLocation.Of(null, address, path => path);
        Assert.Null(location.Path);
        // An address means a shared journal, so nothing is submitted without it.
        Assert.True(location.Handle(TimeProvider.System).IsShared);
        Assert.DoesNotContain("secret-7", location.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_location_shows_its_address_without_the_password_and_resolves_no_path()
    {
        JournalLocation location = JournalLocation.Of(
            null, " postgresql://ops:secret@db.example/nights ", _ => throw new InvalidOperationException("It is no path."));
        Assert.Equal("postgresql://ops@db.example/nights", location.Path);
        Assert.DoesNotContain("secret", location.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("verify-full", SslMode.VerifyFull)]
    [InlineData("verify-ca", SslMode.VerifyCA)]
    [InlineData("require", SslMode.Require)]
    [InlineData("disable", SslMode.Disable)]
    public void The_TLS_modes_have_the_spelling_of_libpq(string mode, SslMode expected) =>
        Assert.Equal(expected, SettingsOf($"postgresql://db.example/nights?sslmode={mode}").SslMode);

    [Theory]
    [InlineData(@"C:\journals\my journal.db", false)]
    [InlineData("/var/lib/hosts/server=1.db", false)]
    [InlineData("off", false)]
    [InlineData("postgres://db.example/nights", true)]
    public void A_path_is_not_an_address(string named, bool isAddress) => Assert.Equal(isAddress, JournalLocation.IsAddress(named));

    [Fact]
    public void With_several_hosts_the_primary_is_used()
    {
        NpgsqlConnectionStringBuilder settings = new(PostgresAddress.Parse("postgresql://one,two/nights").ConnectionString(StoreTimeout));
        Assert.Equal("primary", settings.TargetSessionAttributes);
        settings = new(PostgresAddress.Parse("postgresql://one,two/nights?target_session_attrs=read-write").ConnectionString(StoreTimeout));
        Assert.Equal("read-write", settings.TargetSessionAttributes);
        Assert.Null(SettingsOf("postgresql://one/nights?target_session_attrs=read-write").TargetSessionAttributes);
    }

    [Fact]
    public void A_rejected_password_is_not_in_the_message()
    {
        string url = new TestDatabase().GuardedUrl("wrong-secret-7");
        var error = Assert.Throws<NanoBananaException>(() => TaskJournal.Open(url, TimeProvider.System, StoreTimeout));
        Assert.Equal(NanoBananaErrorKind.JournalRequired, error.Kind);
        Assert.Contains("PGPASSWORD", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-7", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_password_can_be_in_a_file()
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, TestDatabase.PasswordFileLine + "\n");
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            using TaskJournal journal = TaskJournal.Open(
                new TestDatabase().GuardedUrl(null) + $"&passfile={Uri.EscapeDataString(file)}", TimeProvider.System, StoreTimeout);
            Assert.Empty(journal.Reader.List(new JournalFilter()));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void A_user_with_a_password_in_the_address_needs_only_the_permission_to_create_a_schema()
    {
        using TaskJournal journal = TaskJournal.Open(
            new TestDatabase().GuardedUrl(NanoBanana.Lab.Postgres.PostgresServer.GuardedPassword), TimeProvider.System, StoreTimeout);
        Assert.Empty(journal.Reader.List(new JournalFilter()));
        Assert.DoesNotContain("0815", journal.Name, StringComparison.Ordinal);
    }
}
