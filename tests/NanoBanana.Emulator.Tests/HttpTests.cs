using System.Text;

namespace NanoBanana.Emulator.Tests;

public sealed class HttpTests : IDisposable
{
    private const string Body = """{"model":"nano_banana_2","input":[{"params":{"prompt":"raw"}}]}""";

    private readonly Provider _provider = new(new EmulatorOptions { MaxRequestBytes = 100_000 });
    private readonly RawClient _client;

    public HttpTests() => _client = new RawClient(_provider.Server.Endpoint);

    private string Post =>
        $"POST /model/v1/generation HTTP/1.1\r\n{_client.Host}Authorization: Bearer {_provider.Server.GetApiKey()}\r\n"
        + "Content-Type: application/json\r\n";

    private string Get => $"GET /model/v1/generation/task/none HTTP/1.1\r\n{_client.Host}";

    public void Dispose()
    {
        _client.Dispose();
        _provider.Dispose();
    }

    [Fact]
    public async Task Pipelined_requests_are_answered_in_order_on_one_connection()
    {
        string post = $"{Post}Content-Length: {Body.Length}\r\n\r\n{Body}\r\n";
        await _client.SendAsync($"{post}{Get}\r\n{Get}Connection: close\r\n\r\n");

        string answers = await _client.ReadToEndAsync();

        Assert.Equal(
            ["200 OK\r", "401 Unauthorized\r", "401 Unauthorized\r"],
            answers.Split("HTTP/1.1 ").Skip(1).Select(answer => answer.Split('\n')[0]));
        Assert.Equal(1, _provider.Server.Counters.ConnectionsAccepted);
    }

    [Fact]
    public async Task Body_can_have_chunks_with_extensions_and_trailers()
    {
        await _client.SendAsync(Post + "Transfer-Encoding: chunked\r\n\r\n");
        await _client.SendAsync($"A;x=1\r\n{Body[..10]}\r\n{Body.Length - 10:x}\r\n{Body[10..]}\r\n");
        await _client.SendAsync("0\r\nTrailer: 1\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 200", await _client.ReadUntilAsync("}"));
        Assert.Equal("raw", _provider.Server.Tasks.Single().Prompt);
    }

    [Fact]
    public async Task Request_can_arrive_one_byte_at_a_time()
    {
        foreach (byte one in Encoding.ASCII.GetBytes($"{Post}Content-Length: {Body.Length}\r\n\r\n{Body}"))
            await _client.SendAsync([one]);

        Assert.StartsWith("HTTP/1.1 200", await _client.ReadUntilAsync("}"));
    }

    [Fact]
    public async Task Client_that_expects_100_Continue_receives_it()
    {
        await _client.SendAsync($"{Post}Expect: 100-continue\r\nContent-Length: {Body.Length}\r\n\r\n");
        Assert.Equal("HTTP/1.1 100 Continue\r\n\r\n", await _client.ReadUntilAsync("\r\n\r\n"));

        await _client.SendAsync(Body);
        Assert.StartsWith("HTTP/1.1 200", await _client.ReadUntilAsync("}"));
    }

    [Theory]
    [InlineData("HTTP/1.0", "")]
    [InlineData("HTTP/1.1", "Connection: Close\r\n")]
    [InlineData("HTTP/1.1", "Connection: x, close\r\n")]
    public async Task Connection_is_closed_if_the_client_requests_it(string version, string header)
    {
        await _client.SendAsync($"GET /x {version}\r\n{_client.Host}{header}\r\n");

        string answer = await _client.ReadToEndAsync();
        Assert.StartsWith("HTTP/1.1 404", answer);
        Assert.Contains("\r\nConnection: close\r\n", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_line_can_have_an_absolute_address()
    {
        await _client.SendAsync(
            $"GET http://a:80/model/v1/generation/task/none?x=1 HTTP/1.1\r\n{_client.Host}Connection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 401", await _client.ReadToEndAsync());
    }

    [Theory]
    [InlineData("nonsense\r\n\r\n", 400)]
    [InlineData("GET /\r\n\r\n", 400)]
    [InlineData("GET / HTTP/2.0\r\n\r\n", 505)]
    [InlineData("GET / HTTP/1.1\r\nno colon\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nname : value\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\na: b\r\n folded\r\n\r\n", 400)]
    [InlineData("POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400)]
    [InlineData("POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400)]
    [InlineData("POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400)]
    [InlineData("POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", 501)]
    [InlineData("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400)]
    [InlineData("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n", 400)]
    [InlineData("POST / HTTP/1.1\r\nContent-Length: 100001\r\n\r\n", 413)]
    [InlineData("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n186A1\r\n", 413)]
    [InlineData("POST / HTTP/1.1\r\nContent-Length: 99999999999999999999999\r\n\r\n", 400)]
    public async Task Malformed_request_is_answered_and_the_connection_is_closed(string request, int status)
    {
        await _client.SendAsync(request);

        Assert.StartsWith($"HTTP/1.1 {status} ", await _client.ReadToEndAsync());
    }

    [Fact]
    public async Task Head_larger_than_32_KiB_is_refused()
    {
        await _client.SendAsync("GET / HTTP/1.1\r\nx: " + new string('a', 40_000));

        Assert.StartsWith("HTTP/1.1 431 ", await _client.ReadToEndAsync());
    }

    [Fact]
    public async Task Body_over_the_limit_is_refused_while_the_client_still_sends_it()
    {
        await _client.SendAsync($"{Post}Content-Length: 4000000\r\n\r\n");
        await _client.SendAsync(new byte[4_000_000]);

        Assert.StartsWith("HTTP/1.1 413 ", await _client.ReadToEndAsync());
    }

    [Fact]
    public async Task Body_of_exactly_the_limit_is_accepted()
    {
        string body = Body + new string(' ', 100_000 - Body.Length);
        await _client.SendAsync($"{Post}Content-Length: {body.Length}\r\n\r\n{body}");

        Assert.StartsWith("HTTP/1.1 200", await _client.ReadUntilAsync("}"));
    }
}
