namespace NanoBanana.Client.Text;

/// <summary>The texts that users see about a journal in PostgreSQL. A reason follows a colon and ends with a period.</summary>
internal static partial class Messages
{
    public static string DatabaseAddressNotValid(string reason) => $"The address of the PostgreSQL journal can't be used. {reason} "
        + "Specify it as postgresql://user@host/database, and specify the password in $env:PGPASSWORD or in a password file.";

    public const string DatabaseAddressScheme = "It must start with postgresql://.";

    public const string DatabaseSchemaLength = "The name of its schema must have 1 to 63 characters.";

    public static string DatabaseSettingNotAllowed(string name, IEnumerable<string> allowed) =>
        $"The setting '{TextSafety.Excerpt(name)}' is not allowed. Allowed: {string.Join(", ", allowed)}.";

    public static string DatabaseSettingNotValid(string name) => $"The value of its setting '{name}' is not valid.";

    public static string DatabaseSchemaInUse(string schema) =>
        $"its schema '{TextSafety.Excerpt(schema)}' has tables of another program. "
        + "Specify another schema with ?schema=NAME.";

    public static string DatabaseLosesCommits(string setting) =>
        $"The PostgreSQL server of the journal has {setting} = off. If the server crashes, it can lose entries "
        + $"that it has confirmed. Set {setting} to on.";

    public static string DatabaseUserRejected(string error) =>
        $"the server rejects the user or the password ({error}). Set $env:PGPASSWORD, or use a password file.";

    public static string DatabasePermissionMissing(string error) =>
        $"the user does not have the required permission: {error.TrimEnd('.')}.";

    public const string DatabaseQueryTimeout = "the query took too long.";

    public const string DatabaseIsStandby = "the server is a read-only standby.";

    public const string DatabaseDiskIsFull = "the disk of the server is full.";

    public static string DatabaseError(string error, string? code = null) => code is null ? $"{error.TrimEnd('.')}." : $"{error} ({code}).";

    public static string DatabaseNotReached(string error) => $"the database can't be reached: {error.TrimEnd('.')}.";
}
