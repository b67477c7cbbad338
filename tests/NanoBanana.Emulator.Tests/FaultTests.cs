using System.Net;
using System.Net.Sockets;

namespace NanoBanana.Emulator.Tests;

public sealed class FaultTests : IDisposable
{
    private readonly Provider _provider = new();

    public void Dispose() => _provider.Dispose();

    [Fact]
    public async Task Queued_faults_are_used_in_order_by_requests_of_their_kind_only()
    {
        string id = await _provider.CreateIdAsync("before");
        _provider.Server.Enqueue(EmulatorOperation.Poll, EmulatorFault.Status(500));
        _provider.Server.Enqueue(EmulatorOperation.Poll, EmulatorFault.Status(429, retryAfterSeconds: 7));
        await _provider.CreateIdAsync("between");

        using var first = await _provider.Client.GetAsync("model/v1/generation/task/" + id);
        using var second = await _provider.Client.GetAsync("model/v1/generation/task/" + id);

        await Provider.ReadAsync(first, HttpStatusCode.InternalServerError);
        await Provider.ReadAsync(second, HttpStatusCode.TooManyRequests);
        Assert.Null(first.Headers.RetryAfter);
        Assert.Equal(TimeSpan.FromSeconds(7), second.Headers.RetryAfter!.Delta);
        Assert.Equal("completed", await _provider.StatusAsync(id));
        Assert.Equal(2, _provider.Server.Counters.Faults);
    }

    [Fact]
    public async Task Status_can_have_any_body()
    {
        var server = _provider.Server;
        server.Enqueue(EmulatorOperation.Create, EmulatorFault.Status(502, body: "<p>away", contentType: "text/html"));
        server.Enqueue(EmulatorOperation.Create, EmulatorFault.Status(503, body: ""));

        using var html = await _provider.PostAsync(Provider.Parameters("a"));
        using var empty = await _provider.PostAsync(Provider.Parameters("a"));

        Assert.Equal(HttpStatusCode.BadGateway, html.StatusCode);
        Assert.Equal("text/html", html.Content.Headers.ContentType!.MediaType);
        Assert.Equal("<p>away", await html.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.ServiceUnavailable, empty.StatusCode);
        Assert.Empty(await empty.Content.ReadAsByteArrayAsync());
        Assert.Empty(_provider.Server.Tasks);
    }

    [Fact]
    public async Task Reset_sends_RST_and_not_FIN()
    {
        _provider.Server.Enqueue(EmulatorOperation.Poll, EmulatorFault.Reset());
        using var client = new RawClient(_provider.Server.Endpoint);
        await client.SendAsync($"GET /model/v1/generation/task/a HTTP/1.1\r\n{client.Host}\r\n");

        var reset = await Assert.ThrowsAsync<SocketException>(client.ReadToEndAsync);
        Assert.Equal(SocketError.ConnectionReset, reset.SocketErrorCode);
    }

    [Fact]
    public async Task Reset_creates_a_task_only_after_the_accept()
    {
        _provider.Server.Enqueue(EmulatorOperation.Create, EmulatorFault.Reset());
        await Assert.ThrowsAsync<HttpRequestException>(() => _provider.PostAsync(Provider.Parameters("before")));
        Assert.Empty(_provider.Server.Tasks);

        _provider.Server.Enqueue(EmulatorOperation.Create, EmulatorFault.ResetAfterAccept());
        await Assert.ThrowsAsync<HttpRequestException>(() => _provider.PostAsync(Provider.Parameters("after")));
        Assert.Equal("after", _provider.Server.Tasks.Single().Prompt);
        var counters = _provider.Server.Counters;
        Assert.Equal((2, 1), (counters.CreatesReceived, counters.CreatesAccepted));
    }

