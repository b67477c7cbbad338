using System.Globalization;
using NanoBanana.Client.Text;
using Npgsql;

namespace NanoBanana.Client.Journal.Storage.Postgres;

/// <summary>
/// The address of a shared journal in the form of libpq: <c>postgresql://user@host:port/database?name=value</c>, with several hosts
/// separated by commas. See https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS. The driver reads
/// <c>PGPASSWORD</c>, <c>PGPASSFILE</c>, <c>PGUSER</c> and the other variables that it supports.
/// </summary>
internal sealed class PostgresAddress
{
    /// <summary>The schema of the tables if the address has no schema.</summary>
    public const string DefaultSchema = "nanobanana";

    private const int DefaultPort = 5432;

    private static readonly string[] Schemes = ["postgresql://", "postgres://"];

    /// <summary>The settings that an address can have, and their names in the driver.</summary>
    private static readonly Dictionary<string, string> Settings = new(StringComparer.OrdinalIgnoreCase)
    {
        ["host"] = "Host", ["port"] = "Port", ["dbname"] = "Database", ["user"] = "Username", ["password"] = "Password",
        ["passfile"] = "Passfile", ["sslmode"] = "SSL Mode", ["sslrootcert"] = "Root Certificate", ["sslcert"] = "SSL Certificate",
        ["sslkey"] = "SSL Key", ["sslpassword"] = "SSL Password", ["channel_binding"] = "Channel Binding",
        ["gssencmode"] = "GSS Encryption Mode", ["krbsrvname"] = "Kerberos Service Name",
        ["target_session_attrs"] = "Target Session Attributes", ["application_name"] = "Application Name",
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

    /// <summary>The schema as an identifier in SQL.</summary>
    public string QuotedSchema => $"\"{Schema.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>The address for users: without the password, and only with the values that identify the journal.</summary>
    public string Name =>
        $"postgresql://{(_settings.Username is null ? "" : Uri.EscapeDataString(_settings.Username) + "@")}{Hosts()}/"
        + Uri.EscapeDataString(_settings.Database ?? "")
        + (Schema == DefaultSchema ? "" : $"?schema={Uri.EscapeDataString(Schema)}");

    /// <summary>The time-out for a connection in the address; null if it is not set.</summary>
    public TimeSpan? ConnectTimeout { get; private init; }

    /// <summary>Reads an address.</summary>
    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.InvalidRequest"/>: it is not an address, or it has a setting that is not allowed.
    /// </exception>
    public static PostgresAddress Parse(string text)
    {
        if (!Schemes.Any(scheme => text.Trim().StartsWith(scheme, StringComparison.OrdinalIgnoreCase)))
            throw NotValid(Messages.DatabaseAddressScheme);
        string rest = text.Trim().Substring(text.IndexOf("://", StringComparison.Ordinal) + 3);
        (rest, string query) = Split(rest, '?');
        (string authority, string database) = Split(rest, '/');
        int at = authority.LastIndexOf('@');
        (string user, string password) = at < 0 ? ("", "") : Split(authority.Substring(0, at), ':');
        var settings = new NpgsqlConnectionStringBuilder();
        string schema = DefaultSchema;
        var given = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        Set("user", Decode(user));
        Set("password", Decode(password));
        Set("dbname", Decode(database));
        Set("host", string.Join(",", authority.Substring(at + 1).Split(',').Select(Decode)));
        foreach (string pair in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            (string name, string value) = Split(pair, '=');
            if (!Settings.TryGetValue(Decode(name), out string? known))
                throw NotValid(Messages.DatabaseSettingNotAllowed(Decode(name), Settings.Keys.Order(StringComparer.Ordinal)));
            given.Add(Decode(name));
            if (known.Length == 0)
                schema = Decode(value);
            else
                Set(Decode(name), Decode(value));
        }
        if (schema.Length == 0 || schema.Length > 63)
            throw NotValid(Messages.DatabaseSchemaLength);
        settings.Host ??= "localhost";
        if (!settings.Host.Contains(',', StringComparison.Ordinal) && HasPort(settings.Host))
        {
            int colon = settings.Host.LastIndexOf(':');
            Set("port", settings.Host.Substring(colon + 1));
            settings.Host = settings.Host.Substring(0, colon);
        }
        SetDefaults(settings, hasGssMode: given.Contains("gssencmode"));
        return new PostgresAddress(settings, schema)
        {
            ConnectTimeout = given.Contains("connect_timeout") ? TimeSpan.FromSeconds(settings.Timeout) : null,
        };

        void Set(string name, string value)
        {
            try
            {
                // libpq has verify-full, and the driver VerifyFull.
                bool isSslMode = name.Equals("sslmode", StringComparison.OrdinalIgnoreCase);
                if (value.Length > 0)
                    settings[Settings[name]] = isSslMode ? value.Replace("-", "", StringComparison.Ordinal) : value;
            }
            catch (Exception e) when (e is ArgumentException or FormatException or InvalidCastException or KeyNotFoundException)
            {
                // The message of the driver can contain the value, which can be a password.
                throw NotValid(Messages.DatabaseSettingNotValid(name));
            }
        }
    }

    /// <summary>Sets what every journal needs, and what the address does not set.</summary>
    private static void SetDefaults(NpgsqlConnectionStringBuilder settings, bool hasGssMode)
    {
        // No pool: a journal keeps its connections. Behind PgBouncer in transaction mode, a session has no state to reset.
        settings.Pooling = false;
        settings.NoResetOnClose = true;
        settings.Enlist = false;
        settings.TcpKeepAlive = true;
        settings.ApplicationName ??= "NanoBanana";
        if (!hasGssMode)
            settings.GssEncryptionMode = GssEncryptionMode.Disable;
        if (settings.Host!.Contains(',', StringComparison.Ordinal))
        {
            // A standby can't be written, and a failover makes another host the primary.
            settings.TargetSessionAttributes ??= "primary";
            settings.HostRecheckSeconds = 1;
        }
        else
        {
            settings.TargetSessionAttributes = null;
        }
    }

    /// <summary>The connection string for the driver.</summary>
    /// <param name="lockTimeout">How long to wait for a connection, and for the answer to a command.</param>
    public string ConnectionString(TimeSpan lockTimeout)
    {
        int seconds = Math.Max(1, (int)Math.Ceiling(lockTimeout.TotalSeconds));
        return new NpgsqlConnectionStringBuilder(_settings.ConnectionString)
        {
            Timeout = Math.Min(seconds, (int)(ConnectTimeout ?? TimeSpan.FromSeconds(15)).TotalSeconds),
            CommandTimeout = seconds + 1,
        }.ConnectionString;
    }

    private string Hosts() => string.Join(",", _settings.Host!.Split(',').Select(host =>
        (host.StartsWith('/') ? Uri.EscapeDataString(host) : host)
        + (_settings.Port != DefaultPort && !HasPort(host) ? string.Create(CultureInfo.InvariantCulture, $":{_settings.Port}") : "")));

    private static bool HasPort(string host) =>
        host.LastIndexOf(':') is var colon && colon > 0 && host.IndexOf(']') < colon && host.IndexOf(':') == colon
        || host.Contains("]:", StringComparison.Ordinal);

    private static (string Before, string After) Split(string text, char separator) =>
        text.IndexOf(separator) is var at and >= 0 ? (text.Substring(0, at), text.Substring(at + 1)) : (text, "");

    private static string Decode(string text) => Uri.UnescapeDataString(text);

    private static NanoBananaException NotValid(string why) =>
        new(NanoBananaErrorKind.InvalidRequest, Messages.DatabaseAddressNotValid(why));
}
