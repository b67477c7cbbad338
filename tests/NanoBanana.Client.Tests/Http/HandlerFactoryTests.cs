using System.Net;
using NanoBanana.Client.Http;

namespace NanoBanana.Client.Tests.Http;

public sealed class HandlerFactoryTests
{
    [Fact]
    public void Connections_to_the_api_replay_nothing_and_are_not_kept_long()
    {
        using var api = Assert.IsType<SocketsHttpHandler>(HandlerFactory.ForApi(null));

        Assert.False(api.AllowAutoRedirect);
        Assert.False(api.UseCookies);
        Assert.True(api.PooledConnectionIdleTimeout <= TimeSpan.FromSeconds(20));
        Assert.True(api.PooledConnectionLifetime <= TimeSpan.FromMinutes(5));
        Assert.True(api.ConnectTimeout <= TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void A_proxy_is_for_both_kinds_of_connections()
    {
        var proxy = new WebProxy("http://proxy.example:3128");
        using var api = Assert.IsType<SocketsHttpHandler>(HandlerFactory.ForApi(proxy));
        using var downloads = Assert.IsType<SocketsHttpHandler>(HandlerFactory.ForDownloads(proxy));

        Assert.Same(proxy, api.Proxy);
        Assert.Same(proxy, downloads.Proxy);
        Assert.Equal(DecompressionMethods.None, downloads.AutomaticDecompression);
    }
}
