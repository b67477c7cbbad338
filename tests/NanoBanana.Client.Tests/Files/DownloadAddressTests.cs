using System.Net;
using NanoBanana.Client.Http;

namespace NanoBanana.Client.Tests.Files;

/// <summary>Which addresses images can have, and which redirects of a download are followed.</summary>
public sealed class DownloadAddressTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("FILE:/etc/passwd")]
    [InlineData("//")]
    [InlineData("//elsewhere.example/p.png")]
    [InlineData("\\\\elsewhere\\share\\p.png")]
    [InlineData("\\elsewhere")]
    [InlineData("javascript:alert(1)")]
    [InlineData("gopher://elsewhere.example/1")]
    [InlineData("ftp://elsewhere.example/p.png")]
    [InlineData("data:image/png;base64,iVBORw0KGgo=")]
    [InlineData("C:\\p.png")]
    [InlineData("http:")]
    [InlineData("https://")]
    [InlineData(" ")]
    [InlineData("http://cdn.example/p.png")]
    public async Task A_redirect_to_a_forbidden_address_is_one_error_with_advice(string location)
    {
        using var bench = new TestBench();
        bench.Downloads.Script(Answer.Status(302).With("Location", location));

        NanoBananaException error = await FailAsync(bench, "https://cdn.example/p.png");

        Assert.Equal(NanoBananaErrorKind.DownloadFailed, error.Kind);
        Assert.Contains("it was redirected ", error.Message, StringComparison.Ordinal);
        Assert.Contains("Save-NanoBananaImage", error.Message, StringComparison.Ordinal);
        Assert.Single(bench.Downloads.Requests);
        Assert.Empty(_folder.Files);
    }

    [Theory]
    [InlineData(301, "https://other.example/p.png?x=%20", "https://other.example/p.png?x=%20")]
    [InlineData(302, "/q.png", "https://cdn.example/q.png")]
    [InlineData(303, "q.png", "https://cdn.example/a/q.png")]
    [InlineData(307, "?sig=1", "https://cdn.example/a/p.png?sig=1")]
    [InlineData(308, "HTTPS://cdn.example/q.png", "https://cdn.example/q.png")]
    public async Task A_redirect_to_https_is_followed_without_the_key(int status, string location, string expected)
    {
        using var bench = new TestBench();
        bench.Downloads.Script(Answer.Status(status).With("Location", location), Answer.Bytes(TestImages.Png()));

        await bench.SaveAsync(TestBench.CreateCompletedTask("https://cdn.example/a/p.png"), _folder.Target());

        Assert.Equal(expected, bench.Downloads.Requests[1].Address);
        Assert.All(bench.Downloads.Requests, request => Assert.Null(request.Header("Authorization")));
        Assert.Equal(TestImages.Png(), _folder.Read("task1.png"));
    }

    [Theory]
    [InlineData(5, true)]
    [InlineData(6, false)]
    public async Task At_most_five_redirects_are_followed(int redirects, bool isSaved)
    {
        using var bench = new TestBench();
        for (int i = 0; i < redirects; i++)
            bench.Downloads.Script(Answer.Status(302).With("Location", $"/{i}.png"));
        bench.Downloads.Script(Answer.Bytes(TestImages.Png()));

        if (isSaved)
            await bench.SaveAsync(TestBench.CreateCompletedTask("https://cdn.example/p.png"), _folder.Target());
        else
            Assert.Contains("more than 5 times", (await FailAsync(bench, "https://cdn.example/p.png")).Message, StringComparison.Ordinal);
        Assert.Equal(6, bench.Downloads.Requests.Count);
    }

    [Theory]
    [InlineData("http://127.0.0.1/p.png")]
    [InlineData("http://localhost:8080/p.png")]
    [InlineData("http://2130706433/p.png")]
    [InlineData("http://[::1]/p.png")]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    [InlineData("http://10.1.2.3/p.png")]
    [InlineData("https://192.168.1.1/p.png")]
    [InlineData("http://[::ffff:10.0.0.1]/p.png")]
    [InlineData("http://0.0.0.0/p.png")]
    public async Task An_image_in_a_private_network_is_not_downloaded_for_a_public_API(string url)
    {
        foreach (bool isRedirect in (bool[])[false, true])
        {
            using var bench = new TestBench();
            bench.Downloads.Otherwise = request => request.Address.StartsWith("http://cdn.example/", StringComparison.Ordinal)
                ? Answer.Status(302).With("Location", url)
                : Answer.Bytes(TestImages.Png());

            NanoBananaException error = await FailAsync(bench, isRedirect ? "http://cdn.example/p.png" : url);

            Assert.Equal(NanoBananaErrorKind.DownloadFailed, error.Kind);
            Assert.Contains("-AllowPrivateDownload", error.Message, StringComparison.Ordinal);
            Assert.Equal(isRedirect ? 1 : 0, bench.Downloads.Requests.Count);
        }
    }

    [Theory]
    [InlineData("https://api.example/", "http://10.1.2.3/p.png", true)]
    [InlineData("https://10.0.0.1/", "http://192.168.7.7/p.png", false)]
    [InlineData("http://127.0.0.1/", "http://[::1]:81/p.png", false)]
    public async Task An_image_in_a_private_network_is_downloaded_if_allowed_or_if_the_endpoint_is_there(
        string endpoint, string url, bool allow)
    {
        using var bench = new TestBench(o => o with { Endpoint = new Uri(endpoint), AllowPrivateDownload = allow });
        bench.Downloads.Script(Answer.Bytes(TestImages.Png()));

        await bench.SaveAsync(TestBench.CreateCompletedTask(url), _folder.Target());

        Assert.Equal(["task1.png"], _folder.Files);
    }

    [Fact]
    public async Task A_local_endpoint_does_not_allow_other_private_networks()
    {
        using var bench = new TestBench(o => o with { Endpoint = new Uri("http://127.0.0.1/") });

        Assert.Contains("private network", (await FailAsync(bench, "http://10.1.2.3/p.png")).Message, StringComparison.Ordinal);
        Assert.Empty(bench.Downloads.Requests);
    }

    [Fact]
    public async Task The_resolved_address_is_checked_instead_of_the_host_name()
    {
        int connections = 0;
        await using var server = new RawServer(connection =>
        {
            Interlocked.Increment(ref connections);
            return Task.CompletedTask;
        });
        var url = new Uri($"http://images.example:{server.Address.Port}/p.png");
        var guard = new DownloadGuard(new Uri("https://api.example/"), allowPrivate: false)
        {
            Resolve = (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback]),
        };
        guard.Check(url);
        using var http = new HttpMessageInvoker(HandlerFactory.ForDownloads(new WebProxy(), guard));

        Exception error = await Assert.ThrowsAnyAsync<Exception>(
            () => http.SendAsync(new HttpRequestMessage(HttpMethod.Get, url), default));

        Assert.NotNull(ForbiddenDownloadException.In(error));
        Assert.Equal(0, connections);
    }

    [Theory]
    [InlineData("8.8.8.8", "Public")]
    [InlineData("2606:4700::1111", "Public")]
    [InlineData("172.32.0.1", "Public")]
    [InlineData("100.128.0.1", "Public")]
    [InlineData("127.255.0.1", "Loopback")]
    [InlineData("0.0.0.0", "Loopback")]
    [InlineData("::", "Loopback")]
    [InlineData("::1", "Loopback")]
    [InlineData("::ffff:127.0.0.1", "Loopback")]
    [InlineData("::127.0.0.1", "Loopback")]
    [InlineData("64:ff9b::7f00:1", "Loopback")]
    [InlineData("10.0.0.1", "Private")]
    [InlineData("172.16.0.1", "Private")]
    [InlineData("172.31.255.255", "Private")]
    [InlineData("192.168.0.1", "Private")]
    [InlineData("100.64.0.1", "Private")]
    [InlineData("fd00::1", "Private")]
    [InlineData("fc00::1", "Private")]
    [InlineData("fec0::1", "Private")]
    [InlineData("2002:0a00:0001::1", "Private")]
    [InlineData("169.254.169.254", "LinkLocal")]
    [InlineData("fe80::1", "LinkLocal")]
    [InlineData("::ffff:169.254.169.254", "LinkLocal")]
    [InlineData("224.0.0.1", "Reserved")]
    [InlineData("255.255.255.255", "Reserved")]
    [InlineData("ff02::1", "Reserved")]
    [InlineData("198.18.0.1", "Reserved")]
    public void Addresses_are_classified_by_kind(string address, string kind) =>
        Assert.Equal(kind, AddressKinds.Of(IPAddress.Parse(address)).ToString());

    private async Task<NanoBananaException> FailAsync(TestBench bench, string url) =>
        await Assert.ThrowsAsync<NanoBananaException>(
            () => bench.SaveAsync(TestBench.CreateCompletedTask(url), _folder.Target()).WaitAsync(TimeSpan.FromSeconds(60)));
}
