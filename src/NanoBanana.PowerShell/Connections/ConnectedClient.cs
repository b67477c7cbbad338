using NanoBanana.Client;
using NanoBanana.Client.Http;

namespace NanoBanana.Connections;

/// <summary>What stands behind a connection: the client, and what it takes to make it again with another key.</summary>
internal sealed record ConnectedClient(NanoBananaClient Client, NanoBananaClientOptions Options)
{
    public ApiKey Key => Options.ApiKey;
}
