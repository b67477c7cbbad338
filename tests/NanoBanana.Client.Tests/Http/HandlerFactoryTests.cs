using System.Net;
using NanoBanana.Client.Http;

namespace NanoBanana.Client.Tests.Http;

public sealed class HandlerFactoryTests
{
    [Fact]
    public void API_connections_follow_no_redirect_and_use_no_cookies()
    {
        using var api = Assert.IsType<SocketsHttpHandler>(HandlerFactory.ForApi(null));

        Assert.False(api.AllowAutoRedirect);
        Assert.False(api.UseCookies);
    }

    /// <summary>Idle connections are closed before a server closes them. All connections are renewed to follow DNS changes.</summary>
    [Fact]
    public void Connections_of_both_kinds_are_renewed_and_closed_when_idle()
    {
        using var api = Assert.IsType<SocketsHttpHandler>(HandlerFactory.ForApi(null));
        using var downloads = Assert.IsType<SocketsHttpHandler>(
            HandlerFactory.ForDownloads(null, new DownloadGuard(new Uri("https://api.example/"), allowPrivate: false)));

        Assert.All([api, downloads], handler =>
        {
            Assert.Equal(TimeSpan.FromSeconds(15), handler.PooledConnectionIdleTimeout);
            Assert.Equal(TimeSpan.FromMinutes(2), handler.PooledConnectionLifetime);
            Assert.Equal(TimeSpan.FromSeconds(15), handler.ConnectTimeout);
        });
    }

    [Fact]
    public void A_proxy_applies_to_both_kinds_of_connections()
    {
        var proxy = new WebProxy("http://proxy.example:3128");
        using var api = Assert.IsType<SocketsHttpHandler>(HandlerFactory.ForApi(proxy));
        using var downloads = Assert.IsType<SocketsHttpHandler>(
            HandlerFactory.ForDownloads(proxy, new DownloadGuard(new Uri("https://api.example/"), allowPrivate: false)));

        Assert.Same(proxy, api.Proxy);
        Assert.Same(proxy, downloads.Proxy);
        Assert.Equal(DecompressionMethods.None, downloads.AutomaticDecompression);
    }
}
