using System.Net.Sockets;
using NanoBanana.Client.Text;
using Npgsql;

namespace NanoBanana.Client.Journal.Storage.Postgres;

/// <summary>
/// The meanings of errors of the driver and the server. For the codes, see https://www.postgresql.org/docs/current/errcodes-appendix.html.
/// </summary>
internal static class PostgresErrors
{
    /// <summary>Whether an error is of the database or the network, and not of one change.</summary>
    public static bool IsStoreError(Exception e) => e switch
    {
        // Errors of one change: a value that is not allowed, a constraint, a statement that is not valid.
        PostgresException error => !(error.SqlState.StartsWith("22", StringComparison.Ordinal)
            || error.SqlState.StartsWith("23", StringComparison.Ordinal)
            || (error.SqlState.StartsWith("42", StringComparison.Ordinal) && error.SqlState != PostgresErrorCodes.InsufficientPrivilege)),
        NpgsqlException or ObjectDisposedException or TimeoutException or SocketException or IOException => true,
        _ => false,
    };

    /// <summary>
    /// Whether the same transaction can succeed over a new connection: the old one was lost, or the server stops or starts.
    /// </summary>
    public static bool IsTransient(Exception e) => e switch
    {
        PostgresException error => error.SqlState is PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected
            or PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow
            or PostgresErrorCodes.ReadOnlySqlTransaction or "25P03" /* idle in a transaction */
            or PostgresErrorCodes.TooManyConnections or PostgresErrorCodes.LockNotAvailable
            || error.SqlState.StartsWith("08", StringComparison.Ordinal),
        _ => IsStoreError(e),
    };

    /// <summary>The reason of an error, as a sentence.</summary>
    public static string Explain(Exception e) => e switch
    {
        PostgresException error => error.SqlState switch
        {
            PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
                Messages.DatabaseUserRejected(error.MessageText),
            PostgresErrorCodes.InvalidCatalogName => Messages.DatabaseError(error.MessageText),
            PostgresErrorCodes.InsufficientPrivilege => Messages.DatabasePermissionMissing(error.MessageText),
            PostgresErrorCodes.LockNotAvailable => Messages.JournalIsLocked,
            PostgresErrorCodes.QueryCanceled => Messages.DatabaseQueryTimeout,
            PostgresErrorCodes.ReadOnlySqlTransaction => Messages.DatabaseIsStandby,
            PostgresErrorCodes.DiskFull => Messages.DatabaseDiskIsFull,
            _ => Messages.DatabaseError(error.MessageText, error.SqlState),
        },
        NpgsqlException { InnerException: { } inner } => Messages.DatabaseNotReached(inner.Message),
        _ => Messages.DatabaseError(e.Message),
    };
}
