using System.Net;
using System.Net.Http.Headers;

namespace NanoBanana.Emulator.Tests;

public sealed class DownloadTests : IDisposable
{
    private readonly Provider _provider = new();
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false });

    public void Dispose()
    {
        _client.Dispose();
        _provider.Dispose();
    }

    [Fact]
    public async Task Download_uses_another_port_and_needs_no_key()
    {
        var url = await UrlAsync();
        using var response = await _client.GetAsync(url);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("image/png", response.Content.Headers.ContentType!.MediaType);
        Assert.NotEqual(_provider.Server.Endpoint.Port, url.Port);
        Assert.Equal(_provider.Server.DownloadEndpoint.Port, url.Port);
        Assert.Equal(0, _provider.Server.Counters.DownloadsWithAuthorization);
    }

    [Fact]
    public async Task Key_sent_to_the_download_host_is_counted()
    {
        var url = await UrlAsync();
        using var response = await _provider.Client.GetAsync(url);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(1, _provider.Server.Counters.DownloadsWithAuthorization);
    }

    [Fact]
    public async Task One_port_can_serve_the_API_and_images()
    {
        using var provider = new Provider(new EmulatorOptions { TimeScale = 0, SeparateDownloadHost = false });
        var url = await provider.ImageUrlAsync(Provider.Parameters("a fox"));

        Assert.Equal(provider.Server.Endpoint, provider.Server.DownloadEndpoint);
        Assert.Equal(provider.Server.Endpoint.Port, url.Port);
        Assert.NotEmpty(await _client.GetByteArrayAsync(url));
    }

    [Fact]
    public async Task Download_host_does_not_serve_the_API()
    {
        var poll = new Uri(_provider.Server.DownloadEndpoint, "model/v1/generation/task/a");
        using var response = await _client.GetAsync(poll);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task HEAD_returns_length_and_tag_without_a_body()
    {
        var url = await UrlAsync();
        byte[] whole = await _client.GetByteArrayAsync(url);
        using var head = await _client.SendAsync(new HttpRequestMessage(HttpMethod.Head, url));

        Assert.Equal(whole.Length, head.Content.Headers.ContentLength);
        Assert.NotNull(head.Headers.ETag);
        Assert.Equal(["bytes"], head.Headers.AcceptRanges);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
        Assert.Equal(1, _provider.Server.Counters.Downloads);
        Assert.Equal(1, _provider.Server.Tasks.Single().Downloads);
    }

    [Theory]
    [InlineData(1, null)]
    [InlineData(0, 0)]
    [InlineData(700, 900)]
    [InlineData(1000, 5000)]
    [InlineData(30000, 99999999)]
    [InlineData(null, 10)]
    public async Task Range_returns_exactly_this_part_of_the_file(int? from, int? to)
    {
        var url = await UrlAsync();
        byte[] whole = await _client.GetByteArrayAsync(url);
        using var response = await GetRangeAsync(url, new RangeHeaderValue(from, to));

        int start = from ?? whole.Length - to!.Value;
        int end = from is null ? whole.Length : (int)Math.Min(whole.Length, (to ?? whole.Length) + 1L);
        Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
        Assert.Equal(whole[start..end], await response.Content.ReadAsByteArrayAsync());
        Assert.Equal(
            new ContentRangeHeaderValue(start, end - 1, whole.Length), response.Content.Headers.ContentRange);
    }

    [Fact]
    public async Task Range_can_be_only_the_last_byte()
    {
        var url = await UrlAsync();
        byte[] whole = await _client.GetByteArrayAsync(url);
        using var response = await GetRangeAsync(url, new RangeHeaderValue(whole.Length - 1, null));

        Assert.Equal(whole[^1..], await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Range_after_the_end_returns_416_with_the_length()
    {
        var url = await UrlAsync();
        byte[] whole = await _client.GetByteArrayAsync(url);
        using var response = await GetRangeAsync(url, new RangeHeaderValue(whole.Length, null));

        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, response.StatusCode);
        Assert.Equal(whole.Length, response.Content.Headers.ContentRange!.Length);
    }

    [Fact]
    public async Task Range_of_another_version_returns_the_whole_image()
    {
        var url = await UrlAsync();
        using var whole = await _client.GetAsync(url);
        using var same = await GetRangeAsync(url, new RangeHeaderValue(9, null), whole.Headers.ETag!.Tag);
        using var other = await GetRangeAsync(url, new RangeHeaderValue(9, null), "\"other\"");

        Assert.Equal(HttpStatusCode.PartialContent, same.StatusCode);
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
    }

    [Theory]
    [InlineData("[hold]")]
    [InlineData("[noimage]")]
    [InlineData("[fail:5001095]")]
    public async Task Task_without_an_image_has_no_file(string prompt)
    {
        string id = await _provider.CreateIdAsync(prompt);
        using var response = await _client.GetAsync(new Uri(_provider.Server.DownloadEndpoint, $"files/{id}/0.png"));

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    private Task<Uri> UrlAsync() => _provider.ImageUrlAsync(Provider.Parameters("a fox"));

    private async Task<HttpResponseMessage> GetRangeAsync(Uri url, RangeHeaderValue range, string? ifRange = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.Range = range;
        if (ifRange is not null)
            request.Headers.IfRange = new RangeConditionHeaderValue(ifRange);
        return await _client.SendAsync(request);
    }
}
