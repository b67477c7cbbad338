using System.Net;

namespace NanoBanana.Client.Tests.Purchases;

/// <summary>What one free request finds out before a run.</summary>
public sealed class ServiceProbeTests
{
    private const string NotFound = """{"message":"Task not found"}""";

    [Theory]
    [InlineData(404, NotFound, true, true)]
    [InlineData(404, "Task not found", true, true)]
    [InlineData(400, """{"error":"invalid id"}""", true, true)]
    [InlineData(401, "", true, false)]
    [InlineData(403, "", true, false)]
    [InlineData(402, "", true, false)]
    [InlineData(200, """{"status":{"code":401,"message":"Unauthorized"},"data":null}""", true, false)]
    [InlineData(200, """{"status":{"code":402,"message":"Insufficient credits","error_code":40201},"data":null}""", true, false)]
    [InlineData(429, "", false, null)]
    [InlineData(503, "", false, null)]
    [InlineData(302, "", false, null)]
    [InlineData(405, "", false, null)]
    [InlineData(407, "", false, null)]
    public async Task An_answer_determines_the_results_for_the_service_and_the_key(int status, string body, bool service, bool? key)
    {
        using var bench = new TestBench();
        bench.Api.Script(Answer.Json(body, status));
        ConnectionTest test = await ProbeAsync(bench);
        Assert.Equal((service, key, service && key == true), (test.Service.Success, test.ApiKey.Success, test.Success));
        Assert.Equal("GET", Assert.Single(bench.Api.Requests).Method);
    }

    [Fact]
    public async Task A_portal_page_is_not_the_service()
    {
        using var bench = new TestBench();
        bench.Api.Script(Answer.Bytes("<html>Sign in</html>"u8.ToArray(), "text/html"));
        ConnectionTest test = await ProbeAsync(bench);
        Assert.False(test.Service.Success);
        Assert.Contains("HTML page", test.Service.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_connection_the_key_is_not_tested()
    {
        using var bench = new TestBench();
        bench.Api.Script(Answer.NeverConnected);
        ConnectionTest test = await ProbeAsync(bench);
        Assert.Equal((false, null, null, false), (test.Service.Success, test.ApiKey.Success, test.Clock.Success, test.Success));
        Assert.Equal("The service did not answer.", test.ApiKey.Message);
    }

    [Theory]
    [InlineData("No connection to 10.0.0.7:4071 could be made.", false)]
    [InlineData("The proxy tunnel request to proxy 'http://proxy.example:8080/' failed with status code '407'.", true)]
    [InlineData("The remote server returned an error: (407) Proxy Authentication Required.", true)]
    public async Task Only_the_status_407_means_that_the_proxy_needs_a_password(string error, bool needsPassword)
    {
        using var bench = new TestBench(options => options with { Proxy = new WebProxy("http://proxy.example:8080") });
        bench.Api.Script(Answer.Failing(takesBody: false, () => new HttpRequestException(error)));
        ConnectionTest test = await ProbeAsync(bench);
        Assert.False(test.Proxy.Success);
        Assert.Equal(needsPassword, test.Proxy.Message.Contains("password", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(4, true)]
    [InlineData(-6, false)]
    [InlineData(60 * 24 * 365, false)]
    public async Task The_date_of_the_answer_determines_the_result_for_the_clock(int minutesBehind, bool isRight)
    {
        using var bench = new TestBench();
        bench.Api.Script(Answer.Json(NotFound, 404).With("Date", bench.Clock.GetUtcNow().AddMinutes(minutesBehind).ToString("R")));
        ConnectionTest test = await ProbeAsync(bench);
        Assert.Equal((isRight, isRight), (test.Clock.Success, test.Success));
        Assert.Contains(
            minutesBehind == 0 ? "agrees with" : minutesBehind > 0 ? "behind" : "ahead of", test.Clock.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_text_contains_the_key()
    {
        using var bench = new TestBench();
        bench.Api.Script(Answer.Json($$"""{"message":"no such key: {{TestBench.Key}}"}""", 401));
        ConnectionTest test = await ProbeAsync(bench);
        Assert.DoesNotContain(TestBench.Key, $"{test.Service} {test.ApiKey} {test.Proxy} {test.Clock}", StringComparison.Ordinal);
    }

    private static async Task<ConnectionTest> ProbeAsync(TestBench bench)
    {
        (ConnectionCheck service, ConnectionCheck key, ConnectionCheck proxy, ConnectionCheck clock) =
            await bench.Client.ProbeAsync(bench.Observer, default);
        ConnectionCheck other = ConnectionCheck.Passed("");
        return new ConnectionTest { Service = service, ApiKey = key, Proxy = proxy, Clock = clock, Journal = other, Destination = other };
    }
}
