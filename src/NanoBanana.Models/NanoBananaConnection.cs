namespace NanoBanana;

/// <summary>
/// A connection to the API: where it leads, whose key it uses and its limits. It can be handed to another runspace with
/// <c>-Connection</c>. The key itself is not among its properties.
/// </summary>
public sealed class NanoBananaConnection
{
    internal NanoBananaConnection(object client) => Client = client;

    /// <summary>The base address of the API.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>The protocol spoken there.</summary>
    public required ApiProtocol Protocol { get; init; }

    /// <summary>Where the key came from.</summary>
    public required ApiKeySource KeySource { get; init; }

    /// <summary>The key with all but its last characters hidden.</summary>
    public required string MaskedKey { get; init; }

    /// <summary>
    /// The proxy that requests to the endpoint go through, also where the environment or the system names it; <see langword="null"/> for none.
    /// </summary>
    public Uri? Proxy => ProxySource.Value;

    /// <summary>
    /// Where its tasks are recorded at this moment: the full path of a file, or the address of a database without its password;
    /// <see langword="null"/> for nowhere.
    /// </summary>
    public string? Journal => JournalSource();

    /// <summary>The names of the header fields that go with every request to the API. Their values are not among its properties.</summary>
    public IReadOnlyList<string> Header { get; init; } = [];

    /// <summary>How many times a request that may be sent again is sent again when no connection can be made.</summary>
    public required int MaximumRetryCount { get; init; }

    /// <summary>The largest image that is downloaded, in bytes.</summary>
    public required long MaximumImageSize { get; init; }

    /// <summary>The most submits in a minute; <see langword="null"/> for no limit.</summary>
    public int? RequestsPerMinute { get; init; }

    /// <summary>The most images that its journal buys in a day (UTC); <see langword="null"/> for no limit.</summary>
    public long? MaximumImagesPerDay { get; init; }

    /// <summary>The most tokens that its journal buys in a day (UTC); <see langword="null"/> for no limit.</summary>
    public long? MaximumTokensPerDay { get; init; }

    /// <summary>The most that its journal spends in a day (UTC), in the provider's unit; <see langword="null"/> for no limit.</summary>
    public decimal? MaximumCostPerDay { get; init; }

    /// <summary>The most that an image is assumed to cost, in the provider's unit, for a limit of the cost.</summary>
    public decimal? MaximumCostPerImage { get; init; }

    /// <summary>The file that its commands log to; <see langword="null"/> for none, or for that of <c>$env:NANOBANANA_LOG</c>.</summary>
    public string? LogPath { get; init; }

    /// <summary>How images of this machine are sent.</summary>
    public ImageTransfer ImageTransfer { get; init; }

    /// <summary>Finds the proxy when it is first asked for: a system may have to fetch a script for that.</summary>
    internal Lazy<Uri?> ProxySource { get; init; } = new(() => null);

    /// <summary>Finds the journal: <c>$env:NANOBANANA_JOURNAL</c> can change at any time.</summary>
    internal Func<string?> JournalSource { get; init; } = () => null;

    /// <summary>The client behind the connection; its type lives where PowerShell need not look.</summary>
    internal object Client { get; }

    /// <summary>The address.</summary>
    public override string ToString() => Endpoint.AbsoluteUri;
}
