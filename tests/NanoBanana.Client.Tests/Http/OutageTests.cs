namespace NanoBanana.Client.Tests.Http;

/// <summary>A connection that cannot be made is retried for a time, for all requests of the connection together.</summary>
public sealed class OutageTests : IDisposable
{
    private readonly TestBench _bench = new(o => o with { Random = () => 0.5 });

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task All_submissions_wait_together_with_one_warning()
    {
        RefuseUntil(60, Answer.Accepted());

        ImageTask[] tasks = await _bench.Clock.RunAllAsync([.. Enumerable.Range(0, 10).Select(i => _bench.SubmitAsync($"prompt {i}"))]);

        Assert.Equal(10, tasks.Length);
        Assert.Equal(10, _bench.Api.Bodies.Count());
        Assert.InRange(_bench.Api.Requests[^1].At, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(76));
        Assert.InRange(_bench.Api.Requests.Select(request => request.At).Distinct().Count(), 2, 9);
        Assert.Contains(
            "No connection to the service could be made (Connection refused",
            Assert.Single(_bench.Observer.Warnings),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_during_the_pause_is_not_sent()
    {
        RefuseUntil(60, Answer.Accepted());
        Task<ImageTask> first = _bench.SubmitAsync();
        int sent = _bench.Api.Requests.Count;

        Task<ImageTask> second = _bench.SubmitAsync();

        Assert.Equal(sent, _bench.Api.Requests.Count);
        await _bench.Clock.RunAllAsync([first, second]);
    }

    [Fact]
    public async Task After_ninety_seconds_each_further_submission_fails_immediately_until_the_service_answers()
    {
        RefuseUntil(300, Answer.Accepted());
        Assert.Equal(NanoBananaErrorKind.ConnectionFailed, (await _bench.FailToSubmitAsync()).Kind);
        TimeSpan gaveUp = _bench.Clock.Elapsed;
        Assert.InRange(gaveUp, TimeSpan.FromSeconds(90), TimeSpan.FromSeconds(106));

        Assert.Equal(NanoBananaErrorKind.ConnectionFailed, (await _bench.FailToSubmitAsync()).Kind);
        Assert.Equal(gaveUp, _bench.Clock.Elapsed);

        _bench.Clock.Run(300);
        await _bench.SubmitAsync();
        Assert.Single(_bench.Observer.Warnings);
    }

    [Fact]
    public async Task A_second_outage_is_waited_for_and_reported_again()
    {
        RefuseUntil(20, Answer.Accepted());
        await _bench.Clock.RunAsync(_bench.SubmitAsync());
        RefuseUntil(_bench.Clock.Elapsed.TotalSeconds + 20, Answer.Accepted());
        await _bench.Clock.RunAsync(_bench.SubmitAsync());

        Assert.Equal(2, _bench.Observer.Warnings.Count);
    }

    [Fact]
    public async Task Polls_of_all_waits_pause_together_until_the_outage_ends()
    {
        RefuseUntil(200, Answer.Completed());

        await _bench.Clock.RunAllAsync([.. Enumerable.Range(0, 10).Select(i => _bench.WaitAsync(_bench.CreateTask($"t{i}")))]);

        Assert.InRange(_bench.Api.Requests[^1].At, TimeSpan.FromSeconds(200), TimeSpan.FromSeconds(232));
        Assert.Single(_bench.Observer.Warnings);
    }

    [Fact]
    public async Task A_single_poll_waits_ninety_seconds()
    {
        RefuseUntil(60, Answer.Running());
        Assert.Equal(ImageTaskStatus.Running, (await _bench.Clock.RunAsync(_bench.GetAsync(_bench.CreateTask()))).Status);

        RefuseUntil(10_000, Answer.Running());
        int before = _bench.Api.Requests.Count;
        var error = await Assert.ThrowsAsync<NanoBananaException>(() => _bench.Clock.RunAsync(_bench.GetAsync(_bench.CreateTask())));

        Assert.Equal(NanoBananaErrorKind.ConnectionFailed, error.Kind);
        Assert.InRange(_bench.Api.Requests[^1].At - _bench.Api.Requests[before].At, TimeSpan.FromSeconds(90), TimeSpan.FromSeconds(107));
    }

    [Fact]
    public async Task A_submission_whose_full_time_out_does_not_fit_after_an_outage_is_not_sent()
    {
        using var bench = new TestBench(
            o => o with { OperationTimeout = TimeSpan.FromSeconds(30), SubmitTimeout = TimeSpan.FromSeconds(20) });
        bench.Api.IsDown = _ => true;

        NanoBananaException error = await bench.FailToSubmitAsync();

        Assert.Equal(NanoBananaErrorKind.ConnectionFailed, error.Kind);
        Assert.Contains("Nothing is paid for", error.Message, StringComparison.Ordinal);
        Assert.True(bench.Clock.Elapsed <= TimeSpan.FromSeconds(10));
    }

    private void RefuseUntil(double seconds, Answer answer)
    {
        _bench.Api.IsDown = at => at < TimeSpan.FromSeconds(seconds);
        _bench.Api.Otherwise = _ => answer;
    }
}
