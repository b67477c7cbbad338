using System.Net.Sockets;
using Npgsql;

namespace NanoBanana.Client.Journal.Storage.Postgres;

/// <summary>What the errors of the driver and the server mean. Codes: https://www.postgresql.org/docs/current/errcodes-appendix.html.</summary>
internal static class PostgresErrors
{
    /// <summary>Whether an error is of the database or the way to it, and not of one change.</summary>
    public static bool IsOfTheStore(Exception e) => e switch
    {
        // Of one change: a value that is not allowed, a constraint, a statement that is wrong.
        PostgresException error => !(error.SqlState.StartsWith("22", StringComparison.Ordinal) || error.SqlState.StartsWith("23", StringComparison.Ordinal)
            || (error.SqlState.StartsWith("42", StringComparison.Ordinal) && error.SqlState != PostgresErrorCodes.InsufficientPrivilege)),
        NpgsqlException or ObjectDisposedException or TimeoutException or SocketException or IOException => true,
        _ => false,
    };

    /// <summary>Whether the same transaction can succeed over a new connection: the old one was lost, or the server was on its way down or up.</summary>
    public static bool IsPassing(Exception e) => e switch
    {
        PostgresException error => error.SqlState is PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.AdminShutdown
            or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.ReadOnlySqlTransaction
            or "25P03" /* idle in a transaction */ or PostgresErrorCodes.TooManyConnections or PostgresErrorCodes.LockNotAvailable
            || error.SqlState.StartsWith("08", StringComparison.Ordinal),
        _ => IsOfTheStore(e),
    };

    /// <summary>What an error says, as a sentence.</summary>
    public static string Explain(Exception e) => e switch
    {
        PostgresException error => error.SqlState switch
        {
            PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
                $"the server refuses the user or the password ({error.MessageText}). Set $env:PGPASSWORD, or use a password file.",
            PostgresErrorCodes.InvalidCatalogName => $"{error.MessageText}.",
            PostgresErrorCodes.InsufficientPrivilege => $"the user lacks a permission: {error.MessageText}.",
            PostgresErrorCodes.LockNotAvailable => "another process has kept it locked for too long.",
            PostgresErrorCodes.QueryCanceled => "the query took too long.",
            PostgresErrorCodes.ReadOnlySqlTransaction => "the server is a standby, which can't be written.",
            PostgresErrorCodes.DiskFull => "the disk of the server is full.",
            _ => $"{error.MessageText} ({error.SqlState}).",
        },
        NpgsqlException { InnerException: { } inner } => $"the database can't be reached: {inner.Message.TrimEnd('.')}.",
        _ => $"{e.Message.TrimEnd('.')}.",
    };
}
