using System.Globalization;

namespace NanoBanana.Client.Http;

/// <summary>The outcome of sending a request once: a reply, or the reason why there is none.</summary>
internal sealed record Exchange
{
    public WireReply? Reply { get; init; }

    /// <summary>Why no whole reply came; null when one did.</summary>
    public ExchangeFailure? Failure { get; init; }

    /// <summary>The cause of <see cref="Failure"/>.</summary>
    public Exception? Cause { get; init; }

    /// <summary>Whether the request began to leave: only then can the server have acted on it.</summary>
    public bool BodySent { get; init; }

    /// <summary>The proxy that the request went through, where that matters: there is no reply, or it is the proxy's. Without a user name.</summary>
    public Uri? Proxy { get; init; }

    /// <summary>The status with which the proxy refused to make a connection to the service.</summary>
    public int? ProxyStatus { get; init; }

    /// <summary>Whether a connection broke, and not merely could not be made.</summary>
    public bool WasConnected { get; init; }

    /// <summary>Whether no connection was made for a reason that no wait removes: the certificate, or a proxy that asks for credentials.</summary>
    public bool IsRefusedConnection => Failure is ExchangeFailure.Certificate or ExchangeFailure.ProxyRefusal || Reply?.Status == 407;

    /// <summary>The status of the reply, or why there is none, for a trace.</summary>
    public string OutcomeForTrace() => Reply?.Status.ToString(CultureInfo.InvariantCulture) ?? Failure!.Value.ToString();

    /// <summary>Who was asked, for a message.</summary>
    public string Peer { get; init; } = "the service";

    /// <summary>Why there is no reply, as a phrase: where to there was no connection, or that one broke.</summary>
    public string Breakdown => this switch
    {
        { ProxyStatus: 407 } => $"the proxy {Proxy} asks for a user name and a password (407). Give them with Connect-NanoBanana -ProxyCredential, or use -ProxyUseDefaultCredentials for those of your account",
        { ProxyStatus: 401 or 403 or 405 } => $"the proxy {Proxy} does not allow a connection to {Peer} ({ProxyStatus}). Ask whoever runs it",
        { ProxyStatus: { } status } => $"the proxy {Proxy} has no connection to {Peer} ({status})",
        { Failure: ExchangeFailure.Certificate } => $"the certificate of {Peer} is not trusted ({Reason}). If a proxy of your organization replaces certificates, its root certificate must be in the store of the system; on Linux, SSL_CERT_FILE or SSL_CERT_DIR can name it",
        { WasConnected: true } => $"the connection broke before the whole answer came ({Reason})",
        { Proxy: { } proxy } => $"there is no connection to the proxy {proxy} ({Reason})",
        _ => $"there is no connection to {Peer} ({Reason})",
    };

    private string Reason => TextSafety.Excerpt(Cause?.GetBaseException().Message ?? "time-out", 200).TrimEnd('.');

    /// <summary>Whether no connection could be made, so that every other request of the connection would fail alike.</summary>
    public bool IsUnreachable => Failure is ExchangeFailure.Network or ExchangeFailure.Timeout && !BodySent;

    /// <summary>Whether a download came further before it broke.</summary>
    public bool MadeProgress { get; init; }

    /// <summary>
    /// Set when another attempt was withheld, because its full time did not fit into the rest of the operation: how long
    /// the operation has taken, what the attempt needs, and what is left.
    /// </summary>
    public (TimeSpan Waited, TimeSpan Needed, TimeSpan Left)? Withheld { get; init; }

    /// <summary>Whether the request was not sent because its turn among the submits of the connection came too late.</summary>
    public bool IsPaced { get; init; }

    public bool IsSuccess => Reply?.IsSuccess == true;

    /// <summary>The same, with the images that were sent with the request, which are no result when an answer repeats them.</summary>
    public Exchange WithSent(IReadOnlyList<string>? images) => Reply is null || images is not { Count: > 0 }
        ? this
        : this with { Reply = Reply with { Sent = images } };
}

/// <summary>Why a request got no whole reply.</summary>
internal enum ExchangeFailure
{
    /// <summary>The connection could not be made, or broke.</summary>
    Network,

    /// <summary>The certificate of the other side is not trusted. No later attempt ends otherwise.</summary>
    Certificate,

    /// <summary>The proxy refuses the connection, as without credentials. No later attempt ends otherwise.</summary>
    ProxyRefusal,

    /// <summary>The time for one request ran out.</summary>
    Timeout,

    /// <summary>The reply is larger than any answer of this API.</summary>
    TooLarge,

    /// <summary>It is not fetched from there, or can't be read: the cause says why.</summary>
    Forbidden,

    /// <summary>A whole reply came, and it is not what was asked for: a page of a proxy in place of an image.</summary>
    Garbage,
}

/// <summary>What came back for a <see cref="WireCall"/>, read to its end.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The whole body, as <see cref="ShownBody"/> makes it.</param>
internal sealed record WireReply(int Status, byte[] Body)
{
    /// <summary>The media type of the body, when the server named one.</summary>
    public string? MediaType { get; init; }

    /// <summary>Where it came from: relative addresses in it count from there.</summary>
    public Uri? Address { get; init; }

    /// <summary>The server's id of the request, from its headers.</summary>
    public string? RequestId { get; init; }

    /// <summary>The time by the server's clock.</summary>
    public DateTimeOffset? Date { get; init; }

    /// <summary>How long the server asked to be left alone.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The moment until which the server asked for no requests.</summary>
    public DateTimeOffset? RetryAt { get; init; }

    /// <summary>The images that were sent with the request: an answer that repeats them gives no result.</summary>
    public IReadOnlyList<string> Sent { get; init; } = [];

    /// <summary>Whether a text repeats an image that was sent, as an address, a data URI, or its base64 alone.</summary>
    public bool IsSent(string text)
    {
        for (int i = 0; i < Sent.Count; i++)
        {
            if (Sent[i] == text || (text.Length > 200 && Sent[i].EndsWith(text, StringComparison.Ordinal)))
                return true;
        }
        return false;
    }

    public bool IsSuccess => Status is >= 200 and <= 299;
}
