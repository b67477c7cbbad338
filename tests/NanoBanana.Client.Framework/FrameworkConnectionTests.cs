using System.Net;
using NanoBanana.Client.Http;

namespace NanoBanana.Client.Tests.Framework;

/// <summary>Settings of connections that .NET has by default and .NET Framework needs.</summary>
public sealed class FrameworkConnectionTests
{
    [Theory]
    [InlineData(SecurityProtocolType.Ssl3 | SecurityProtocolType.Tls)]
    [InlineData(SecurityProtocolType.Tls11)]
    [InlineData(SecurityProtocolType.Tls12)]
    public void TLS_1_2_is_enabled_with_any_setting_of_the_session(SecurityProtocolType before)
    {
        SecurityProtocolType saved = ServicePointManager.SecurityProtocol;
        try
        {
            ServicePointManager.SecurityProtocol = before;
            HandlerFactory.ForApi(null).Dispose();

            Assert.Equal(before | SecurityProtocolType.Tls12, ServicePointManager.SecurityProtocol);
        }
        finally
        {
            ServicePointManager.SecurityProtocol = saved;
        }
    }

    [Fact]
    public void Connections_to_the_api_follow_no_redirect()
    {
        using HttpClientHandler api = Assert.IsType<HttpClientHandler>(HandlerFactory.ForApi(null));

        Assert.False(api.AllowAutoRedirect);
        Assert.False(api.UseCookies);
    }

    [Fact]
    public void Proxy_applies_to_both_kinds_of_connections()
    {
        var proxy = new WebProxy("http://proxy.example:3128");
        using HttpClientHandler api = Assert.IsType<HttpClientHandler>(HandlerFactory.ForApi(proxy));
        var guard = new DownloadGuard(new Uri("https://api.example/"), allowPrivate: false);
        using HttpClientHandler downloads = Assert.IsType<HttpClientHandler>(HandlerFactory.ForDownloads(proxy, guard));

        Assert.Same(proxy, api.Proxy);
        Assert.Same(proxy, downloads.Proxy);
        Assert.Equal(DecompressionMethods.None, downloads.AutomaticDecompression);
    }

    [Fact]
    public void Address_has_unlimited_connections_that_close_soon()
    {
        var address = new Uri("https://tuned.example/");
        HandlerFactory.TuneServicePoint(address);

        ServicePoint point = ServicePointManager.FindServicePoint(address);
        Assert.Equal(int.MaxValue, point.ConnectionLimit);
        Assert.InRange(point.MaxIdleTime, 1, 20_000);
        Assert.InRange(point.ConnectionLeaseTimeout, 1, 300_000);
        Assert.False(point.Expect100Continue);
    }
}
