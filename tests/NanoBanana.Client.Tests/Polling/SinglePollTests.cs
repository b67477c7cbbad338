namespace NanoBanana.Client.Tests.Polling;

/// <summary>A single poll.</summary>
public sealed class SinglePollTests : IDisposable
{
    private readonly TestBench _bench = new(o => o with { MaximumRetryCount = 2, Random = () => 0.5 });

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task One_good_answer_is_returned_for_a_running_and_an_ended_task()
    {
        _bench.Api.Script(Answer.Json("""{"status":"in_progress","progress":0.4}"""));

        ImageTask task = await _bench.GetAsync(_bench.Client.TaskById(" t1 ", _bench.Observer));

        Assert.Equal(("t1", ImageTaskStatus.Running, 0.4), (task.Id, task.Status, task.Progress!.Value));
        Assert.Equal(new Uri("https://api.example/"), task.Endpoint);
        _bench.Clock.Run(60);
        Assert.Single(_bench.Api.Requests);
    }

    [Fact]
    public async Task An_ended_task_can_be_polled_again()
    {
        _bench.Api.Script(Answer.Completed("https://cdn.example/new.png"));

        ImageTask task = await _bench.GetAsync(TestBench.CreateCompletedTask("https://cdn.example/old.png"));

        Assert.Equal(new Uri("https://cdn.example/new.png"), Assert.Single(task.Image).Url);
    }

    [Fact]
    public async Task Transient_failures_are_retried_as_often_as_configured()
    {
        _bench.Api.Otherwise = _ => Answer.Status(500);

        var error = await Assert.ThrowsAsync<NanoBananaException>(() => _bench.Clock.RunAsync(_bench.GetAsync(_bench.CreateTask())));

        Assert.Equal((NanoBananaErrorKind.ServiceUnavailable, 500), (error.Kind, error.StatusCode));
        Assert.Equal(3, _bench.Api.Requests.Count);
    }

    [Fact]
    public async Task A_failure_followed_by_success_is_not_reported()
    {
        _bench.Api.Script(Answer.Reset, Answer.Status(200, "<html>"), Answer.Running());

        Assert.Equal(ImageTaskStatus.Running, (await _bench.Clock.RunAsync(_bench.GetAsync(_bench.CreateTask()))).Status);
    }

    [Fact]
    public async Task A_single_poll_precedes_waits_that_are_not_due()
    {
        _bench.Api.Otherwise = _ => Answer.Running();
        foreach (string id in new[] { "scout", "t1" })
            _ = _bench.WaitAsync(_bench.CreateTask(id));

        await _bench.GetAsync(_bench.CreateTask("t2"));

        Assert.DoesNotContain(_bench.Api.Requests, r => r.Address.EndsWith("/t1", StringComparison.Ordinal));
        Assert.EndsWith("/t2", _bench.Api.Requests[^1].Address, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.Zero, _bench.Clock.Elapsed);
    }

    [Fact]
    public async Task Known_values_missing_in_the_answer_are_kept()
    {
        ImageTask known = _bench.CreateTask() with
        {
            Resolution = "4K", Name = "fox", Model = "m", Metadata = new Dictionary<string, object?> { ["k"] = "v" },
        };
        _bench.Api.Script(Answer.Json("""{"status":"in_progress"}"""));

        ImageTask task = await _bench.GetAsync(known);

        Assert.Equal(("a red fox", "4K", "fox", "m"), (task.Prompt, task.Resolution, task.Name, task.Model));
        Assert.Equal("v", task.Metadata!["k"]);
        Assert.Equal(known.CreatedAt, task.CreatedAt);
    }

    [Fact]
    public async Task A_429_longer_than_the_operation_is_RateLimited_immediately()
    {
        _bench.Api.Otherwise = _ => Answer.Status(429).With("Retry-After", "3600").With("x-request-id", "r1");

        var error = await Assert.ThrowsAsync<NanoBananaException>(() => _bench.Clock.RunAsync(_bench.GetAsync(_bench.CreateTask("t1"))));

        Assert.Equal((NanoBananaErrorKind.RateLimited, 429, "r1", "t1"), (error.Kind, error.StatusCode, error.RequestId, error.TaskId));
        Assert.Contains("Try again later", error.Message, StringComparison.Ordinal);
        Assert.True(_bench.Clock.Elapsed < TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_repeated_429_is_RateLimited()
    {
        using var bench = new TestBench(o => o with { MaximumRetryCount = 10, Random = () => 0.5 });
        bench.Api.Otherwise = _ => Answer.Status(429).With("Retry-After", "120").With("x-request-id", "r1");

        var error = await Assert.ThrowsAsync<NanoBananaException>(() => bench.Clock.RunAsync(bench.GetAsync(bench.CreateTask())));

        Assert.Equal((NanoBananaErrorKind.RateLimited, 429, "r1"), (error.Kind, error.StatusCode, error.RequestId));
    }

    [Fact]
    public async Task A_connection_paused_for_longer_than_the_operation_is_RateLimited_immediately()
    {
        _bench.Api.Otherwise = _ => Answer.Status(429).With("Retry-After", "3600");
        _ = _bench.WaitAsync(_bench.CreateTask("t1"), 5_000);

        var error = await Assert.ThrowsAsync<NanoBananaException>(() => _bench.Clock.RunAsync(_bench.GetAsync(_bench.CreateTask("t2"))));

        Assert.Equal((NanoBananaErrorKind.RateLimited, 429, "t2"), (error.Kind, error.StatusCode, error.TaskId));
        Assert.Single(_bench.Api.Requests);
        Assert.True(_bench.Clock.Elapsed < TimeSpan.FromSeconds(1));
    }

    [Theory]
    [InlineData(503, "3600", NanoBananaErrorKind.ServiceUnavailable)]
    [InlineData(500, "250", NanoBananaErrorKind.ServiceUnavailable)]
    [InlineData(400, "250", NanoBananaErrorKind.InvalidRequest)]
    public async Task A_failure_longer_than_the_operation_is_the_error_of_that_failure(
        int status, string retryAfter, NanoBananaErrorKind kind)
    {
        using var bench = new TestBench(o => o with { MaximumRetryCount = 10, Random = () => 0.5 });
        bench.Api.Otherwise = _ => Answer.Status(status).With("Retry-After", retryAfter);

        var error = await Assert.ThrowsAsync<NanoBananaException>(() => bench.Clock.RunAsync(bench.GetAsync(bench.CreateTask())));

        Assert.Equal((kind, status), (error.Kind, error.StatusCode));
    }

    [Fact]
    public async Task The_last_429_also_pauses_the_connection()
    {
        using var bench = new TestBench(o => o with { MaximumRetryCount = 0, Random = () => 0.5 });
        bench.Api.Script(Answer.Status(429).RetryAfter(40));
        bench.Api.Otherwise = _ => Answer.Completed();
        await Assert.ThrowsAsync<NanoBananaException>(() => bench.Clock.RunAsync(bench.GetAsync(bench.CreateTask("t1"))));

        await bench.Clock.RunAsync(bench.WaitAsync(bench.CreateTask("t2")));

        Assert.True(bench.Api.Requests[1].At >= TimeSpan.FromSeconds(40));
    }
}
