namespace NanoBanana.Client.Tests.Http;

/// <summary>A service that requires a pause longer than any operation.</summary>
public sealed class LongPauseTests : IDisposable
{
    private readonly TestBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task A_pause_of_years_ends_with_the_operation_and_the_message_contains_its_end()
    {
        _bench.Api.Script(Answer.Status(429).RetryAfter(int.MaxValue), Answer.Accepted("t3"));

        NanoBananaException refused = await _bench.FailToSubmitAsync();
        NanoBananaException held = await _bench.FailToSubmitAsync();

        Assert.Equal((NanoBananaErrorKind.RateLimited, NanoBananaErrorKind.RateLimited), (refused.Kind, held.Kind));
        Assert.Contains("for no request before 2094-07-19 15:14 UTC", refused.Message, StringComparison.Ordinal);
        Assert.Contains("nothing was sent", held.Message, StringComparison.Ordinal);
        Assert.Contains("for no request before 2094-07-19 15:14 UTC", held.Message, StringComparison.Ordinal);
        Assert.Single(_bench.Api.Requests);

        _bench.Clock.Step(601);
        Assert.Equal("t3", (await _bench.SubmitAsync()).Id);
    }

    [Theory]
    [InlineData("Fri, 31 Dec 9999 23:59:59 GMT")]
    [InlineData("Mon, 01 Jan 2300 00:00:00 GMT")]
    public async Task An_out_of_range_date_is_an_ordinary_refusal(string date)
    {
        _bench.Api.Script(Answer.Status(503).With("Retry-After", date).With("Date", "Mon, 01 Jan 1990 00:00:00 GMT"));

        NanoBananaException error = await _bench.FailToSubmitAsync();

        Assert.Equal(NanoBananaErrorKind.RateLimited, error.Kind);
        Assert.Contains("asked for no request before ", error.Message, StringComparison.Ordinal);
        Assert.Single(_bench.Api.Requests);
    }

    [Fact]
    public async Task A_pause_that_fits_applies_to_all_requests()
    {
        _bench.Api.Script(Answer.Status(429).RetryAfter(120), Answer.Accepted("t1"), Answer.Accepted("t2"));

        Task<ImageTask> first = _bench.SubmitAsync();
        Task<ImageTask> second = _bench.SubmitAsync();
        ImageTask[] tasks = await _bench.Clock.RunAllAsync([first, second]);

        Assert.Equal(2, tasks.Length);
        Assert.All(_bench.Api.Requests.Skip(1), request => Assert.True(request.At >= TimeSpan.FromSeconds(120)));
    }
}
