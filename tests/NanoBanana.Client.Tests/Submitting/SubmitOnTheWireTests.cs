using NanoBanana.Client.Http;
using NanoBanana.Client.Wire;

namespace NanoBanana.Client.Tests.Submitting;

/// <summary>The real HTTP handler with servers that violate HTTP. The tests count how often the POST is received.</summary>
public sealed class SubmitOnTheWireTests
{
    private const string Accepted = """{"id":"t1","status":"in_progress"}""";
    private static readonly RecordingObserver Observer = new();

    [Fact]
    public async Task A_kept_connection_that_closes_on_the_second_POST_receives_it_once()
    {
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.SendAsync(RawServer.Response(Accepted));
            await connection.ReadRequestAsync();
            connection.Close();
        });
        using NanoBananaClient client = ClientOf(server);
        await SubmitAsync(client, "first");

        NanoBananaException error = await FailAsync(client, "second");

        Assert.Equal(NanoBananaErrorKind.SubmissionUnknown, error.Kind);
        Assert.Single(server.Requests, r => r.Contains("first", StringComparison.Ordinal));
        Assert.Single(server.Requests, r => r.Contains("second", StringComparison.Ordinal));
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task A_kept_connection_closed_by_the_server_is_not_used_for_the_next_POST()
    {
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.SendAsync(RawServer.Response(Accepted, headers: "Connection: close\r\n"));
            connection.Close();
        });
        using NanoBananaClient client = ClientOf(server);

        await SubmitAsync(client, "first");
        await SubmitAsync(client, "second");

        Assert.Equal(2, server.Requests.Count);
    }

    public static TheoryData<string> Endings => ["close", "reset", "half a head", "half a body", "half a chunk", "not http", "bad gzip"];

    [Theory]
    [MemberData(nameof(Endings))]
    public async Task A_POST_without_a_complete_answer_is_sent_once(string ending)
    {
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadRequestAsync();
            if (ending == "reset")
                connection.Reset();
            else
                await connection.SendAsync(EndingOf(ending));
            connection.Close();
        });
        using NanoBananaClient client = ClientOf(server);

        NanoBananaException error = await FailAsync(client, "a red fox");

        Assert.Equal(NanoBananaErrorKind.SubmissionUnknown, error.Kind);
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData("301 Moved Permanently")]
    [InlineData("302 Found")]
    [InlineData("307 Temporary Redirect")]
    [InlineData("308 Permanent Redirect")]
    public async Task A_redirect_is_never_followed(string status)
    {
        RawServer? self = null;
        await using var server = new RawServer(async connection =>
        {
            while (await connection.ReadRequestAsync() is not null)
                await connection.SendAsync(RawServer.Response("", status, $"Location: {self!.Address}elsewhere\r\n"));
        });
        self = server;
        using NanoBananaClient client = ClientOf(server);

        Assert.Equal(NanoBananaErrorKind.InvalidResponse, (await FailAsync(client, "a red fox")).Kind);
        var poll = await Assert.ThrowsAsync<NanoBananaException>(
            () => client.GetAsync(client.TaskById("t1", Observer), Observer, default));

        Assert.Equal(NanoBananaErrorKind.InvalidResponse, poll.Kind);
        Assert.DoesNotContain(server.Requests, r => r.Contains("elsewhere", StringComparison.Ordinal));
        Assert.Single(server.Requests, r => r.StartsWith("POST", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_a_listening_server_no_request_is_submitted()
    {
        var server = new RawServer(_ => Task.CompletedTask);
        await server.DisposeAsync();
        using NanoBananaClient client = ClientOf(server);

        Assert.Equal(NanoBananaErrorKind.ConnectionFailed, (await FailAsync(client, "a red fox")).Kind);
    }

    [Fact]
    public async Task The_request_on_the_wire_is_complete()
    {
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.SendAsync(RawServer.Response(Accepted));
        });
        using NanoBananaClient client = ClientOf(server);

        await SubmitAsync(client, "a red fox");

        string request = Assert.Single(server.Requests);
        Assert.StartsWith("POST /model/v1/generation HTTP/1.1\r\n", request, StringComparison.Ordinal);
        Assert.Contains($"\r\nAuthorization: Bearer {TestBench.Key}\r\n", request, StringComparison.Ordinal);
        Assert.Contains("\r\nContent-Type: application/json\r\n", request, StringComparison.Ordinal);
        Assert.DoesNotContain("Expect:", request, StringComparison.Ordinal);
        Assert.EndsWith("""{"model":"nano_banana_2","input":[{"params":{"prompt":"a red fox"}}]}""", request, StringComparison.Ordinal);
    }

    private static string EndingOf(string ending) => ending switch
    {
        "half a head" => "HTTP/1.1 200 OK\r\nContent-Ty",
        "half a body" => "HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n" + Accepted,
        "half a chunk" => "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n40\r\n" + Accepted,
        "not http" => "SSH-2.0-OpenSSH_9.6\r\n",
        "bad gzip" => RawServer.Response(Accepted, headers: "Content-Encoding: gzip\r\n"),
        _ => "",
    };

    private static NanoBananaClient ClientOf(RawServer server) =>
        new(new NanoBananaClientOptions
        {
            ApiKey = new ApiKey(TestBench.Key), Endpoint = server.Address, MaximumRetryCount = 0, Random = () => 0,
        });

    private static Task<ImageTask> SubmitAsync(NanoBananaClient client, string prompt) =>
        client.SubmitAsync(new ImageRequest { Prompt = prompt }, Observer, default);

    private static Task<NanoBananaException> FailAsync(NanoBananaClient client, string prompt) =>
        Assert.ThrowsAsync<NanoBananaException>(() => SubmitAsync(client, prompt));
}
