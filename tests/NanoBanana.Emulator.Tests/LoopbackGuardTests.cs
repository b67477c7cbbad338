namespace NanoBanana.Emulator.Tests;

/// <summary>Any web site can reach the port through a browser on this machine, so requests of web pages are refused.</summary>
public sealed class LoopbackGuardTests : IDisposable
{
    private const string Body = """{"model":"nano_banana_2","input":[{"params":{"prompt":"fox"}}]}""";

    private readonly Provider _provider = new();

    public void Dispose() => _provider.Dispose();

    [Theory]
    [InlineData("127.0.0.1:{0}")]
    [InlineData("localhost:{0}")]
    [InlineData("LOCALHOST:{0}")]
    [InlineData("[::1]:{0}")]
    public async Task Name_of_this_machine_with_the_port_is_accepted(string host)
    {
        string answer = await SendAsync($"Host: {host}\r\n");

        Assert.StartsWith("HTTP/1.1 200 ", answer);
    }

    [Theory]
    [InlineData("Host: evil.example\r\n")]
    [InlineData("Host: evil.example:{0}\r\n")]
    [InlineData("Host: localhost.evil.example:{0}\r\n")]
    [InlineData("Host: 127.0.0.1.evil.example:{0}\r\n")]
    [InlineData("Host: evil@127.0.0.1:{0}\r\n")]
    [InlineData("Host: 10.0.0.1:{0}\r\n")]
    [InlineData("Host: 127.0.0.1\r\n")]
    [InlineData("Host: 127.0.0.1:1\r\n")]
    [InlineData("Host: \r\n")]
    [InlineData("")]
    [InlineData("Host: 127.0.0.1:{0}\r\nHost: evil.example\r\n")]
    public async Task Another_host_returns_403_and_creates_no_task(string lines)
    {
        string answer = await SendAsync(lines);

        Assert.StartsWith("HTTP/1.1 403 ", answer);
        Assert.Equal((0, 0L), (_provider.Server.Tasks.Count, _provider.Server.Counters.CreatesReceived));
    }

    [Theory]
    [InlineData("http://127.0.0.1:{0}", true)]
    [InlineData("http://localhost:{0}", true)]
    [InlineData("null", false)]
    [InlineData("", false)]
    [InlineData("http://127.0.0.1", false)]
    [InlineData("http://127.0.0.1:1", false)]
    [InlineData("https://127.0.0.1:{0}", false)]
    [InlineData("http://evil.example", false)]
    [InlineData("http://evil.example:{0}", false)]
    [InlineData("http://localhost.evil.example:{0}", false)]
    public async Task Page_of_another_origin_returns_403_and_creates_no_task(string origin, bool isOwn)
    {
        string answer = await SendAsync($"Host: 127.0.0.1:{{0}}\r\nOrigin: {origin}\r\n");

        Assert.StartsWith(isOwn ? "HTTP/1.1 200 " : "HTTP/1.1 403 ", answer);
        Assert.Equal(isOwn ? 1 : 0, _provider.Server.Tasks.Count);
    }

    [Theory]
    [InlineData("Host: evil.example:{0}\r\n", 403)]
    [InlineData("Host: 127.0.0.1:{0}\r\nOrigin: http://evil.example\r\n", 403)]
    [InlineData("Host: localhost:{0}\r\n", 200)]
    public async Task Download_host_refuses_the_same_requests(string lines, int status)
    {
        Uri file = await _provider.ImageUrlAsync(Provider.Parameters("fox"));
        using var client = new RawClient(file);
        await client.SendAsync($"HEAD {file.AbsolutePath} HTTP/1.1\r\n{WithPort(lines, file)}Connection: close\r\n\r\n");

        Assert.StartsWith($"HTTP/1.1 {status} ", await client.ReadToEndAsync());
    }

    private async Task<string> SendAsync(string lines)
    {
        using var client = new RawClient(_provider.Server.Endpoint);
        await client.SendAsync(
            $"POST /model/v1/generation HTTP/1.1\r\n{WithPort(lines, _provider.Server.Endpoint)}"
            + $"Authorization: Bearer {_provider.Server.GetApiKey()}\r\nContent-Type: application/json\r\nConnection: close\r\n"
            + $"Content-Length: {Body.Length}\r\n\r\n{Body}");
        return await client.ReadToEndAsync();
    }

    private static string WithPort(string lines, Uri endpoint) =>
        lines.Replace("{0}", endpoint.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
}
