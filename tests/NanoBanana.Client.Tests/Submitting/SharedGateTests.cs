namespace NanoBanana.Client.Tests.Submitting;

/// <summary>A 429 applies to the key, so it delays all requests of the client.</summary>
public sealed class SharedGateTests
{
    [Fact]
    public async Task A_429_delays_other_submissions()
    {
        using var bench = new TestBench();
        bench.Api.Script(Answer.Status(429).RetryAfter(30), Answer.Accepted("t1"), Answer.Accepted("t2"));

        Task<ImageTask> first = bench.SubmitAsync("first");
        Task<ImageTask> second = bench.SubmitAsync("second");
        bench.Clock.Run(29.5);
        Assert.Single(bench.Api.Requests);

        await bench.Clock.RunAllAsync([first, second]);
        Assert.Equal(3, bench.Api.Requests.Count);
        Assert.All(bench.Api.Requests.Skip(1), r => Assert.True(r.At >= TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task A_429_for_a_submission_delays_polls()
    {
        using var bench = new TestBench();
        bench.Api.Script(Answer.Status(429).RetryAfter(30));
        bench.Api.Otherwise = r => r.Method == "POST" ? Answer.Accepted() : Answer.Completed();

        Task<ImageTask> submit = bench.SubmitAsync();
        await bench.Clock.RunAsync(bench.WaitAsync(bench.CreateTask()));
        await bench.Clock.RunAsync(submit);

        RecordedRequest poll = Assert.Single(bench.Api.Requests, r => r.Method == "GET");
        Assert.InRange(poll.At, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(33));
    }

    [Fact]
    public async Task A_429_for_a_poll_delays_submissions()
    {
        using var bench = new TestBench();
        bench.Api.Script(Answer.Status(429).RetryAfter(30));
        bench.Api.Otherwise = r => r.Method == "POST" ? Answer.Accepted() : Answer.Completed();

        Task<ImageTask> get = bench.GetAsync(bench.CreateTask());
        await bench.Clock.RunAsync(bench.SubmitAsync());
        await bench.Clock.RunAsync(get);

        RecordedRequest submit = Assert.Single(bench.Api.Requests, r => r.Method == "POST");
        Assert.InRange(submit.At, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(33));
    }

    [Theory]
    [InlineData("3600")]
    [InlineData("2147483647")]
    public async Task A_submission_behind_a_pause_past_its_deadline_is_not_sent(string retryAfter)
    {
        using var bench = new TestBench();
        bench.Api.Script(Answer.Status(429).With("Retry-After", retryAfter));
        bench.Api.Otherwise = _ => Answer.Running();
        _ = bench.WaitAsync(bench.CreateTask(), seconds: 7200);
        bench.Clock.Run(2);
        Assert.Single(bench.Api.Requests);

        NanoBananaException error = await Assert.ThrowsAsync<NanoBananaException>(() => bench.Clock.RunAsync(bench.SubmitAsync(), step: 1));

        Assert.Equal(NanoBananaErrorKind.RateLimited, error.Kind);
        Assert.Empty(bench.Api.Bodies);
        Assert.True(bench.Clock.Elapsed <= TimeSpan.FromMinutes(10) + TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task A_429_that_ends_its_own_submission_still_delays_others()
    {
        using var bench = new TestBench(o => o with { OperationTimeout = TimeSpan.FromSeconds(20) });
        bench.Api.Script(Answer.Status(429).RetryAfter(30));
        bench.Api.Otherwise = _ => Answer.Completed();

        Assert.Equal(NanoBananaErrorKind.RateLimited, (await bench.FailToSubmitAsync()).Kind);
        await bench.Clock.RunAsync(bench.WaitAsync(bench.CreateTask()));

        Assert.True(bench.Api.Requests[1].At >= TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Stopping_during_a_pause_sends_no_request()
    {
        using var bench = new TestBench();
        using var stop = new CancellationTokenSource();
        bench.Api.Script(Answer.Status(429).RetryAfter(30));

        Task<ImageTask> first = bench.SubmitAsync("first", stop.Token);
        Task<ImageTask> second = bench.SubmitAsync("second", stop.Token);
        FakeClock.Inline(stop.Cancel);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.Single(bench.Api.Requests);
    }

    [Theory]
    [InlineData("""{"status":{"code":429,"message":"Insufficient credits","error_code":40201},"data":null}""")]
    [InlineData(
        """{"error":{"code":"insufficient_quota","message":"You exceeded your current quota, """
        + """please check your plan and billing details."}}""")]
    [InlineData("""{"error":{"message":"Your account balance is too low"}}""")]
    public async Task A_429_about_the_balance_ends_the_submission_without_a_pause(string body)
    {
        using var bench = new TestBench();
        bench.Api.Script(Answer.Json(body, 429).RetryAfter(30), Answer.Accepted("t2"));

        NanoBananaException error = await Assert.ThrowsAsync<NanoBananaException>(() => bench.SubmitAsync());

        Assert.Equal(NanoBananaErrorKind.NotPermitted, error.Kind);
        Assert.Empty(bench.Observer.Warnings);
        Assert.Equal("t2", (await bench.SubmitAsync()).Id);
    }

    [Theory]
    [InlineData(
        """{"error":{"code":429,"message":"Quota exceeded for quota metric 'Generate requests' and limit 'requests per minute'."}}""")]
    [InlineData("""{"error":{"message":"Rate limit reached for your quota"}}""")]
    [InlineData("")]
    public async Task A_429_about_the_rate_is_waited_for(string body)
    {
        using var bench = new TestBench();
        bench.Api.Script(Answer.Json(body, 429).RetryAfter(30), Answer.Accepted("t2"));

        Assert.Equal("t2", (await bench.Clock.RunAsync(bench.SubmitAsync())).Id);
    }
}
