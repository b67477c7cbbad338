namespace NanoBanana.Client.Tests.Submitting;

/// <summary>A submission is sent again only if the first one certainly had no effect, and never too early.</summary>
public sealed class SubmitRetryTests
{
    [Fact]
    public async Task A_failing_connection_is_retried_for_ninety_seconds_without_sending_a_body()
    {
        using var bench = new TestBench(o => o with { MaximumRetryCount = 3 });
        bench.Api.Script([.. Enumerable.Repeat(Answer.NeverConnected, 100)]);

        NanoBananaException error = await bench.FailToSubmitAsync();

        Assert.Equal(NanoBananaErrorKind.ConnectionFailed, error.Kind);
        Assert.Contains("Connection refused", error.Message, StringComparison.Ordinal);
        Assert.InRange(bench.Clock.Elapsed, TimeSpan.FromSeconds(90), TimeSpan.FromSeconds(106));
        Assert.Empty(bench.Api.Bodies);
        Assert.Equal(Enumerable.Range(1, bench.Api.Requests.Count), bench.Observer.Traces.Select(t => t.Attempt));
    }

    [Fact]
    public async Task Without_retries_one_failed_connection_is_an_error()
    {
        using var bench = new TestBench(o => o with { MaximumRetryCount = 0 });
        bench.Api.Script(Answer.NeverConnected);

        Assert.Equal(NanoBananaErrorKind.ConnectionFailed, (await bench.FailToSubmitAsync()).Kind);
        Assert.Single(bench.Api.Requests);
    }

    [Fact]
    public async Task A_connection_that_succeeds_after_failures_submits_once()
    {
        using var bench = new TestBench();
        bench.Api.Script(Answer.NeverConnected, Answer.NeverConnected, Answer.Accepted("t1"));

        ImageTask task = await bench.Clock.RunAsync(bench.SubmitAsync());

        Assert.Equal("t1", task.Id);
        Assert.Single(bench.Api.Bodies);
    }

