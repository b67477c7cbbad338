using System.Globalization;
using Npgsql;

namespace NanoBanana.Client.Journal.Storage.Postgres;

/// <summary>
/// The address of a shared journal, as libpq spells one: <c>postgresql://user@host:port/database?name=value</c>, with several hosts
/// separated by commas. See https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS. <c>PGPASSWORD</c>,
/// <c>PGPASSFILE</c>, <c>PGUSER</c> and the other variables that the driver knows are read by the driver.
/// </summary>
internal sealed class PostgresAddress
{
    /// <summary>Where the tables are when the address names no schema.</summary>
    public const string DefaultSchema = "nanobanana";

    private const int DefaultPort = 5432;

    private static readonly string[] Schemes = ["postgresql://", "postgres://"];

    private const string Example = "Write it as postgresql://user@host/database, with the password in $env:PGPASSWORD or in a password file.";

    /// <summary>What an address may set, and how the driver calls it.</summary>
    private static readonly Dictionary<string, string> Settings = new(StringComparer.OrdinalIgnoreCase)
    {
        ["host"] = "Host", ["port"] = "Port", ["dbname"] = "Database", ["user"] = "Username", ["password"] = "Password", ["passfile"] = "Passfile",
        ["sslmode"] = "SSL Mode", ["sslrootcert"] = "Root Certificate", ["sslcert"] = "SSL Certificate", ["sslkey"] = "SSL Key",
        ["sslpassword"] = "SSL Password", ["channel_binding"] = "Channel Binding", ["gssencmode"] = "GSS Encryption Mode",
        ["krbsrvname"] = "Kerberos Service Name", ["target_session_attrs"] = "Target Session Attributes", ["application_name"] = "Application Name",
        ["connect_timeout"] = "Timeout", ["options"] = "Options", ["schema"] = "",
    };

    private readonly NpgsqlConnectionStringBuilder _settings;

    private PostgresAddress(NpgsqlConnectionStringBuilder settings, string schema)
    {
        _settings = settings;
        Schema = schema;
    }

    /// <summary>The schema of the tables.</summary>
    public string Schema { get; }

    /// <summary>The schema as SQL has it.</summary>
    public string QuotedSchema => $"\"{Schema.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>The address as users may see it: without the password, and without what is not needed to know which journal it is.</summary>
    public string Name =>
        $"postgresql://{(_settings.Username is null ? "" : Uri.EscapeDataString(_settings.Username) + "@")}{Hosts()}/{Uri.EscapeDataString(_settings.Database ?? "")}"
        + (Schema == DefaultSchema ? "" : $"?schema={Uri.EscapeDataString(Schema)}");

    /// <summary>How long to wait for a connection when the address says nothing.</summary>
    public TimeSpan? ConnectTimeout { get; private init; }

