using System.Text;
using NanoBanana.Client.Http;

namespace NanoBanana.Client.Tests.Files;

/// <summary>Downloads with the real HTTP handler from servers on raw sockets.</summary>
public sealed class DownloadOnTheWireTests : IDisposable
{
    private static readonly byte[] Whole = TestImages.Png(300_000);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_download_resumes_after_a_connection_reset()
    {
        await using var server = new RawServer(async connection =>
        {
            string request = (await connection.ReadRequestAsync())!;
            int from = request.Split("Range: bytes=") is [_, var range, ..]
                ? int.Parse(range.Split('-')[0], System.Globalization.CultureInfo.InvariantCulture)
                : 0;
            string head = from == 0 ? "200 OK" : $"206 Partial Content\r\nContent-Range: bytes {from}-{Whole.Length - 1}/{Whole.Length}";
            await connection.SendAsync($"HTTP/1.1 {head}\r\nETag: \"v1\"\r\nContent-Length: {Whole.Length - from}\r\n\r\n");
            await connection.SendAsync(from == 0 ? Whole[..100_000] : Whole[from..]);
            connection.Close();
        });

        await SaveAsync(server, "image");

        Assert.Equal(Whole, _folder.Read("task1.png"));
        Assert.Equal(2, server.Requests.Count);
        Assert.Contains("If-Range: \"v1\"", server.Requests[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_redirect_is_followed_without_the_key()
    {
        await using var server = new RawServer(async connection =>
        {
            string request = (await connection.ReadRequestAsync())!;
            if (request.StartsWith("GET /old ", StringComparison.Ordinal))
                await connection.SendAsync(RawServer.Response("", "302 Found", "Location: /new\r\nConnection: close\r\n"));
            else
                await SendAsync(connection, "200 OK", Whole);
            connection.Close();
        });

        await SaveAsync(server, "old");

        Assert.Equal(Whole, _folder.Read("task1.png"));
        Assert.Equal(2, server.Requests.Count);
        Assert.All(server.Requests, r => Assert.DoesNotContain("Authorization", r, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_truncated_chunked_body_is_downloaded_again()
    {
        byte[] whole = TestImages.Png();
        int connections = 0;
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.SendAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3e8\r\n");
            await connection.SendAsync(whole);
            await connection.SendAsync(Interlocked.Increment(ref connections) == 1 ? "\r\n3e8\r\ncut" : "\r\n0\r\n\r\n");
            connection.Close();
        });

        await SaveAsync(server, "image");

        Assert.Equal(whole, _folder.Read("task1.png"));
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task A_body_that_ends_with_its_connection_is_saved_only_with_the_end_of_the_image()
    {
        int connections = 0;
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.SendAsync("HTTP/1.0 200 OK\r\n\r\n");
            await connection.SendAsync(Interlocked.Increment(ref connections) == 1 ? Whole[..^1] : Whole);
            connection.Close();
        });

        await SaveAsync(server, "image");

        Assert.Equal(Whole, _folder.Read("task1.png"));
        Assert.Equal(2, server.Requests.Count);
    }

    private static async Task SendAsync(RawConnection connection, string status, byte[] body)
    {
        await connection.SendAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: {body.Length}\r\n\r\n"));
        await connection.SendAsync(body);
    }

    private async Task SaveAsync(RawServer server, string path)
    {
        using var client = new NanoBananaClient(
            new NanoBananaClientOptions { ApiKey = new ApiKey(TestBench.Key), Random = () => 0, AllowPrivateDownload = true });
        await client.SaveAsync(
            TestBench.CreateCompletedTask($"{server.Address}{path}"), 0, _folder.Target(), new RecordingObserver(), default);
    }
}
