using NanoBanana.Client.Http;
using NanoBanana.Client.Wire;

namespace NanoBanana.Client.Tests.Submitting;

/// <summary>The key is only in the header of requests to the API.</summary>
public sealed class SecrecyTests : IDisposable
{
    private readonly TestBench _bench = new(o => o with { MaximumRetryCount = 1, Random = () => 0.5 });

    public void Dispose() => _bench.Dispose();

    public static TheoryData<string> Failures =>
    [
        "never", "reset", "timeout", "401", "403", "429", "500", "303", "garbage", "refused", "echo 401", "echo 400 text", "echo 200",
        "echo 500", "echo header", "echo json escapes", "echo address", "echo html",
    ];

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task No_failure_of_a_submission_shows_the_key(string what)
    {
        _bench.Api.Otherwise = _ => FailureOf(what);

        AssertSilent(await _bench.FailToSubmitAsync());
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task No_failure_of_a_poll_shows_the_key(string what)
    {
        _bench.Api.Otherwise = _ => FailureOf(what);

        AssertSilent(await Assert.ThrowsAsync<NanoBananaException>(() => _bench.Clock.RunAsync(_bench.GetAsync(_bench.CreateTask()))));
    }

    [Fact]
    public async Task A_task_whose_texts_contain_the_key_does_not_show_it()
    {
        _bench.Api.Script(Answer.Json(
            $$"""{"id":"t","status":"failed","error":"key {{TestBench.Key}} is over its quota","metadata":{"k":"{{TestBench.Key}}"} }"""));

        ImageTask task = await _bench.GetAsync(_bench.CreateTask());

        Assert.DoesNotContain(TestBench.Key, $"{task.Error} {task.Metadata!["k"]}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Downloads_are_requested_without_the_key()
    {
        using var folder = new TemporaryFolder();
        _bench.Downloads.Script(Answer.Bytes(TestImages.Png()));

        await _bench.SaveAsync(TestBench.CreateCompletedTask("https://cdn.example/p.png?sig=secret"), folder.Target());

        RecordedRequest request = Assert.Single(_bench.Downloads.Requests);
        Assert.Null(request.Header("Authorization"));
        Assert.DoesNotContain(request.Headers, h => h.Value.Contains(TestBench.Key, StringComparison.Ordinal));
        Assert.All(_bench.Observer.Traces, t => Assert.DoesNotContain("secret", t.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public void A_key_and_its_options_show_at_most_four_characters()
    {
        var options = new NanoBananaClientOptions { ApiKey = new ApiKey(TestBench.Key) };

        Assert.Equal("…WXYZ", options.ApiKey.ToString());
        Assert.Equal("…WXYZ", options.ApiKey.Masked);
        Assert.DoesNotContain("sk-test", options.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("sk-test", System.Text.Json.JsonSerializer.Serialize(options.ApiKey), StringComparison.Ordinal);
    }

    public static TheoryData<string> Openings =>
    [
        "$KEY is no HTTP\r\n\r\n", "HTTP/1.1 400 The key $KEY is odd\r\n\r\n", "HTTP/1.1 4$KEY\r\n\r\n",
        "HTTP/1.1 200 OK\r\n$KEY\u001B[31m\r\n\r\n",
        "HTTP/1.1 200 OK\r\n$KEY\u001B[31m: x\r\n\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n$KEY\u001B[31m\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: $KEY\r\n\r\n", "HTTP/1.1 400 $KEY\r\nx-request-id: $KEY\u001B[31m\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/$KEY\r\nContent-Length: 0\r\n\r\n", "\u001B]0;$KEY\u0007",
    ];

    [Theory]
    [MemberData(nameof(Openings))]
    public async Task Text_before_the_body_does_not_show_the_key_or_control_the_terminal(string opening)
    {
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.SendAsync(opening.Replace("$KEY", TestBench.Key, StringComparison.Ordinal));
            connection.Close();
        });
        var observer = new RecordingObserver();
        using var client = new NanoBananaClient(new NanoBananaClientOptions
        {
            ApiKey = new ApiKey(TestBench.Key), Endpoint = server.Address, MaximumRetryCount = 0, Random = () => 0,
        });
        using var folder = new TemporaryFolder();

        NanoBananaException[] errors =
        [
            await Assert.ThrowsAsync<NanoBananaException>(() => client.SubmitAsync(new ImageRequest { Prompt = "fox" }, observer, default)),
            await Assert.ThrowsAsync<NanoBananaException>(() => client.GetAsync(client.TaskById("t1", observer), observer, default)),
            await Assert.ThrowsAsync<NanoBananaException>(
                () => client.SaveAsync(TestBench.CreateCompletedTask($"{server.Address}p"), 0, folder.Target(), observer, default)),
        ];

        Assert.All(errors[..2], error => AssertSilent(error, observer));
        foreach (NanoBananaException error in errors)
        {
            for (Exception? e = error; e is not null; e = e.InnerException)
                Assert.Equal(TextSafety.Clean(e.Message), e.Message);
        }
        Assert.All(observer.Traces, t => Assert.Equal(TextSafety.Clean($"{t} {t.Received}"), $"{t} {t.Received}"));
    }

    private void AssertSilent(NanoBananaException error) => AssertSilent(error, _bench.Observer);

    private static void AssertSilent(NanoBananaException error, RecordingObserver observer)
    {
        for (Exception? e = error; e is not null; e = e.InnerException)
            Assert.DoesNotContain(
                TestBench.Key, $"{e} {e.Message} {string.Join(' ', e.Data.Values.Cast<object>())}", StringComparison.Ordinal);
        Assert.DoesNotContain(TestBench.Key, $"{error.ProviderCode} {error.RequestId} {error.Task}", StringComparison.Ordinal);
        Assert.NotEmpty(observer.Traces);
        Assert.All(observer.Traces, t => Assert.DoesNotContain(TestBench.Key, $"{t} {t.Sent} {t.Received}", StringComparison.Ordinal));
        Assert.All(observer.Warnings, w => Assert.DoesNotContain(TestBench.Key, w, StringComparison.Ordinal));
    }

    private static Answer FailureOf(string what) => what switch
    {
        "never" => Answer.NeverConnected,
        "reset" => Answer.Reset,
        "timeout" => Answer.Silence,
        "garbage" => Answer.Status(200, "<html>"),
        "refused" => Answer.Json("""{"error":{"code":1,"message":"no"}}"""),
        "echo 401" => Answer.Json($$"""{"message":"Invalid token 'Bearer {{TestBench.Key}}'"}""", 401),
        "echo 400 text" => Answer.Status(400, $"Authorization: Bearer {TestBench.Key}"),
        "echo 200" => Answer.Status(200, $"key={TestBench.Key}"),
        "echo 500" => Answer.Json(
            $$"""{"error":{"code":"{{TestBench.Key}}","message":"{{TestBench.Key}}"},"request_id":"{{TestBench.Key}}"}""", 500),
        "echo json escapes" => Answer.Json(
            $$"""{"message":"Key {{string.Concat(TestBench.Key.Select(c => char.IsLetter(c) ? $"\\u{(int)c:x4}" : $"{c}"))}} is odd"}""",
            400),
        "echo address" => Answer.Json($$"""{"detail":"/v1?key={{string.Concat(TestBench.Key.Select(c => $"%{(int)c:X2}"))}}"}""", 400),
        "echo html" => Answer.Status(400, $"<p>{string.Concat(TestBench.Key.Select(c => c == '-' ? "&#x2D;" : $"{c}"))}"),
        "echo header" => Answer.Status(500).With("x-request-id", TestBench.Key),
        _ => Answer.Status(int.Parse(what, System.Globalization.CultureInfo.InvariantCulture), "no"),
    };
}
