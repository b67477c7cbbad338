using System.Net;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Http;

/// <summary>The options of a connection to the API: key, endpoint, limits, clock and network.</summary>
public record ApiOptions
{
    /// <summary>The provider's address for the <c>generation</c> dialect.</summary>
    public static readonly Uri DefaultEndpoint = new("https://cloud.vtrix.ai/");

    /// <summary>The default limit of a download, in bytes. It is larger than any image of the model.</summary>
    public const long DefaultMaximumImageBytes = 256L * 1024 * 1024;

    private readonly ApiProtocol? _protocol;
    private readonly ApiProtocol _endpointProtocol;
    private readonly ApiProtocol? _pathProtocol;
    private readonly string? _endpointProblem;

    /// <summary>The API key.</summary>
    public required ApiKey ApiKey { get; init; }

    /// <summary>The base address of the API.</summary>
    /// <remarks>
    /// The end of a path that belongs to requests (<c>/model</c>, <c>/model/v1/queue</c>) is removed, and a slash is added, because keys of
    /// batches contain this address.
    /// </remarks>
    public Uri Endpoint
    {
        get;
        init
        {
            EndpointAddress address = EndpointAddress.Read(value);
            (field, _pathProtocol, _endpointProblem) = (address.Base, address.Protocol, address.Problem);
            _endpointProtocol = KnownEndpoints.ProtocolOf(value);
        }
    } = DefaultEndpoint;

    /// <summary>
    /// The protocol of the endpoint. The default is the protocol of the address (<see cref="KnownEndpoints.ProtocolOf"/>).
    /// </summary>
    public ApiProtocol Protocol { get => _protocol ?? _endpointProtocol; init => _protocol = value; }

    /// <summary>The proxy, from <see cref="ApiProxy.At"/>; null for the setting of the system.</summary>
    public IWebProxy? Proxy { get; init; }

    /// <summary>Credentials for the proxy of the system, if its setting has no credentials.</summary>
    public ICredentials? SystemProxyCredentials { get; init; }

    /// <summary>Returns the proxy of the system; tests replace it.</summary>
    internal Func<IWebProxy?> SystemProxy { get; init; } = () => ApiProxy.System;

    /// <summary>Header fields that are sent with every request to the API.</summary>
    public GatewayHeaders Headers { get; init; } = GatewayHeaders.None;

    /// <summary>Cleans texts of servers, and masks the key and the values of <see cref="Headers"/> in them.</summary>
    internal ServerText ServerText => Headers.Masks.Count == 0 ? ApiKey.ServerText : ApiKey.ServerText.And(Headers.Masks);

    /// <summary>Whether the key may be sent over plain http to a host that is not this machine.</summary>
    public bool AllowUnencryptedAuthentication { get; init; }

    /// <summary>
    /// Whether images may be downloaded from this machine and from private, link-local and reserved networks if the endpoint is public.
    /// Networks of the endpoint's own kind are always allowed.
    /// </summary>
    public bool AllowPrivateDownload { get; init; }

    /// <summary>The maximum number of retries when no connection can be made; 0 or more.</summary>
    public int MaximumRetryCount { get; init; } = 4;

    /// <summary>The maximum number of submissions per minute, including retries; 1 or more, null for no limit.</summary>
    public int? RequestsPerMinute { get; init; }

    /// <summary>How input images of this machine are sent.</summary>
    public ImageTransfer ImageTransfer { get; init; }

    /// <summary>The time-out of one submission.</summary>
    public TimeSpan SubmitTimeout { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>The time-out of one poll.</summary>
    public TimeSpan PollTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The time-out of a cancellation, including its retries and the polls until the service reports the outcome.</summary>
    public TimeSpan CancelTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The time-out of a download that receives no byte.</summary>
    public TimeSpan DownloadIdleTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The time-out of an operation without a time-out of its own, including its retries.</summary>
    public TimeSpan OperationTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The maximum size of an image that is downloaded, in bytes.</summary>
    public long MaximumImageBytes { get; init; } = DefaultMaximumImageBytes;

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Random numbers in [0, 1), for jitter.</summary>
    public Func<double>? Random { get; init; }

    /// <summary>Replaces the network of the API in tests; null for the real network.</summary>
    public HttpMessageHandler? ApiHandler { get; init; }

    /// <summary>Replaces the network of downloads in tests; null for the real network.</summary>
    public HttpMessageHandler? DownloadHandler { get; init; }

    /// <summary>Opens the temporary file of an image; null for a file on the disk.</summary>
    internal Func<string, FileStream>? OpenPart { get; init; }

    /// <summary>Checks the options before anything is sent.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidRequest"/>: the endpoint can't be used.</exception>
    public void Check()
    {
        if (!Endpoint.IsAbsoluteUri || Endpoint.Scheme is not ("https" or "http"))
            throw Invalid(Messages.EndpointInvalid(TextSafety.Excerpt(Endpoint.OriginalString), DefaultEndpoint));
        if (_endpointProblem is not null)
            throw Invalid(_endpointProblem);
        if (_pathProtocol is { } ofPath && ofPath != Protocol)
            throw Invalid(Messages.ProtocolMismatch(ofPath, Protocol, Endpoint));
        if (Endpoint.Scheme == "http" && !Endpoint.IsLoopback && !AllowUnencryptedAuthentication)
            throw Invalid(Messages.EndpointNotEncrypted(Endpoint));
        bool isProxyRemote = Proxy?.IsBypassed(Endpoint) == false && Proxy.GetProxy(Endpoint) is { IsLoopback: false };
        if (Endpoint.Scheme == "http" && !AllowUnencryptedAuthentication && isProxyRemote)
            throw Invalid(Messages.EndpointNotEncryptedToProxy(Endpoint));
    }

    private static NanoBananaException Invalid(string message) => new(NanoBananaErrorKind.InvalidRequest, message);
}
