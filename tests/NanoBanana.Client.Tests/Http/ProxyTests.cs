using System.Net;
using System.Text;
using NanoBanana.Client.Http;
using NanoBanana.Client.Wire;

namespace NanoBanana.Client.Tests.Http;

/// <summary>Proxies that refuse, require credentials or do not exist, on the wire.</summary>
public sealed class ProxyTests
{
    private const string Password = "proxy-pass-1";

    private readonly RecordingObserver _observer = new();

#if NET // .NET Framework uses no proxy for this machine and has its own error texts.
    [Theory]
    [InlineData("https://api.example/")]
    [InlineData("http://api.example/")]
    public async Task A_proxy_that_requires_credentials_is_named_after_one_request(string endpoint)
    {
        await using RawServer proxy = Proxy("407 Proxy Authentication Required", "Proxy-Authenticate: Basic realm=\"p\"\r\n");

        NanoBananaException error = await FailAsync(endpoint, proxy.Address);

        Assert.Equal(NanoBananaErrorKind.ConnectionFailed, error.Kind);
        Assert.Contains($"the proxy {proxy.Address} requires a user name and a password (407)", error.Message, StringComparison.Ordinal);
        Assert.Contains("-ProxyCredential", error.Message, StringComparison.Ordinal);
        Assert.True(error.HasAdvice);
        Assert.Single(proxy.Requests);
        Assert.Empty(_observer.Warnings);
        Assert.DoesNotContain(
            TestBench.Key,
            string.Concat(proxy.Requests.Where(request => request.StartsWith("CONNECT", StringComparison.Ordinal))),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_proxy_that_refuses_the_host_is_named_after_one_request()
    {
        await using RawServer proxy = Proxy("403 Forbidden");

        NanoBananaException error = await FailAsync("https://api.example/", proxy.Address);

        Assert.Equal(NanoBananaErrorKind.ConnectionFailed, error.Kind);
        Assert.Contains($"the proxy {proxy.Address} does not allow", error.Message, StringComparison.Ordinal);
        Assert.True(error.HasAdvice);
        Assert.Single(proxy.Requests);
    }

    [Fact]
    public async Task A_proxy_without_a_connection_to_the_service_is_named()
    {
        await using RawServer proxy = Proxy("502 Bad Gateway");

        NanoBananaException error = await FailAsync("https://api.example/", proxy.Address);

        Assert.Equal(NanoBananaErrorKind.ConnectionFailed, error.Kind);
        Assert.Contains($"the proxy {proxy.Address} can't connect to the service (502)", error.Message, StringComparison.Ordinal);
        Assert.False(error.HasAdvice);
    }

    [Fact]
    public async Task An_unreachable_proxy_is_named_instead_of_the_service()
    {
        Uri address;
        await using (RawServer proxy = Proxy("200 OK"))
            address = proxy.Address;

        NanoBananaException error = await FailAsync("https://api.example/", address);

        Assert.Equal(NanoBananaErrorKind.ConnectionFailed, error.Kind);
        Assert.Contains($"no connection to the proxy {address} could be made (", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Credentials_in_the_address_are_used_and_not_shown()
    {
        await using RawServer proxy = Proxy(
            "407 Proxy Authentication Required", "Proxy-Authenticate: Basic realm=\"p\"\r\nConnection: close\r\n");
        var address = new Uri($"http://me%40work:{Password}@127.0.0.1:{proxy.Address.Port}/");

        NanoBananaException error = await FailAsync("https://api.example/", address);

        string sent = Convert.ToBase64String(Encoding.UTF8.GetBytes($"me@work:{Password}"));
        Assert.Contains(
            proxy.Requests, request => request.Contains($"Proxy-Authorization: Basic {sent}", StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(Password, error.ToString(), StringComparison.Ordinal);
        Assert.Contains($"{proxy.Address}", error.Message, StringComparison.Ordinal);
    }

    private static RawServer Proxy(string status, string headers = "") => new(async connection =>
    {
        while (await connection.ReadRequestAsync() is not null)
            await connection.SendAsync(RawServer.Response("", status, headers));
    });

    private async Task<NanoBananaException> FailAsync(string endpoint, Uri proxy)
    {
        using var client = new NanoBananaClient(new NanoBananaClientOptions
        {
            ApiKey = new ApiKey(TestBench.Key),
            Endpoint = new Uri(endpoint),
            AllowUnencryptedAuthentication = true,
            Proxy = ApiProxy.At(proxy, null, useDefaultCredentials: false),
            MaximumRetryCount = 0,
        });
        return await Assert.ThrowsAsync<NanoBananaException>(
            () => client.SubmitAsync(new ImageRequest { Prompt = "fox" }, _observer, CancellationToken.None).WaitAsync(TestTimeout.Limit));
    }
#endif

    [Theory]
    [InlineData("own-proxy:8080")]
    [InlineData("ftp://me:secret@own-proxy:8080")]
    [InlineData("/own-proxy")]
    public void An_invalid_proxy_address_is_refused_and_not_repeated(string address)
    {
        var error = Assert.Throws<NanoBananaException>(() => ApiProxy.At(new Uri(address, UriKind.RelativeOrAbsolute), null, false));
        Assert.Equal(NanoBananaErrorKind.InvalidRequest, error.Kind);
        Assert.DoesNotContain("own-proxy", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_kinds_of_credentials_are_refused_and_not_repeated()
    {
        var withUser = new Uri($"http://me:{Password}@proxy.example:8080");
        var credential = new NetworkCredential("other", Password);
        foreach (Action two in new Action[]
        {
            () => ApiProxy.At(withUser, credential, false), () => ApiProxy.At(withUser, null, true),
            () => ApiProxy.At(new Uri("http://proxy.example:8080"), credential, true),
        })
        {
            var error = Assert.Throws<NanoBananaException>(two);
            Assert.Equal(NanoBananaErrorKind.InvalidRequest, error.Kind);
            Assert.DoesNotContain(Password, error.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Credentials_of_the_user_or_of_the_address_are_used_for_the_proxy()
    {
        var address = new Uri("http://proxy.example:8080");
        Assert.Same(CredentialCache.DefaultCredentials, ApiProxy.At(address, null, true).Credentials);
        Assert.Null(ApiProxy.At(address, null, false).Credentials);
        var ofAddress = (NetworkCredential)ApiProxy.At(new Uri("http://a%3Ab:p%40ss@proxy.example:8080"), null, false).Credentials!;
        Assert.Equal(("a:b", "p@ss"), (ofAddress.UserName, ofAddress.Password));
        Assert.Equal(
            new Uri("http://proxy.example:8080/"),
            ApiProxy.At(new Uri("http://u:p@proxy.example:8080"), null, false).GetProxy(new Uri("https://api.example/")));
    }

    [Fact]
    public void The_proxy_of_the_environment_is_reported_without_its_credentials()
    {
        var options = new NanoBananaClientOptions
        {
            ApiKey = new ApiKey(TestBench.Key),
            SystemProxy = () => new WebProxy($"http://me:{Password}@proxy.example:8080") { BypassList = ["internal\\.example"] },
        };
        Assert.Equal(new Uri("http://proxy.example:8080/"), ApiProxy.For(options, options.Endpoint));
        Assert.Null(ApiProxy.For(options, new Uri("https://internal.example/")));
        Assert.Null(ApiProxy.For(options with { SystemProxy = () => null }, options.Endpoint));
        Assert.Equal(
            new Uri("http://own.example:1/"),
            ApiProxy.For(options with { Proxy = new WebProxy("http://own.example:1") }, options.Endpoint));
    }
}
