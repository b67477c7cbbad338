namespace NanoBanana.Client.Text;

/// <content>Connections that can't be made or break, pauses, and the content of answers.</content>
internal static partial class Messages
{
    /// <summary>The other side of a connection, in the messages below.</summary>
    public const string Service = "the service", ImageHost = "the host of the image";

    public const string TimedOut = "time-out";

    public const string BodyTooLate = "The request was not sent, because its lease has expired.";

    public const string BodySentBefore = "The request was already sent and is not sent again.";

    public const string EncodingUnknown = "the content encoding of the answer is not supported";

    public static string ProxyNeedsCredentials(Uri? proxy) =>
        $"the proxy {proxy} requires a user name and a password (407). Specify them with Connect-NanoBanana -ProxyCredential, "
        + "or use -ProxyUseDefaultCredentials for the credentials of the current user";

    public static string ProxyDenies(Uri? proxy, string peer, int? status) =>
        $"the proxy {proxy} does not allow a connection to {peer} ({status}). Ask the administrator of the proxy to allow it";

    public static string ProxyHasNoConnection(Uri? proxy, string peer, int status) =>
        $"the proxy {proxy} can't connect to {peer} ({status})";

    public static string CertificateNotTrusted(string peer, string reason) =>
        $"the certificate of {peer} is not trusted ({reason}). If a proxy of your organization replaces certificates, "
        + "add its root certificate to the certificate store of the system. On Linux, you can also set SSL_CERT_FILE or SSL_CERT_DIR";

    public static string ConnectionBroke(string reason) => $"the connection broke before the complete answer arrived ({reason})";

    public static string NoConnectionToProxy(Uri proxy, string reason) => $"no connection to the proxy {proxy} could be made ({reason})";

    public static string NoConnection(string peer, string reason) => $"no connection to {peer} could be made ({reason})";

    public static string TooManyEncodings(int count) => $"the answer has {count} content encodings, which is not supported";

    public static string BodyIncomplete(long length, long? announced) => $"The answer ended after {length} of {announced} bytes.";

    /// <param name="requests">The paused requests, such as <c>requests</c> or <c>downloads</c>.</param>
    /// <param name="pause">The length of the pause.</param>
    public static string TooManyRequests(string requests, TimeSpan pause) => FormattableString.Invariant(
        $"Too many requests (429): all {requests} of this connection pause for {Math.Ceiling(pause.TotalSeconds)} seconds.");

    /// <param name="failure">The phrase of the failure, from above.</param>
    /// <param name="requests">The requests that wait, such as <c>requests</c> or <c>downloads</c>.</param>
    /// <param name="longest">How long they wait at most.</param>
    public static string WaitingForConnection(string failure, string requests, TimeSpan longest) => FormattableString.Invariant(
        $"{Capitalized(failure)}. All {requests} of this connection wait for at most {longest.TotalSeconds} seconds, and then fail.");
}
