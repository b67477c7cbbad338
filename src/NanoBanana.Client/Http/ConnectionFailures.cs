using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.RegularExpressions;

namespace NanoBanana.Client.Http;

/// <summary>What an exception of an HTTP handler says about the connection.</summary>
internal static class ConnectionFailures
{
    /// <summary>How .NET words the refusal of a proxy; its older versions have no property for the status.</summary>
    private static readonly Regex TunnelStatus = new(@"proxy tunnel.*'(?<status>[0-9]{3})'", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture);

    /// <summary>Whether no connection was made.</summary>
    public static bool IsUnreachable(Exception e) => Causes(e).Any(cause =>
        // A handler's time-out for the connection is a canceled request with a TimeoutException inside.
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
                or WebExceptionStatus.ProxyNameResolutionFailure or WebExceptionStatus.TrustFailure or WebExceptionStatus.SecureChannelFailure
            }
        || IsOfTunnel(cause));

    /// <summary>Whether the certificate of the other side is not trusted. A handshake that breaks has a cause of its own.</summary>
    private static bool IsCertificate(Exception e) =>
        Causes(e).Any(cause => cause is AuthenticationException { InnerException: null } or WebException { Status: WebExceptionStatus.TrustFailure });

    /// <summary>The status with which a proxy refused to make a connection to the service; null when none did.</summary>
    public static int? ProxyStatus(Exception e)
    {
#if NET
        if (Causes(e).OfType<HttpRequestException>().FirstOrDefault(cause => cause is { HttpRequestError: HttpRequestError.ProxyTunnelError, StatusCode: not null }) is { } refused)
            return (int)refused.StatusCode!;
#endif
        return Causes(e).Select(cause => TunnelStatus.Match(cause.Message)).FirstOrDefault(match => match.Success) is { } match
            ? int.Parse(match.Groups["status"].Value, CultureInfo.InvariantCulture)
            : null;
    }

    /// <param name="e">The exception.</param>
    /// <param name="isOver">Whether the time of the request is over.</param>
    /// <param name="wasSent">Whether the request began to leave, so that there was a connection.</param>
    public static ExchangeFailure KindOf(Exception e, bool isOver, bool wasSent)
    {
        if (isOver)
            return ExchangeFailure.Timeout;
        if (IsForGood(ProxyStatus(e)))
            return ExchangeFailure.ProxyRefusal;
        return !wasSent && IsCertificate(e) ? ExchangeFailure.Certificate : ExchangeFailure.Network;
    }

    /// <summary>Whether a proxy stays at its refusal: it asks for credentials, or does not allow the host.</summary>
    private static bool IsForGood(int? proxyStatus) => proxyStatus is 401 or 403 or 405 or 407;

    private static bool IsOfTunnel(Exception cause) =>
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
