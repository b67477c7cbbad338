using System.Net;
using NanoBanana.Client;
using NanoBanana.Client.Journal;

namespace NanoBanana.Connections;

internal static class ConnectionFactory
{
    /// <summary>Makes a connection. Nothing is sent.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidRequest"/>: the options can't be used.</exception>
    public static NanoBananaConnection Create(NanoBananaClientOptions options, ApiKeySource source)
    {
        Loading.JournalCloser.MarkUsed();
        options = options with { Journal = () => JournalHandle.FromEnvironment(options.Endpoint, options.Time) };
        return new(new ConnectedClient(new NanoBananaClient(options), options))
        {
            Endpoint = options.Endpoint,
            Protocol = options.Protocol,
            KeySource = source,
            MaskedKey = options.ApiKey.Masked,
            Proxy = WithoutUser((options.Proxy as WebProxy)?.Address),
            MaximumRetryCount = options.MaximumRetryCount,
            MaximumPictureSize = options.MaximumPictureBytes,
            ImageTransfer = options.ImageTransfer,
        };
    }

    /// <summary>What stands before the @ of an address may be a password.</summary>
    private static Uri? WithoutUser(Uri? address) => address is not { UserInfo.Length: > 0 }
        ? address
        : new UriBuilder(address) { UserName = "", Password = "" }.Uri;

    /// <summary>The client behind a connection.</summary>
    public static NanoBananaClient ClientOf(NanoBananaConnection connection) => ((ConnectedClient)connection.Client).Client;
}
