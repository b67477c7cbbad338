using System.Globalization;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Http;

/// <summary>The outcome of sending a request once: a reply, or the reason of the failure.</summary>
internal sealed record Exchange
{
    public WireReply? Reply { get; init; }

    /// <summary>The reason why no complete reply arrived; null if one did.</summary>
    public ExchangeFailure? Failure { get; init; }

    /// <summary>The cause of <see cref="Failure"/>.</summary>
    public Exception? Cause { get; init; }

    /// <summary>Whether sending of the body had started. Otherwise the server can't have acted on the request.</summary>
    public bool BodySent { get; init; }

    /// <summary>The proxy of the request, without a user name. Set only if there is no reply, or if the reply is from the proxy.</summary>
    public Uri? Proxy { get; init; }

    /// <summary>The status with which the proxy refused a connection to the service.</summary>
    public int? ProxyStatus { get; init; }

    /// <summary>Whether a connection was made and then broke.</summary>
    public bool WasConnected { get; init; }

    /// <summary>
    /// Whether no connection was made for a reason that a retry can't change: the certificate, or a proxy that requires credentials.
    /// </summary>
    public bool IsRefusedConnection => Failure is ExchangeFailure.Certificate or ExchangeFailure.ProxyRefusal || Reply?.Status == 407;

    /// <summary>The status of the reply, or the kind of the failure, for a trace.</summary>
    public string OutcomeForTrace() => Reply?.Status.ToString(CultureInfo.InvariantCulture) ?? Failure!.Value.ToString();

    /// <summary>The other side of the connection, for a message.</summary>
    public string Peer { get; init; } = Messages.Service;

    /// <summary>The reason of the failure, as a phrase.</summary>
    public string FailureText => this switch
    {
        { ProxyStatus: 407 } => Messages.ProxyNeedsCredentials(Proxy),
        { ProxyStatus: 401 or 403 or 405 } => Messages.ProxyDenies(Proxy, Peer, ProxyStatus),
        { ProxyStatus: { } status } => Messages.ProxyHasNoConnection(Proxy, Peer, status),
        { Failure: ExchangeFailure.Certificate } => Messages.CertificateNotTrusted(Peer, Reason),
        { WasConnected: true } => Messages.ConnectionBroke(Reason),
        { Proxy: { } proxy } => Messages.NoConnectionToProxy(proxy, Reason),
        _ => Messages.NoConnection(Peer, Reason),
    };

    private string Reason => TextSafety.Excerpt(Cause?.GetBaseException().Message ?? Messages.TimedOut, 200).TrimEnd('.');

    /// <summary>Whether no connection could be made, so that all other requests of the connection would also fail.</summary>
    public bool IsUnreachable => Failure is ExchangeFailure.Network or ExchangeFailure.Timeout && !BodySent;

    /// <summary>Whether a download received more bytes before it broke.</summary>
    public bool MadeProgress { get; init; }

    /// <summary>
    /// Set if the time left was too short for another attempt: how long the operation has taken, how long an attempt may take, and the time
    /// left.
    /// </summary>
    public (TimeSpan Waited, TimeSpan Needed, TimeSpan Left)? NoTimeForAttempt { get; init; }

    /// <summary>Whether the request was not sent because its turn at the limit of submissions per minute would come too late.</summary>
    public bool ExceedsPace { get; init; }

    public bool IsSuccess => Reply?.IsSuccess == true;

    /// <summary>A copy with the images of the request. An answer can repeat them, and then they are not results.</summary>
    public Exchange WithSentImages(IReadOnlyList<string>? images) => Reply is null || images is not { Count: > 0 }
        ? this
        : this with { Reply = Reply with { SentImages = images } };
}

/// <summary>The reasons why a request has no complete reply.</summary>
internal enum ExchangeFailure
{
    /// <summary>The connection could not be made, or broke.</summary>
    Network,

    /// <summary>The certificate is not trusted. A retry can't change that.</summary>
    Certificate,

    /// <summary>The proxy refuses the connection, for example without credentials. A retry can't change that.</summary>
    ProxyRefusal,

    /// <summary>The request timed out.</summary>
    Timeout,

    /// <summary>The reply is larger than any answer of this API.</summary>
    TooLarge,

    /// <summary>The address is not allowed, or the encoding is not supported. The cause has the reason.</summary>
    Forbidden,

    /// <summary>The reply is complete and has the wrong content, such as a page of a proxy instead of an image.</summary>
    Garbage,
}

/// <summary>The complete reply to a <see cref="WireCall"/>.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The body in the form of <see cref="SanitizedBody"/>.</param>
internal sealed record WireReply(int Status, byte[] Body)
{
    /// <summary>The media type of the body; null if the server reports none.</summary>
    public string? MediaType { get; init; }

    /// <summary>The address of the reply, for relative addresses in it.</summary>
    public Uri? Address { get; init; }

    /// <summary>The id of the request in the headers of the reply.</summary>
    public string? RequestId { get; init; }

    /// <summary>The time of the server's clock.</summary>
    public DateTimeOffset? Date { get; init; }

    /// <summary>The time that the server asked the client to wait (Retry-After).</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The end of that time.</summary>
    public DateTimeOffset? RetryAt { get; init; }

    /// <summary>The images of the request. An answer that repeats them has no result.</summary>
    public IReadOnlyList<string> SentImages { get; init; } = [];

    /// <summary>Whether a text repeats an image of the request, as an address, as a data URI, or as base64.</summary>
    public bool RepeatsSentImage(string text)
    {
        for (int i = 0; i < SentImages.Count; i++)
        {
            if (SentImages[i] == text || (text.Length > 200 && SentImages[i].EndsWith(text, StringComparison.Ordinal)))
                return true;
        }
        return false;
    }

    public bool IsSuccess => Status is >= 200 and <= 299;
}
