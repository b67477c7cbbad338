using System.Collections;
using System.Net;
using System.Security;
using NanoBanana.Client.Http;
using NanoBanana.Client.Journal;

namespace NanoBanana.Commands;

/// <summary>Sets the key, the endpoint and the limits for the commands of this runspace. Sends nothing.</summary>
[Cmdlet(VerbsCommunications.Connect, "NanoBanana", DefaultParameterSetName = KeySet)]
[OutputType(typeof(NanoBananaConnection))]
public sealed class ConnectNanoBananaCommand : NanoBananaCmdlet
{
    private const string KeySet = "ApiKey";
    private const string SecretSet = "Secret";

    /// <summary>The API key. The default is <c>$env:NANOBANANA_API_KEY</c>.</summary>
    [Parameter(ParameterSetName = KeySet, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true,
        HelpMessage = "The API key, as a SecureString.")]
    [SecureStringTransformation]
    public SecureString? ApiKey { get; set; }

    /// <summary>The name of the secret that contains the key. It is read with Get-Secret.</summary>
    [Parameter(ParameterSetName = SecretSet, Mandatory = true,
        HelpMessage = "The name of the secret that contains the key.")]
    [ValidateNotNullOrEmpty]
    public string? SecretName { get; set; }

    /// <summary>The vault of the secret.</summary>
    [Parameter(ParameterSetName = SecretSet, HelpMessage = "The vault that contains the secret.")]
    [ArgumentCompleter(typeof(VaultCompleter))]
    public string? Vault { get; set; }

