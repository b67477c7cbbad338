using System.Net;
using NanoBanana.Client.Journal;

namespace NanoBanana.Client;

/// <summary>What a client needs to know, and its limits.</summary>
public sealed record NanoBananaClientOptions
{
    /// <summary>Where the provider serves the <c>generation</c> dialect.</summary>
    public static readonly Uri DefaultEndpoint = new("https://cloud.vtrix.ai/");

    /// <summary>Larger than any picture of the model, small enough for any disk.</summary>
    public const long DefaultMaximumPictureBytes = 256L * 1024 * 1024;

    /// <summary>The secret that pays.</summary>
    public required ApiKey ApiKey { get; init; }

    /// <summary>The base address of the API.</summary>
    /// <remarks>Ends in a slash, with and without which it is the same: keys of batches are made of it.</remarks>
    public Uri Endpoint { get; init => field = WithSlash(value); } = DefaultEndpoint;

    /// <summary>The protocol spoken there.</summary>
    public ApiProtocol Protocol { get; init; } = ApiProtocol.Generation;

    /// <summary>The proxy to go through; null for the system's own setting.</summary>
    public IWebProxy? Proxy { get; init; }

    /// <summary>Lets the key go over plain http to a host that is not this machine.</summary>
    public bool AllowUnencryptedAuthentication { get; init; }

    /// <summary>How often a request that may be sent again is, when no connection can be made; from 0.</summary>
    public int MaximumRetryCount { get; init; } = 4;

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

    /// <summary>The largest picture that is downloaded, in bytes.</summary>
    public long MaximumPictureBytes { get; init; } = DefaultMaximumPictureBytes;

    /// <summary>Where what was bought is kept. Asked for at every operation, so that it follows the environment.</summary>
    public Func<JournalHandle> Journal { get; init; } = () => JournalHandle.None;

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Random numbers in [0, 1), for jitter.</summary>
    public Func<double>? Random { get; init; }

    /// <summary>Stands in for the network of the API; null for the real one.</summary>
    public HttpMessageHandler? ApiHandler { get; init; }

    /// <summary>Stands in for the network of downloads; null for the real one.</summary>
    public HttpMessageHandler? DownloadHandler { get; init; }

    /// <summary>Opens the temporary file of a picture; stands in for a disk.</summary>
    internal Func<string, FileStream> OpenPart { get; init; } = Files.PartFile.Open;

    /// <summary>Checks what can be checked before anything is sent.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidRequest"/>: the endpoint can't be used.</exception>
    public NanoBananaClientOptions Check()
    {
        if (!Endpoint.IsAbsoluteUri || Endpoint.Scheme is not ("https" or "http"))
            throw Invalid($"The endpoint '{TextSafety.Excerpt(Endpoint.OriginalString)}' is not an address of an API. It begins with https:// and names a host, such as {DefaultEndpoint}.");
        if (Endpoint.UserInfo.Length > 0 || Endpoint.Query.Length > 0 || Endpoint.Fragment.Length > 0)
            throw Invalid("The endpoint has a user name, a query or a fragment. Give the base address alone, such as https://host/ or https://host/path.");
        if (Endpoint.Scheme == "http" && !Endpoint.IsLoopback && !AllowUnencryptedAuthentication)
            throw Invalid($"The endpoint {Endpoint} is not encrypted, so anyone on the way could read the API key. Use https, or -AllowUnencryptedAuthentication if you know the network.");
        if (Endpoint.Scheme == "http" && !AllowUnencryptedAuthentication && Proxy?.IsBypassed(Endpoint) == false && Proxy.GetProxy(Endpoint) is { IsLoopback: false })
            throw Invalid($"The endpoint {Endpoint} is not encrypted and the proxy is another machine, so anyone on the way could read the API key. Leave out -Proxy, or use -AllowUnencryptedAuthentication if you know the network.");
        return this;
    }

    private static Uri WithSlash(Uri endpoint) =>
        endpoint.IsAbsoluteUri && endpoint.Query.Length + endpoint.Fragment.Length == 0 && !endpoint.AbsoluteUri.EndsWith("/", StringComparison.Ordinal)
            ? new Uri(endpoint.AbsoluteUri + "/")
            : endpoint;

    private static NanoBananaException Invalid(string message) => new(NanoBananaErrorKind.InvalidRequest, message);
}