    [Fact]
    public async Task After_a_failed_connection_an_unclear_answer_is_final()
    {
        using var bench = new TestBench();
        bench.Api.Script(Answer.NeverConnected, Answer.Reset);

        Assert.Equal(NanoBananaErrorKind.SubmissionUnknown, (await bench.FailToSubmitAsync()).Kind);
        Assert.Single(bench.Api.Bodies);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task A_Retry_After_in_seconds_is_waited_for(int status)
    {
        using var bench = new TestBench();
        bench.Api.Script(Answer.Status(status).RetryAfter(30), Answer.Accepted());

        await bench.Clock.RunAsync(bench.SubmitAsync());

        Assert.Equal(2, bench.Api.Requests.Count);
        Assert.InRange(bench.Api.Requests[1].At, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(31.2));
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task A_Retry_After_as_a_date_is_waited_for(int status)
    {
        using var bench = new TestBench();
        string date = (bench.Clock.GetUtcNow() + TimeSpan.FromSeconds(45)).ToString("R");
        bench.Api.Script(Answer.Status(status).With("Retry-After", date), Answer.Accepted());

        await bench.Clock.RunAsync(bench.SubmitAsync());

        Assert.InRange(bench.Api.Requests[1].At, TimeSpan.FromSeconds(45), TimeSpan.FromSeconds(46.2));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("Wed, 01 Jul 2020 12:00:00 GMT")]
    public async Task A_past_Retry_After_is_not_waited_for(string retryAfter)
    {
        using var bench = new TestBench();
        bench.Api.Script(Answer.Status(503).With("Retry-After", retryAfter), Answer.Accepted());

        await bench.SubmitAsync();

        Assert.Equal(2, bench.Api.Requests.Count);
    }

    [Fact]
    public async Task A_429_without_Retry_After_is_retried_until_it_is_accepted()
    {
        using var bench = new TestBench(o => o with { Random = () => 0.5 });
        bench.Api.Script([.. Enumerable.Repeat(Answer.Status(429), 12), Answer.Accepted()]);

        await bench.Clock.RunAsync(bench.SubmitAsync());

        // Half of caps that double from one second to thirty seconds.
        double[] pauses = [.. bench.Api.Requests.Zip(bench.Api.Requests.Skip(1), (a, b) => Math.Round((b.At - a.At).TotalSeconds, 1))];
        Assert.Equal([0.5, 1, 2, 4, 8, 15, 15, 15, 15, 15, 15, 15], pauses);
    }

    [Theory]
    [InlineData(429, NanoBananaErrorKind.RateLimited)]
    [InlineData(503, NanoBananaErrorKind.RateLimited)]
    public async Task The_deadline_of_the_operation_limits_all_attempts(int status, NanoBananaErrorKind kind)
    {
        using var bench = new TestBench(
            o => o with { OperationTimeout = TimeSpan.FromSeconds(100), SubmitTimeout = TimeSpan.FromSeconds(5) });
        bench.Api.Otherwise = _ => Answer.Status(status).RetryAfter(30);

        NanoBananaException error = await bench.FailToSubmitAsync();

        Assert.Equal(kind, error.Kind);
        Assert.Equal(status, error.StatusCode);
        Assert.Equal(4, bench.Api.Requests.Count);
        Assert.True(bench.Clock.Elapsed <= TimeSpan.FromSeconds(100));
    }

    [Theory]
    [InlineData("3600")]
    [InlineData("2147483647")]
    public async Task A_Retry_After_past_the_deadline_is_not_waited_for(string retryAfter)
    {
        using var bench = new TestBench();
        bench.Api.Script(Answer.Status(429).With("Retry-After", retryAfter));

        NanoBananaException error = await Assert.ThrowsAsync<NanoBananaException>(() => bench.SubmitAsync());

        Assert.Equal(NanoBananaErrorKind.RateLimited, error.Kind);
        Assert.Equal(TimeSpan.Zero, bench.Clock.Elapsed);
    }

    [Fact]
    public async Task A_submission_without_an_answer_ends_at_its_own_time_out()
    {
        using var bench = new TestBench(o => o with { SubmitTimeout = TimeSpan.FromSeconds(20) });
        bench.Api.Script(Answer.Silence);

        NanoBananaException error = await bench.FailToSubmitAsync();

        Assert.Contains("did not answer in time", error.Message, StringComparison.Ordinal);
        Assert.InRange(bench.Clock.Elapsed, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(20.2));
    }

    [Theory]
    [InlineData(429, NanoBananaErrorKind.RateLimited)]
    [InlineData(503, NanoBananaErrorKind.RateLimited)]
    public async Task A_submission_whose_full_time_out_does_not_fit_after_a_pause_is_not_sent(int status, NanoBananaErrorKind kind)
    {
        using var bench = new TestBench(
            o => o with { OperationTimeout = TimeSpan.FromSeconds(50), SubmitTimeout = TimeSpan.FromSeconds(21) });
        bench.Api.Script(Answer.Status(status).RetryAfter(30), Answer.Accepted());

        NanoBananaException error = await bench.FailToSubmitAsync();

        Assert.Equal(kind, error.Kind);
        Assert.Single(bench.Api.Requests);
        Assert.Contains("Nothing is paid for", error.Message, StringComparison.Ordinal);
        Assert.Contains("up to 21 seconds", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_submission_whose_full_time_out_does_not_fit_after_the_pause_of_another_is_not_sent()
    {
        using var bench = new TestBench(
            o => o with { OperationTimeout = TimeSpan.FromSeconds(50), SubmitTimeout = TimeSpan.FromSeconds(21) });
        bench.Api.Script(Answer.Status(429).RetryAfter(30));
        bench.Api.Otherwise = _ => Answer.Accepted();
        _ = await bench.FailToSubmitAsync();

        NanoBananaException error = await bench.FailToSubmitAsync();

        Assert.Equal(NanoBananaErrorKind.RateLimited, error.Kind);
        Assert.Contains("Nothing is paid for", error.Message, StringComparison.Ordinal);
        Assert.Single(bench.Api.Requests);
    }

    [Fact]
    public async Task A_submission_sent_after_a_pause_has_its_full_time_out()
    {
        using var bench = new TestBench(
            o => o with { OperationTimeout = TimeSpan.FromSeconds(60), SubmitTimeout = TimeSpan.FromSeconds(25) });
        bench.Api.Script(Answer.Status(429).RetryAfter(30), Answer.Silence);

        NanoBananaException error = await bench.FailToSubmitAsync();

        Assert.Equal(NanoBananaErrorKind.SubmissionUnknown, error.Kind);
        Assert.InRange(bench.Clock.Elapsed, TimeSpan.FromSeconds(55), TimeSpan.FromSeconds(55.2));
    }

    [Fact]
    public async Task A_first_submission_has_its_full_time_out_even_in_a_shorter_operation()
    {
        using var bench = new TestBench(
            o => o with { OperationTimeout = TimeSpan.FromSeconds(10), SubmitTimeout = TimeSpan.FromSeconds(25) });
        bench.Api.Script(Answer.Silence);

        NanoBananaException error = await bench.FailToSubmitAsync();

        Assert.Equal(NanoBananaErrorKind.SubmissionUnknown, error.Kind);
        Assert.InRange(bench.Clock.Elapsed, TimeSpan.FromSeconds(25), TimeSpan.FromSeconds(25.2));
    }

    [Fact]
    public async Task After_a_suspend_through_its_pause_a_submission_without_its_full_time_out_is_not_sent()
    {
        using var bench = new TestBench(
            o => o with { OperationTimeout = TimeSpan.FromSeconds(100), SubmitTimeout = TimeSpan.FromSeconds(20) });
        bench.Api.Script(Answer.Status(429).RetryAfter(30), Answer.Accepted());
        Task<ImageTask> submit = bench.SubmitAsync();

        bench.Clock.Step(90);

        Assert.Equal(NanoBananaErrorKind.RateLimited, (await Assert.ThrowsAsync<NanoBananaException>(() => submit)).Kind);
        Assert.Single(bench.Api.Requests);
    }
}