    /// <summary>The address of the API, with or without the path of its requests. The default depends on the protocol.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, HelpMessage = "The address of the API.")]
    [Alias("BaseUri", "Uri")]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(EndpointCompleter))]
    public Uri? Endpoint { get; set; }

    /// <summary>The protocol of the endpoint. The default comes from the path or from a known host, or is Generation.</summary>
    [Parameter(HelpMessage = "The protocol of the endpoint.")]
    public ApiProtocol Protocol { get; set; }

    /// <summary>The maximum number of submissions per minute, distributed evenly, 1 to 60000.</summary>
    [Parameter(HelpMessage = "The maximum number of submissions per minute over this connection, 1 to 60000, including retries.")]
    [ValidateRange(1, 60_000)]
    public int RequestsPerMinute { get; set; }

    /// <summary>The maximum number of images in a day (UTC), over all processes that use the journal.</summary>
    [Parameter(HelpMessage = "The maximum number of images that all commands with this journal may buy in a day (UTC).")]
    [ValidateRange(0L, long.MaxValue)]
    public long MaximumImagesPerDay { get; set; }

    /// <summary>The maximum number of tokens in a day (UTC), over all processes that use the journal.</summary>
    [Parameter(HelpMessage = "The maximum number of tokens that all commands with this journal may use in a day (UTC).")]
    [ValidateRange(0L, long.MaxValue)]
    public long MaximumTokensPerDay { get; set; }

    /// <summary>The maximum cost in a day (UTC) in the provider's unit, over all processes that use the journal.</summary>
    [Parameter(HelpMessage = "The maximum cost of all commands with this journal in a day (UTC), in the provider's unit.")]
    [ValidateRange(0.0, double.MaxValue)]
    public decimal MaximumCostPerDay { get; set; }

    /// <summary>The maximum expected cost of one image in the provider's unit, for a limit of the cost.</summary>
    [Parameter(HelpMessage = "The maximum cost that you expect for one image, in the provider's unit.")]
    [ValidateRange(0.0, double.MaxValue)]
    public decimal MaximumCostPerImage { get; set; }

    /// <summary>The address of the proxy. The default is the setting of the system.</summary>
    [Parameter(HelpMessage = "The address of a proxy for all requests.")]
    public Uri? Proxy { get; set; }

    /// <summary>The user name and password for the proxy.</summary>
    [Parameter(HelpMessage = "The user name and the password for the proxy.")]
    [Credential]
    public PSCredential? ProxyCredential { get; set; }

    /// <summary>Uses the credentials of the current user for the proxy, also for the proxy of the system.</summary>
    [Parameter(HelpMessage = "Uses the credentials of the current user for the proxy.")]
    public SwitchParameter ProxyUseDefaultCredentials { get; set; }

    /// <summary>Header fields of every request to the API, for a gateway in front of it. Their values are never shown.</summary>
    [Parameter(HelpMessage = "Header fields for a gateway in front of the API, as a hashtable of names and values.")]
    [Alias("Headers")]
    [ValidateNotNull]
    public IDictionary? Header { get; set; }

    /// <summary>The maximum number of retries in a row when a request gets no answer, 0 to 100.</summary>
    [Parameter(HelpMessage = "The maximum number of retries in a row when a request gets no answer, 0 to 100.")]
    [ValidateRange(0, 100)]
    public int MaximumRetryCount { get; set; } = 4;

    /// <summary>How local images are sent. The default is the first form that the service accepts.</summary>
    [Parameter(HelpMessage = "How to send the images in a request (-ImagePath, data URIs).")]
    public ImageTransfer ImageTransfer { get; set; }

    /// <summary>The maximum size of a downloaded image, in bytes.</summary>
    [Parameter(HelpMessage = "The maximum size of an image that is downloaded, in bytes.")]
    [ValidateRange(1L, long.MaxValue)]
    public long MaximumImageSize { get; set; } = NanoBananaClientOptions.DefaultMaximumImageBytes;

    /// <summary>The log file of the commands of this connection, with one line of JSON for each event.</summary>
    [Parameter(HelpMessage = "The log file for the commands of this connection, with one line of JSON for each event.")]
    [ValidateNotNullOrEmpty]
    public string? LogPath { get; set; }

    /// <summary>Allows sending the key over http to another machine.</summary>
    [Parameter(HelpMessage = "Allows sending the key over http to an endpoint or a proxy on another machine.")]
    public SwitchParameter AllowUnencryptedAuthentication { get; set; }

    /// <summary>Allows downloads from this machine and from private networks, even if the endpoint is public.</summary>
    [Parameter(HelpMessage = "Allows downloads from this machine and from private networks, even if the endpoint is public.")]
    public SwitchParameter AllowPrivateDownload { get; set; }

    /// <summary>Returns the connection.</summary>
    [Parameter(HelpMessage = "Returns the connection, for the parameter -Connection of other commands.")]
    public SwitchParameter PassThru { get; set; }

    /// <summary>The next command loads the views, because this one emits nothing by default.</summary>
    private protected override bool DefersViews => true;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        try
        {
            (ApiKey key, ApiKeySource source) = FindKey();
            ApiProtocol protocol = Endpoint is null || MyInvocation.BoundParameters.ContainsKey(nameof(Protocol))
                ? Protocol : KnownEndpoints.ProtocolOf(Endpoint);
            NetworkCredential? proxyCredential = ProxyCredential?.GetNetworkCredential();
            ApiProxy.CheckCredentials(proxyCredential is not null, ProxyUseDefaultCredentials);
            NanoBananaConnection connection = ConnectionResolver.Create(
                new NanoBananaClientOptions
                {
                    ApiKey = key,
                    Endpoint = Endpoint ?? KnownEndpoints.Of(protocol),
                    Protocol = protocol,
                    Proxy = Proxy is null ? null : ApiProxy.At(Proxy, proxyCredential, ProxyUseDefaultCredentials),
                    SystemProxyCredentials = ProxyUseDefaultCredentials ? CredentialCache.DefaultCredentials : proxyCredential,
                    Headers = HeaderReader.Read(Header),
                    MaximumRetryCount = MaximumRetryCount,
                    MaximumImageBytes = MaximumImageSize,
                    RequestsPerMinute = Given(nameof(RequestsPerMinute), RequestsPerMinute),
                    DailyLimits = new SpendingLimits
                    {
                        Images = Given(nameof(MaximumImagesPerDay), MaximumImagesPerDay),
                        Tokens = Given(nameof(MaximumTokensPerDay), MaximumTokensPerDay),
                        Cost = Given(nameof(MaximumCostPerDay), MaximumCostPerDay),
                        CostPerImage = Given(nameof(MaximumCostPerImage), MaximumCostPerImage),
                    },
                    ImageTransfer = ImageTransfer,
                    LogPath = LogPath is null ? null : PathReader.Literal(this, LogPath),
                    AllowUnencryptedAuthentication = AllowUnencryptedAuthentication,
                    AllowPrivateDownload = AllowPrivateDownload,
                },
                source);
            RunspaceData.Current.Connection = connection;
            RunspaceData.Current.UsedEmulator = connection.Endpoint.IsLoopback ? connection.Endpoint : null;
            if (PassThru)
                WriteObject(connection);
        }
        catch (NanoBananaException e)
        {
            // An address with a user name or a query can contain a secret, and error records go to logs.
            bool isPlain = Endpoint?.OriginalString.IndexOfAny(['@', '?', '#']) < 0;
            ThrowTerminatingError(e.ToErrorRecord(isPlain ? Endpoint : null));
        }
    }

    private (ApiKey Key, ApiKeySource Source) FindKey()
    {
        if (ApiKey is not null)
        {
            return ApiKey.Length > 0
                ? (SecretReader.FromSecure(ApiKey), ApiKeySource.Parameter)
                : throw new NanoBananaException(NanoBananaErrorKind.ApiKeyMissing, Messages.ValueIsNoKey);
        }
        // A variable that is not set: the key of the environment could belong to another service. A pipeline object can have no key.
        if (MyInvocation.BoundParameters.ContainsKey(nameof(ApiKey)) && !MyInvocation.ExpectingInput)
            throw new NanoBananaException(NanoBananaErrorKind.ApiKeyMissing, Messages.ValueIsNoKey);
        if (SecretName is not null)
            return (SecretReader.Read(this, SecretName, Vault), ApiKeySource.SecretVault);
        return (new ApiKey(ConnectionResolver.KeyOfEnvironment()), ApiKeySource.Environment);
    }
}
