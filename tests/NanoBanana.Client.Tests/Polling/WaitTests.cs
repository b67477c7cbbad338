namespace NanoBanana.Client.Tests.Polling;

/// <summary>Waits that succeed.</summary>
public sealed class WaitTests : IDisposable
{
    private readonly TestBench _bench = new(o => o with { Random = () => 0.5 });

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task A_wait_polls_until_the_task_completes_and_then_stops()
    {
        _bench.Api.Script(
            Answer.Json("""{"status":"queued"}"""), Answer.Running(), Answer.Running(), Answer.Completed("https://cdn.example/p.png"));

        ImageTask task = await _bench.Clock.RunAsync(_bench.WaitAsync(_bench.CreateTask()));
        _bench.Clock.Run(120);

        Assert.Equal(ImageTaskStatus.Completed, task.Status);
        Assert.Equal("a red fox", task.Prompt);
        Assert.Equal(new Uri("https://cdn.example/p.png"), Assert.Single(task.Image).Url);
        Assert.Equal(4, _bench.Api.Requests.Count);
    }

    [Theory]
    [InlineData("""{"status":"failed","error":{"code":5001095,"error_message":"boom"}}""", ImageTaskStatus.Failed)]
    [InlineData("""{"status":"canceled"}""", ImageTaskStatus.Canceled)]
    [InlineData("""{"status":"completed"}""", ImageTaskStatus.Completed)]
    public async Task A_failed_or_canceled_task_ends_the_wait(string body, ImageTaskStatus status)
    {
        _bench.Api.Script(Answer.Json(body));

        ImageTask task = await _bench.Clock.RunAsync(_bench.WaitAsync(_bench.CreateTask()));

        Assert.Equal(status, task.Status);
        Assert.Equal(status == ImageTaskStatus.Failed ? "005001095" : null, task.Error?.Code);
    }

    [Fact]
    public async Task An_ended_task_is_not_polled()
    {
        ImageTask done = TestBench.CreateCompletedTask("https://cdn.example/p.png");

        Assert.Same(done, await _bench.WaitAsync(done));
        Assert.Empty(_bench.Api.Requests);
    }

    [Fact]
    public async Task A_poll_due_immediately_needs_no_timer()
    {
        using var bench = new TestBench(o => o with { Time = new TimerlessClock(o.Time) });
        bench.Api.Script(Answer.Completed(), Answer.Running());

        Task<ImageTask> wait = bench.WaitAsync(bench.CreateTask());
        Task<ImageTask> asked = bench.GetAsync(bench.CreateTask("task2"));

        Assert.Equal(2, bench.Api.Requests.Count);
        Assert.Equal(ImageTaskStatus.Completed, (await wait).Status);
        Assert.Equal(ImageTaskStatus.Running, (await asked).Status);
    }

    [Fact]
    public async Task No_request_is_sent_while_no_poll_is_due()
    {
        _bench.Api.Script(Answer.Running().RetryAfter(60), Answer.Completed());
        Task<ImageTask> wait = _bench.WaitAsync(_bench.CreateTask());

        _bench.Clock.Run(59);
        Assert.Single(_bench.Api.Requests);

        await _bench.Clock.RunAsync(wait);
    }

    [Fact]
    public async Task Retry_After_on_a_good_answer_is_the_minimum_pause()
    {
        _bench.Api.Script(Answer.Running().RetryAfter(17), Answer.Completed());

        await _bench.Clock.RunAsync(_bench.WaitAsync(_bench.CreateTask()));

        TimeSpan pause = _bench.Api.Requests[1].At - _bench.Api.Requests[0].At;
        Assert.InRange(pause, TimeSpan.FromSeconds(17), TimeSpan.FromSeconds(17.2));
    }

    [Fact]
    public async Task An_unknown_status_continues_the_wait_and_warns_once_per_status()
    {
        _bench.Api.Otherwise = r => r.At < TimeSpan.FromSeconds(8) ? Answer.Json("""{"status":"Simmering"}""")
            : r.At < TimeSpan.FromSeconds(16) ? Answer.Json("""{"status":"polishing"}""")
            : Answer.Completed();

        await _bench.Clock.RunAllAsync([_bench.WaitAsync(_bench.CreateTask("t1")), _bench.WaitAsync(_bench.CreateTask("t2"))]);

        Assert.True(_bench.Api.Requests.Count > 6);
        Assert.Collection(
            _bench.Observer.Warnings,
            w => Assert.Contains("'Simmering'", w, StringComparison.Ordinal),
            w => Assert.Contains("'polishing'", w, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Warnings_about_unknown_statuses_are_limited()
    {
        int word = 0;
        _bench.Api.Otherwise = _ => word < 100 ? Answer.Json($$"""{"status":"word {{++word}}"}""") : Answer.Completed();

        await _bench.Clock.RunAsync(_bench.WaitAsync(_bench.CreateTask(), seconds: 7200));

        Assert.Equal(20, _bench.Observer.Warnings.Count);
    }

    [Fact]
    public async Task An_unknown_status_is_kept_unchanged()
    {
        _bench.Api.Script(Answer.Json("""{"status":"Rendering","progress":0.5}"""));

        ImageTask task = await _bench.GetAsync(_bench.CreateTask());

        Assert.Equal((ImageTaskStatus.Running, "Rendering", 0.5), (task.Status, task.RawStatus, task.Progress!.Value));
    }

    [Fact]
    public async Task Tasks_accepted_together_are_polled_at_different_times()
    {
        var random = new Random(7);
        using var bench = new TestBench(o => o with { Random = random.NextDouble });
        bench.Api.Otherwise = r => r.At < TimeSpan.FromSeconds(9) ? Answer.Running() : Answer.Completed();

        await bench.Clock.RunAllAsync([.. Enumerable.Range(0, 100).Select(i => bench.WaitAsync(bench.CreateTask($"t{i}")))], step: 0.01);

        Assert.True(bench.Api.Requests.Select(r => r.At).Distinct().Count() > 200);
        Assert.True(bench.Api.Requests.GroupBy(r => r.At).Max(g => g.Count()) < 15);
    }

    [Fact]
    public async Task Submission_wait_and_elapsed_time_use_the_monotonic_clock()
    {
        _bench.Api.Script(
            Answer.Json("""{"id":"t1","status":"queued"}"""), Answer.Running("t1"), Answer.Json("""{"status":"completed"}"""));

        ImageTask accepted = await _bench.SubmitAsync();
        ImageTask task = await _bench.Clock.RunAsync(_bench.WaitAsync(accepted));

        Assert.Equal(_bench.Clock.Elapsed.TotalSeconds, task.Elapsed!.Value.TotalSeconds, 0.15);
        Assert.Equal(_bench.Clock.GetUtcNow(), task.CompletedAt!.Value, TimeSpan.FromSeconds(0.15));
    }
}
