using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.RegularExpressions;

namespace NanoBanana.Client.Http;

/// <summary>Interprets exceptions of HTTP handlers.</summary>
internal static class ConnectionFailures
{
    /// <summary>The message of .NET for the refusal of a proxy. Older versions have no property for the status.</summary>
    private static readonly Regex TunnelStatus = new(@"proxy tunnel.*'(?<status>[0-9]{3})'",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture);

    /// <summary>Whether no connection was made.</summary>
    public static bool IsUnreachable(Exception e) => Causes(e).Any(cause =>
        // When the connection times out, a handler throws a cancellation with an inner TimeoutException.
        cause is AuthenticationException or OperationCanceledException { InnerException: TimeoutException }
            or SocketException
            {
                SocketErrorCode: SocketError.ConnectionRefused or SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData
                or SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.HostDown or SocketError.NetworkDown
                or SocketError.AddressFamilyNotSupported or SocketError.AddressNotAvailable
            }
            or WebException
            {
                Status: WebExceptionStatus.ConnectFailure or WebExceptionStatus.NameResolutionFailure
                or WebExceptionStatus.ProxyNameResolutionFailure or WebExceptionStatus.TrustFailure
                or WebExceptionStatus.SecureChannelFailure
            }
        || IsTunnelError(cause));

    /// <summary>Whether the certificate is not trusted. A broken handshake has an inner exception.</summary>
    private static bool IsCertificateError(Exception e) =>
        Causes(e).Any(cause =>
            cause is AuthenticationException { InnerException: null } or WebException { Status: WebExceptionStatus.TrustFailure });

    /// <summary>The status with which a proxy refused a connection to the service; null if it did not.</summary>
    public static int? ProxyStatus(Exception e)
    {
#if NET
        if (Causes(e).OfType<HttpRequestException>().FirstOrDefault(cause =>
            cause is { HttpRequestError: HttpRequestError.ProxyTunnelError, StatusCode: not null }) is { } refused)
            return (int)refused.StatusCode!;
#endif
        return Causes(e).Select(cause => TunnelStatus.Match(cause.Message)).FirstOrDefault(match => match.Success) is { } match
            ? int.Parse(match.Groups["status"].Value, CultureInfo.InvariantCulture)
            : null;
    }

    /// <param name="e">The exception.</param>
    /// <param name="hasTimedOut">Whether the request timed out.</param>
    /// <param name="wasSent">Whether sending had started, so there was a connection.</param>
    public static ExchangeFailure KindOf(Exception e, bool hasTimedOut, bool wasSent)
    {
        if (hasTimedOut)
            return ExchangeFailure.Timeout;
        if (IsPermanent(ProxyStatus(e)))
            return ExchangeFailure.ProxyRefusal;
        return !wasSent && IsCertificateError(e) ? ExchangeFailure.Certificate : ExchangeFailure.Network;
    }

    /// <summary>Whether a retry can't change the refusal of a proxy: it requires credentials, or does not allow the host.</summary>
    private static bool IsPermanent(int? proxyStatus) => proxyStatus is 401 or 403 or 405 or 407;

    private static bool IsTunnelError(Exception cause) =>
#if NET
        cause is HttpRequestException { HttpRequestError: HttpRequestError.ProxyTunnelError };
#else
        TunnelStatus.IsMatch(cause.Message);
#endif

    private static IEnumerable<Exception> Causes(Exception e)
    {
        for (Exception? cause = e; cause is not null; cause = cause.InnerException)
            yield return cause;
    }
}
