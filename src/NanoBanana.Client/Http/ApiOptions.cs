using System.Net;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Http;

/// <summary>How the API is reached: key, endpoint, limits, clock and network.</summary>
public record ApiOptions
{
    /// <summary>Where the provider serves the <c>generation</c> dialect.</summary>
    public static readonly Uri DefaultEndpoint = new("https://cloud.vtrix.ai/");

    /// <summary>Larger than any image of the model, small enough for any disk.</summary>
    public const long DefaultMaximumImageBytes = 256L * 1024 * 1024;

    private readonly ApiProtocol? _protocol;
    private readonly ApiProtocol _endpointProtocol;
    private readonly ApiProtocol? _pathProtocol;
    private readonly string? _endpointProblem;

    /// <summary>The secret that pays.</summary>
    public required ApiKey ApiKey { get; init; }

    /// <summary>The base address of the API.</summary>
    /// <remarks>The path of a request at its end (<c>/model</c>, <c>/model/v1/queue</c>) is taken off, a slash is added: keys of batches are made of it.</remarks>
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

    /// <summary>The protocol spoken there; unless set, that of the address (<see cref="KnownEndpoints.ProtocolOf"/>).</summary>
    public ApiProtocol Protocol { get => _protocol ?? _endpointProtocol; init => _protocol = value; }

    /// <summary>The proxy to go through, of <see cref="ApiProxy.At"/>; null for the system's own setting.</summary>
    public IWebProxy? Proxy { get; init; }

    /// <summary>Credentials for the system's proxy, where its setting has none.</summary>
    public ICredentials? SystemProxyCredentials { get; init; }

    /// <summary>The proxy of the system; stands in for it.</summary>
    internal Func<IWebProxy?> SystemProxy { get; init; } = () => ApiProxy.System;

    /// <summary>Header fields that go with every request to the API.</summary>
    public GatewayHeaders Headers { get; init; } = GatewayHeaders.None;

    /// <summary>Shows what servers write, without the key and without the values of <see cref="Headers"/>.</summary>
    internal ServerText ServerText => Headers.Masks.Count == 0 ? ApiKey.ServerText : ApiKey.ServerText.And(Headers.Masks);

    /// <summary>Lets the key go over plain http to a host that is not this machine.</summary>
    public bool AllowUnencryptedAuthentication { get; init; }

    /// <summary>
    /// Lets images be fetched from this machine and from private, link-local and reserved networks also where the endpoint is
    /// public. Those of the endpoint's own kind are always allowed.
    /// </summary>
    public bool AllowPrivateDownload { get; init; }

    /// <summary>How often a request that may be sent again is, when no connection can be made; from 0.</summary>
    public int MaximumRetryCount { get; init; } = 4;

    /// <summary>The most submits in a minute, from 1, those that are sent again among them; null for no limit.</summary>
    public int? RequestsPerMinute { get; init; }

    /// <summary>How images inside a request are sent.</summary>
    public ImageTransfer ImageTransfer { get; init; }

    /// <summary>The longest a submit may take on the wire.</summary>
    public TimeSpan SubmitTimeout { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>The longest a poll may take on the wire.</summary>
    public TimeSpan PollTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest a cancel may take with all its tries, and until the service shows what came of it.</summary>
    public TimeSpan CancelTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest a download may go without a byte.</summary>
    public TimeSpan DownloadIdleTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest an operation that is not given a time may take with all its tries.</summary>
    public TimeSpan OperationTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The largest image that is downloaded, in bytes.</summary>
    public long MaximumImageBytes { get; init; } = DefaultMaximumImageBytes;

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Random numbers in [0, 1), for jitter.</summary>
    public Func<double>? Random { get; init; }

    /// <summary>Stands in for the network of the API; null for the real one.</summary>
    public HttpMessageHandler? ApiHandler { get; init; }

    /// <summary>Stands in for the network of downloads; null for the real one.</summary>
    public HttpMessageHandler? DownloadHandler { get; init; }

    /// <summary>Opens the temporary file of an image, in place of the disk; null for the disk.</summary>
    internal Func<string, FileStream>? OpenPart { get; init; }

    /// <summary>Checks what can be checked before anything is sent.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidRequest"/>: the endpoint can't be used.</exception>
    public void Check()
    {
        if (!Endpoint.IsAbsoluteUri || Endpoint.Scheme is not ("https" or "http"))
            throw Invalid($"The endpoint '{TextSafety.Excerpt(Endpoint.OriginalString)}' is not an address of an API. It begins with https:// and names a host, such as {DefaultEndpoint}.");
        if (_endpointProblem is not null)
            throw Invalid(_endpointProblem);
        if (_pathProtocol is { } spoken && spoken != Protocol)
            throw Invalid($"The endpoint's path is of the protocol {spoken}, and the protocol {Protocol} was asked for. Leave out -Protocol, or connect to {Endpoint} with -Protocol {Protocol}.");
        if (Endpoint.Scheme == "http" && !Endpoint.IsLoopback && !AllowUnencryptedAuthentication)
            throw Invalid($"The endpoint {Endpoint} is not encrypted, so anyone on the way could read the API key. Use https, or -AllowUnencryptedAuthentication if you know the network.");
        if (Endpoint.Scheme == "http" && !AllowUnencryptedAuthentication && Proxy?.IsBypassed(Endpoint) == false && Proxy.GetProxy(Endpoint) is { IsLoopback: false })
            throw Invalid($"The endpoint {Endpoint} is not encrypted and the proxy is another machine, so anyone on the way could read the API key. Leave out -Proxy, or use -AllowUnencryptedAuthentication if you know the network.");
    }

    private static NanoBananaException Invalid(string message) => new(NanoBananaErrorKind.InvalidRequest, message);
}