    /// <summary>Reads an address.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidRequest"/>: it is none, or sets what can't be set.</exception>
    public static PostgresAddress Parse(string text)
    {
        if (!Schemes.Any(scheme => text.Trim().StartsWith(scheme, StringComparison.OrdinalIgnoreCase)))
            throw Wrong("It must begin with postgresql://.");
        string rest = text.Trim().Substring(text.IndexOf("://", StringComparison.Ordinal) + 3);
        (rest, string query) = Split(rest, '?');
        (string authority, string database) = Split(rest, '/');
        int at = authority.LastIndexOf('@');
        (string user, string password) = at < 0 ? ("", "") : Split(authority.Substring(0, at), ':');
        var settings = new NpgsqlConnectionStringBuilder();
        string schema = DefaultSchema;
        Set("user", Decode(user));
        Set("password", Decode(password));
        Set("dbname", Decode(database));
        Set("host", string.Join(",", authority.Substring(at + 1).Split(',').Select(Decode)));
        foreach (string pair in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            (string name, string value) = Split(pair, '=');
            if (!Settings.TryGetValue(Decode(name), out string? known))
                throw Wrong($"'{TextSafety.Excerpt(Decode(name))}' can't be set in it. Allowed are {string.Join(", ", Settings.Keys.Order(StringComparer.Ordinal))}.");
            if (known.Length == 0)
                schema = Decode(value);
            else
                Set(Decode(name), Decode(value));
        }
        if (schema.Length == 0 || schema.Length > 63)
            throw Wrong("Its schema must have 1 to 63 characters.");
        settings.Host ??= "localhost";
        if (!settings.Host.Contains(',', StringComparison.Ordinal) && HasPort(settings.Host))
        {
            int colon = settings.Host.LastIndexOf(':');
            Set("port", settings.Host.Substring(colon + 1));
            settings.Host = settings.Host.Substring(0, colon);
        }
        // Behind PgBouncer in transaction mode a session has no state, and each connection is one for the life of its journal.
        settings.Pooling = false;
        settings.NoResetOnClose = true;
        settings.Enlist = false;
        settings.TcpKeepAlive = true;
        settings.ApplicationName ??= "NanoBanana";
        bool hasTimeout = settings.ContainsKey("Timeout") && query.Contains("connect_timeout", StringComparison.OrdinalIgnoreCase);
        if (!query.Contains("gssencmode", StringComparison.OrdinalIgnoreCase))
            settings.GssEncryptionMode = GssEncryptionMode.Disable;
        if (settings.Host.Contains(',', StringComparison.Ordinal))
        {
            // A standby can't be written. Which one is the primary changes at a fail-over.
            settings.TargetSessionAttributes ??= "primary";
            settings.HostRecheckSeconds = 1;
        }
        else
        {
            settings.TargetSessionAttributes = null;
        }
        return new PostgresAddress(settings, schema) { ConnectTimeout = hasTimeout ? TimeSpan.FromSeconds(settings.Timeout) : null };

        void Set(string name, string value)
        {
            try
            {
                // libpq writes verify-full and the driver VerifyFull.
                if (value.Length > 0)
                    settings[Settings[name]] = name.Equals("sslmode", StringComparison.OrdinalIgnoreCase) ? value.Replace("-", "", StringComparison.Ordinal) : value;
            }
            catch (Exception e) when (e is ArgumentException or FormatException or InvalidCastException or KeyNotFoundException)
            {
                // The driver's message can have the value in it, and the value can be a password.
                throw Wrong($"Its '{name}' has a value that is not allowed.");
            }
        }
    }

    /// <summary>What the driver takes.</summary>
    /// <param name="patience">How long to wait for a connection, and for the answer to a command.</param>
    public string ConnectionString(TimeSpan patience)
    {
        int seconds = Math.Max(1, (int)Math.Ceiling(patience.TotalSeconds));
        return new NpgsqlConnectionStringBuilder(_settings.ConnectionString)
        {
            Timeout = Math.Min(seconds, (int)(ConnectTimeout ?? TimeSpan.FromSeconds(15)).TotalSeconds),
            CommandTimeout = seconds + 1,
        }.ConnectionString;
    }

    private string Hosts() => string.Join(",", _settings.Host!.Split(',').Select(host =>
        (host.StartsWith('/') ? Uri.EscapeDataString(host) : host)
        + (_settings.Port != DefaultPort && !HasPort(host) ? string.Create(CultureInfo.InvariantCulture, $":{_settings.Port}") : "")));

    private static bool HasPort(string host) => host.LastIndexOf(':') is var colon && colon > 0 && host.IndexOf(']') < colon && host.IndexOf(':') == colon
        || host.Contains("]:", StringComparison.Ordinal);

    private static (string Before, string After) Split(string text, char separator) =>
        text.IndexOf(separator) is var at and >= 0 ? (text.Substring(0, at), text.Substring(at + 1)) : (text, "");

    private static string Decode(string text) => Uri.UnescapeDataString(text);

    private static NanoBananaException Wrong(string why) => new(NanoBananaErrorKind.InvalidRequest, $"The address of the PostgreSQL journal can't be used. {why} {Example}");
}