    [Fact]
    public async Task Any_fault_can_follow_the_accept()
    {
        _provider.Server.Enqueue(EmulatorOperation.Create, EmulatorFault.Status(504).AfterAccept());
        using var response = await _provider.PostAsync(Provider.Parameters("bought"));

        Assert.Equal(HttpStatusCode.GatewayTimeout, response.StatusCode);
        Assert.Equal("bought", _provider.Server.Tasks.Single().Prompt);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(10L)]
    [InlineData(0L)]
    public async Task Cut_body_is_shorter_than_announced_and_ends_without_a_reset(long? bytes)
    {
        string id = await _provider.CreateIdAsync("a");
        _provider.Server.Enqueue(EmulatorOperation.Poll, EmulatorFault.CutBody(bytes));
        using var client = new RawClient(_provider.Server.Endpoint);
        await client.SendAsync(
            $"GET /model/v1/generation/task/{id} HTTP/1.1\r\n{client.Host}Authorization: Bearer {_provider.Server.GetApiKey()}\r\n\r\n");

        string[] answer = (await client.ReadToEndAsync()).Split("\r\n\r\n");
        int promised = int.Parse(
            answer[0].Split("Content-Length: ")[1].Split("\r\n")[0], System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(bytes ?? promised / 2, answer[1].Length);
        Assert.True(promised > answer[1].Length);
    }

    [Fact]
    public async Task Cut_download_can_be_resumed()
    {
        var url = await _provider.ImageUrlAsync(Provider.Parameters("a"));
        using var client = new HttpClient();
        byte[] whole = await client.GetByteArrayAsync(url);
        _provider.Server.Enqueue(EmulatorOperation.Download, EmulatorFault.CutBody(20_000));

        using var cut = await client.GetAsync(url, HttpCompletionOption.ResponseHeadersRead);
        await using var body = await cut.Content.ReadAsStreamAsync();
        using var start = new MemoryStream();
        await Assert.ThrowsAsync<HttpIOException>(() => body.CopyToAsync(start));
        using var rest = new HttpRequestMessage(HttpMethod.Get, url);
        rest.Headers.Range = new System.Net.Http.Headers.RangeHeaderValue(start.Length, null);
        using var resumed = await client.SendAsync(rest);

        Assert.Equal(20_000, start.Length);
        Assert.Equal(whole, start.ToArray().Concat(await resumed.Content.ReadAsByteArrayAsync()));
    }

    [Fact]
    public async Task Garbage_is_200_with_HTML()
    {
        _provider.Server.Enqueue(EmulatorOperation.Create, EmulatorFault.Garbage());
        using var response = await _provider.PostAsync(Provider.Parameters("a"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.StartsWith("<!DOCTYPE html>", await response.Content.ReadAsStringAsync());
        Assert.Empty(_provider.Server.Tasks);
    }

    [Fact]
    public async Task Stalled_request_is_answered_after_a_release()
    {
        _provider.Server.Enqueue(EmulatorOperation.Create, EmulatorFault.Stall());
        var create = _provider.CreateIdAsync("a");
        await _provider.Server.WaitForAsync(c => c.CreatesReceived == 1).WaitAsync(Provider.TestTimeout);
        Assert.False(create.IsCompleted);
        Assert.Empty(_provider.Server.Tasks);

        _provider.Server.Release();

        Assert.Equal(await create, _provider.Server.Tasks.Single().Id);
    }

    [Fact]
    public async Task Request_that_stalls_after_the_accept_has_a_task()
    {
        _provider.Server.Enqueue(EmulatorOperation.Create, EmulatorFault.Stall().AfterAccept());
        var create = _provider.CreateIdAsync("a");
        await _provider.Server.WaitForAsync(c => c.CreatesAccepted == 1).WaitAsync(Provider.TestTimeout);

        _provider.Server.Dispose();

        await Assert.ThrowsAsync<HttpRequestException>(() => create);
        Assert.Single(_provider.Server.Tasks);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task Redirect_has_the_given_location(int code)
    {
        var target = new Uri("http://example.com/elsewhere?a=1");
        _provider.Server.Enqueue(EmulatorOperation.Create, EmulatorFault.Redirect(target, code));
        using var response = await _provider.PostAsync(Provider.Parameters("a"));

        Assert.Equal(code, (int)response.StatusCode);
        Assert.Equal(target, response.Headers.Location);
    }

    [Fact]
    public void Fault_with_an_invalid_value_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => EmulatorFault.Status(100));
        Assert.Throws<ArgumentOutOfRangeException>(() => EmulatorFault.Status(503, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => EmulatorFault.CutBody(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => EmulatorFault.Redirect(new Uri("http://a/"), 200));
        Assert.Throws<ArgumentException>(() => EmulatorFault.Redirect(new Uri("/a", UriKind.Relative)));
        var server = _provider.Server;
        Assert.Throws<ArgumentNullException>(() => server.Enqueue(EmulatorOperation.Poll, null!));
        Assert.Throws<ArgumentOutOfRangeException>(() => server.Enqueue((EmulatorOperation)9, EmulatorFault.Reset()));
    }
}
