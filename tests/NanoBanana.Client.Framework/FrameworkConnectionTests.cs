using System.Net;
using NanoBanana.Client.Http;

namespace NanoBanana.Client.Tests.Framework;

/// <summary>What .NET does by itself and .NET Framework must be told.</summary>
public sealed class FrameworkConnectionTests
{
    [Theory]
    [InlineData(SecurityProtocolType.Ssl3 | SecurityProtocolType.Tls)]
    [InlineData(SecurityProtocolType.Tls11)]
    [InlineData(SecurityProtocolType.Tls12)]
    public void TLS_1_2_is_on_whatever_the_session_had_on(SecurityProtocolType before)
    {
        SecurityProtocolType kept = ServicePointManager.SecurityProtocol;
        try
        {
            ServicePointManager.SecurityProtocol = before;
            HandlerFactory.ForApi(null).Dispose();

            Assert.Equal(before | SecurityProtocolType.Tls12, ServicePointManager.SecurityProtocol);
        }
        finally
        {
            ServicePointManager.SecurityProtocol = kept;
        }
    }

    [Fact]
    public void Connections_to_the_api_replay_nothing()
    {
        using HttpClientHandler api = Assert.IsType<HttpClientHandler>(HandlerFactory.ForApi(null));

        Assert.False(api.AllowAutoRedirect);
        Assert.False(api.UseCookies);
    }

    [Fact]
    public void A_proxy_is_for_both_kinds_of_connections()
    {
        var proxy = new WebProxy("http://proxy.example:3128");
        using HttpClientHandler api = Assert.IsType<HttpClientHandler>(HandlerFactory.ForApi(proxy));
        using HttpClientHandler downloads = Assert.IsType<HttpClientHandler>(HandlerFactory.ForDownloads(proxy, new DownloadGuard(new Uri("https://api.example/"), allowPrivate: false)));

        Assert.Same(proxy, api.Proxy);
        Assert.Same(proxy, downloads.Proxy);
        Assert.Equal(DecompressionMethods.None, downloads.AutomaticDecompression);
    }

    [Fact]
    public void An_address_has_as_many_connections_as_are_wanted_and_keeps_none_for_long()
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
