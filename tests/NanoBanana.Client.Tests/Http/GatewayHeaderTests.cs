using NanoBanana.Client.Http;

namespace NanoBanana.Client.Tests.Http;

/// <summary>Header fields of a gateway: which requests contain them.</summary>
public sealed class GatewayHeaderTests
{
    private const string Secret = "team-secret-0123456789abcdef";

    [Fact]
    public async Task Headers_are_sent_with_every_API_request_and_with_no_download()
    {
        using var folder = new TemporaryFolder();
        using var bench = new TestBench(options => options with { Headers = Headers(("X-Team", "ops"), ("X-Token", Secret)) });
        bench.Api.Script(Answer.Accepted(), Answer.Completed());
        bench.Downloads.Script(Answer.Bytes(TestImages.Png()));

        ImageTask task = await bench.SubmitAsync();
        await bench.Clock.RunAsync(bench.WaitAsync(task));
        await bench.SaveAsync(TestBench.CreateCompletedTask("https://cdn.example/p.png"), folder.Target());

        Assert.Equal(2, bench.Api.Requests.Count);
        Assert.All(bench.Api.Requests, request =>
        {
            Assert.Equal(("ops", Secret), (request.Header("X-Team"), request.Header("X-Token")));
            Assert.Equal("Bearer " + TestBench.Key, request.Header("Authorization"));
        });
        RecordedRequest download = Assert.Single(bench.Downloads.Requests);
        Assert.Equal((null, null), (download.Header("X-Team"), download.Header("X-Token")));
    }

    [Theory]
    [InlineData("Authorization")]
    [InlineData("authorization")]
    [InlineData("Host")]
    [InlineData("Content-Type")]
    [InlineData("content-length")]
    [InlineData("Transfer-Encoding")]
    [InlineData("Proxy-Authorization")]
    [InlineData("Connection")]
    [InlineData("User-Agent")]
    [InlineData("Accept")]
    [InlineData("X Team")]
    [InlineData("X-Team:")]
    [InlineData("X-Te\r\nam")]
    [InlineData("")]
    public void A_reserved_or_invalid_name_is_refused_without_its_value(string name) => AssertRefused(name, Secret);

    [Theory]
    [InlineData("one\r\nX-Injected: 1")]
    [InlineData("one\ntwo")]
    [InlineData("one\0")]
    [InlineData("sécret")]
    [InlineData("")]
    [InlineData(" ")]
    public void A_value_that_a_header_cannot_contain_is_refused_and_not_repeated(string value) => AssertRefused("X-Team", value);

    [Fact]
    public void A_duplicate_name_is_refused() =>
        Assert.Contains(
            "twice", Assert.Throws<NanoBananaException>(() => Headers(("X-Team", "a"), ("x-team", "b"))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task A_value_repeated_by_the_service_is_masked()
    {
        using var bench = new TestBench(options => options with { Headers = Headers(("X-Token", Secret)) });
        bench.Api.Script(Answer.Status(400, $$$"""{"error":{"message":"the token {{{Secret}}} is wrong, so is {{{TestBench.Key}}}"}}"""));

        NanoBananaException error = await bench.FailToSubmitAsync();

        Assert.Contains("is wrong", error.Message, StringComparison.Ordinal);
        string all = $"{error} {string.Join(' ', bench.Observer.Traces.Select(trace => $"{trace} {trace.Sent} {trace.Received}"))}";
        Assert.DoesNotContain(Secret, all, StringComparison.Ordinal);
        Assert.DoesNotContain(TestBench.Key, all, StringComparison.Ordinal);
    }

    [Fact]
    public void The_texts_of_options_and_headers_contain_no_value()
    {
        var options = new NanoBananaClientOptions { ApiKey = new ApiKey(TestBench.Key), Headers = Headers(("X-Token", Secret)) };
        Assert.Equal("X-Token", options.Headers.ToString());
        Assert.DoesNotContain(Secret, $"{options} {string.Join(' ', options.Headers.Names)}", StringComparison.Ordinal);
    }

    private static void AssertRefused(string name, string value)
    {
        var error = Assert.Throws<NanoBananaException>(() => Headers((name, value)));
        Assert.Equal(NanoBananaErrorKind.InvalidRequest, error.Kind);
        if (value.Trim().Length > 0)
            Assert.DoesNotContain(value, error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    private static GatewayHeaders Headers(params (string Name, string Value)[] fields) =>
        new(fields.Select(field => new KeyValuePair<string, string>(field.Name, field.Value)));
}
