namespace NanoBanana;

/// <summary>
/// A connection to the API: its endpoint, the source of its key, and its limits. You can pass it to another runspace with
/// <c>-Connection</c>. The key is not one of its properties.
/// </summary>
public sealed class NanoBananaConnection
{
    internal NanoBananaConnection(object client) => Client = client;

    /// <summary>The base address of the API.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>The protocol of the endpoint.</summary>
    public required ApiProtocol Protocol { get; init; }

    /// <summary>The source of the key.</summary>
    public required ApiKeySource KeySource { get; init; }

    /// <summary>The key with only its last characters visible.</summary>
    public required string MaskedKey { get; init; }

    /// <summary>
    /// The proxy of requests to the endpoint, including a proxy that the environment or the system defines; <see langword="null"/> without
    /// a proxy.
    /// </summary>
    public Uri? Proxy => ProxySource.Value;

    /// <summary>
    /// The current journal: the full path of a file, or the address of a database without its password; <see langword="null"/> without a
    /// journal.
    /// </summary>
    public string? Journal => JournalSource();

    /// <summary>The names of the header fields that are sent with every request to the API. Their values are not properties.</summary>
    public IReadOnlyList<string> Header { get; init; } = [];

    /// <summary>The maximum number of retries when no connection can be made.</summary>
    public required int MaximumRetryCount { get; init; }

    /// <summary>The maximum size of an image that is downloaded, in bytes.</summary>
    public required long MaximumImageSize { get; init; }

    /// <summary>The maximum number of submissions per minute; <see langword="null"/> for no limit.</summary>
    public int? RequestsPerMinute { get; init; }

    /// <summary>The maximum number of images of the journal per day (UTC); <see langword="null"/> for no limit.</summary>
    public long? MaximumImagesPerDay { get; init; }

    /// <summary>The maximum number of tokens of the journal per day (UTC); <see langword="null"/> for no limit.</summary>
    public long? MaximumTokensPerDay { get; init; }

    /// <summary>The maximum cost of the journal per day (UTC), in the provider's unit; <see langword="null"/> for no limit.</summary>
    public decimal? MaximumCostPerDay { get; init; }

    /// <summary>The assumed maximum cost of an image, in the provider's unit, for a limit of the cost.</summary>
    public decimal? MaximumCostPerImage { get; init; }

    /// <summary>The log file of the commands; <see langword="null"/> for no file, or for the file of <c>$env:NANOBANANA_LOG</c>.</summary>
    public string? LogPath { get; init; }

    /// <summary>How input images of this machine are sent.</summary>
    public ImageTransfer ImageTransfer { get; init; }

    /// <summary>Finds the proxy at the first access, because a system may have to download a script for that.</summary>
    internal Lazy<Uri?> ProxySource { get; init; } = new(() => null);

    /// <summary>Finds the journal at each access, because <c>$env:NANOBANANA_JOURNAL</c> can change.</summary>
    internal Func<string?> JournalSource { get; init; } = () => null;

    /// <summary>The client of the connection. PowerShell doesn't need its type, so it is an object here.</summary>
    internal object Client { get; }

    /// <summary>The address of the endpoint.</summary>
    public override string ToString() => Endpoint.AbsoluteUri;
}
