using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;

namespace NanoBanana.Emulator.Tests;

/// <summary>Each kind of fault on the wire.</summary>
public sealed class FaultKindTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 7, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly Provider _provider;

    public FaultKindTests() => _provider = new Provider(new EmulatorOptions { TimeScale = 0, TimeProvider = _clock });

    public void Dispose() => _provider.Dispose();

    [Theory]
    [InlineData(401, EmulatorFaultKind.Unauthorized)]
    [InlineData(403, EmulatorFaultKind.Forbidden)]
    [InlineData(404, EmulatorFaultKind.NotFound)]
    [InlineData(429, EmulatorFaultKind.RateLimited)]
    [InlineData(500, EmulatorFaultKind.ServerError)]
    [InlineData(502, EmulatorFaultKind.BadGateway)]
    [InlineData(503, EmulatorFaultKind.Unavailable)]
    [InlineData(418, EmulatorFaultKind.Status)]
    public async Task Status_is_counted_under_its_kind(int code, EmulatorFaultKind kind)
    {
        using var response = await CreateWithFaultAsync(EmulatorOperation.Create, EmulatorFault.Status(code));

        Assert.Equal(code, (int)response.StatusCode);
        Assert.Equal(KeyValuePair.Create(kind, 1L), Assert.Single(_provider.Server.Counters.FaultsByKind));
        Assert.Equal(1, _provider.Server.Counters.Faults);
    }

    [Fact]
    public async Task Retry_after_can_be_a_date()
    {
        using var response = await CreateWithFaultAsync(EmulatorOperation.Create, EmulatorFault.Status(429, 90, retryAfterAsDate: true));

        Assert.Equal(_clock.GetUtcNow().AddSeconds(90), response.Headers.RetryAfter!.Date);
        Assert.Null(response.Headers.RetryAfter.Delta);
    }

    [Fact]
    public async Task Bad_gateway_is_502_with_HTML()
    {
        using var response = await CreateWithFaultAsync(EmulatorOperation.Create, EmulatorFault.BadGateway());

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.StartsWith("<!DOCTYPE html>", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Empty_body_is_200_without_a_body()
    {
        using var response = await CreateWithFaultAsync(EmulatorOperation.Create, EmulatorFault.EmptyBody());

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Wrong_types_are_JSON_with_undocumented_types()
    {
        using var response = await CreateWithFaultAsync(EmulatorOperation.Create, EmulatorFault.WrongTypes());

        var root = await Provider.ReadAsync(response, HttpStatusCode.OK);
        Assert.Equal(JsonValueKind.Object, root.GetProperty("id").ValueKind);
        Assert.Equal(JsonValueKind.Number, root.GetProperty("status").ValueKind);
    }

    [Fact]
    public async Task Cut_JSON_has_a_Content_Length_that_fits()
    {
        using var response = await CreateWithFaultAsync(EmulatorOperation.Create, EmulatorFault.CutJson());

        string body = await response.Content.ReadAsStringAsync();
        Assert.StartsWith("{\"id\":\"", body);
        Assert.ThrowsAny<JsonException>(() => JsonDocument.Parse(body));
        Assert.Single(_provider.Server.Tasks);
        Assert.Equal(1, _provider.Server.Counters.ConnectionsAccepted);
        await _provider.CreateIdAsync("on the same connection");
        Assert.Equal(1, _provider.Server.Counters.ConnectionsAccepted);
    }

    [Fact]
    public async Task Huge_body_has_the_announced_length()
    {
        using var response = await CreateWithFaultAsync(EmulatorOperation.Create, EmulatorFault.HugeBody(200_001));

        byte[] body = await response.Content.ReadAsByteArrayAsync();
        Assert.Equal(200_001, body.Length);
        Assert.Equal("{\"id\":\"aaa"u8.ToArray(), body[..10]);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(-20)]
    public async Task Wrong_length_is_announced_with_the_true_body(int difference)
    {
        string id = await _provider.CreateIdAsync("a");
        _provider.Server.Enqueue(EmulatorOperation.Poll, EmulatorFault.WrongLength(difference));

        string[] answer = (await RawPollAsync(id)).Split("\r\n\r\n");

        int announced =
            int.Parse(answer[0].Split("Content-Length: ")[1].Split("\r\n")[0], System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal("completed", JsonDocument.Parse(answer[1]).RootElement.GetProperty("status").GetString());
        Assert.Equal(announced, answer[1].Length + difference);
    }

    [Fact]
    public async Task Wrong_content_type_has_the_true_body()
    {
        string id = await _provider.CreateIdAsync("a");
        _provider.Server.Enqueue(EmulatorOperation.Poll, EmulatorFault.WrongContentType("image/png"));

        using var response = await _provider.Client.GetAsync("model/v1/generation/task/" + id);

        Assert.Equal("image/png", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal(
            "completed", JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("status").GetString());
    }

    [Fact]
    public async Task Slow_start_accepts_the_request_and_answers_after_the_delay()
    {
        _provider.Server.Enqueue(EmulatorOperation.Create, EmulatorFault.SlowStart(TimeSpan.FromSeconds(30)));
        var create = _provider.CreateIdAsync("a");
        await _provider.Server.WaitForAsync(c => c.CreatesAccepted == 1).WaitAsync(Provider.TestTimeout);
        Assert.False(create.IsCompleted);

        // The count can precede the start of the timer.
        using var timeout = new CancellationTokenSource(Provider.TestTimeout);
        while (!create.IsCompleted)
        {
            timeout.Token.ThrowIfCancellationRequested();
            _clock.Advance(TimeSpan.FromSeconds(30));
            await Task.Yield();
        }
        Assert.Equal(_provider.Server.Tasks.Single().Id, await create);
    }

    [Fact]
    public async Task Stalled_body_starts_and_does_not_end_until_the_client_disconnects()
    {
        string id = await _provider.CreateIdAsync("a");
        _provider.Server.Enqueue(EmulatorOperation.Poll, EmulatorFault.StallBody(3));
        using (var response = await _provider.Client.GetAsync("model/v1/generation/task/" + id, HttpCompletionOption.ResponseHeadersRead))
        {
            await using var body = await response.Content.ReadAsStreamAsync();
            byte[] start = new byte[3];
            await body.ReadExactlyAsync(start);
            Assert.Equal("{\"i"u8.ToArray(), start);
            Assert.Equal(1, _provider.Server.Counters.ConcurrentRequests);
        }

        await _provider.Server.WaitForAsync(c => c.ConcurrentRequests == 0).WaitAsync(Provider.TestTimeout);
    }

    [Fact]
    public async Task Stale_status_is_reported_by_one_poll()
    {
        string id = await _provider.CreateIdAsync("a");
        _provider.Server.Enqueue(EmulatorOperation.Poll, EmulatorFault.StaleStatus());

        Assert.Equal(["queued", "completed"], [await _provider.StatusAsync(id), await _provider.StatusAsync(id)]);
    }

    [Fact]
    public async Task Expired_link_is_403_in_the_form_of_a_storage_host()
    {
        var url = await _provider.ImageUrlAsync(Provider.Parameters("a"));
        _provider.Server.Enqueue(EmulatorOperation.Download, EmulatorFault.ExpiredLink());

        using var client = new HttpClient();
        using var response = await client.GetAsync(url);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Contains("Request has expired", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public void Fault_with_an_invalid_value_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => EmulatorFault.WrongLength(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => EmulatorFault.HugeBody(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => EmulatorFault.StallBody(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => EmulatorFault.SlowStart(TimeSpan.FromSeconds(-1)));
        Assert.Throws<ArgumentNullException>(() => EmulatorFault.StaleStatus(null!));
        Assert.Throws<ArgumentNullException>(() => EmulatorFault.WrongContentType(null!));
    }

    private Task<HttpResponseMessage> CreateWithFaultAsync(EmulatorOperation operation, EmulatorFault fault)
    {
        _provider.Server.Enqueue(operation, fault);
        return _provider.PostAsync(Provider.Parameters("a"));
    }

    private async Task<string> RawPollAsync(string id)
    {
        using var client = new RawClient(_provider.Server.Endpoint);
        await client.SendAsync(
            $"GET /model/v1/generation/task/{id} HTTP/1.1\r\n{client.Host}Authorization: Bearer {_provider.Server.GetApiKey()}\r\n\r\n");
        return await client.ReadToEndAsync();
    }
}
