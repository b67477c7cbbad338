using System.Globalization;

namespace NanoBanana.Client.Tests.Polling;

/// <summary>Waits that end by a deadline, by a stop or when the client is disposed.</summary>
public sealed class PollDeadlineTests : IDisposable
{
    private readonly TestBench _bench = new(o => o with { Random = () => 0.5 });

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task At_its_deadline_a_wait_ends_with_the_last_seen_task()
    {
        _bench.Api.Otherwise = _ => Answer.Json("""{"status":"processing","progress":0.1}""");

        NanoBananaException error = await TimeOutAsync(_bench.CreateTask("t1"), 60);

        Assert.Equal("t1", error.TaskId);
        Assert.Equal((ImageTaskStatus.Running, 0.1), (error.Task!.Status, error.Task.Progress!.Value));
        Assert.Contains("did not end within 60 seconds", error.Message, StringComparison.Ordinal);
        Assert.Contains("last known status is processing", error.Message, StringComparison.Ordinal);
        Assert.Contains("Wait-NanoBananaTask -Id t1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_seconds_in_the_message_are_the_same_in_every_culture()
    {
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
        _bench.Api.Otherwise = _ => Answer.Running();

        NanoBananaException error = await TimeOutAsync(_bench.CreateTask(), 1.5);

        Assert.Contains("did not end within 1.5 seconds", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_message_contains_the_last_cause()
    {
        _bench.Api.Script(Answer.Running());
        _bench.Api.Otherwise = _ => Answer.Status(502);

        NanoBananaException error = await TimeOutAsync(_bench.CreateTask(), 60);

        Assert.Contains("The last poll failed: the service answered 502", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hanging_poll_does_not_extend_the_deadline()
    {
        _bench.Api.Otherwise = _ => Answer.Silence;

        await TimeOutAsync(_bench.CreateTask(), 10);
    }

    [Fact]
    public async Task A_Retry_After_does_not_extend_the_deadline()
    {
        _bench.Api.Otherwise = _ => Answer.Status(429).With("Retry-After", "2147483647");

        await TimeOutAsync(_bench.CreateTask(), 60);

        Assert.Single(_bench.Api.Requests);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.3)]
    public async Task A_deadline_before_the_first_poll_applies(double seconds) => await TimeOutAsync(_bench.CreateTask(), seconds);

    [Theory]
    [InlineData(1, 0.5)]
    [InlineData(4, 3)]
    [InlineData(60, 59)]
    [InlineData(600, 599)]
    public async Task The_last_poll_is_shortly_before_the_deadline(double seconds, double last)
    {
        _bench.Api.Otherwise = _ => Answer.Running();
        await TimeOutAsync(_bench.CreateTask("scout"), 0.2);
        TimeSpan start = _bench.Clock.Elapsed;

        await TimeOutAsync(_bench.CreateTask("t1"), seconds);

        Assert.Equal(last, (_bench.Api.Requests[^1].At - start).TotalSeconds, 0.11);
        Assert.EndsWith("/t1", _bench.Api.Requests[^1].Address, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_task_that_ends_just_before_the_deadline_is_returned()
    {
        _bench.Api.Otherwise = r => r.At > TimeSpan.FromSeconds(595) ? Answer.Completed() : Answer.Running().RetryAfter(3600);

        Assert.Equal(ImageTaskStatus.Completed, (await _bench.Clock.RunAsync(_bench.WaitAsync(_bench.CreateTask(), 600))).Status);
    }

    [Fact]
    public async Task A_wait_can_last_weeks()
    {
        _bench.Api.Script(Answer.Running().With("Retry-After", "2147483647"), Answer.Completed());
        using var stop = new CancellationTokenSource();

        Task<ImageTask> wait = _bench.Client.WaitAsync(_bench.CreateTask(), TimeSpan.MaxValue, _bench.Observer, stop.Token);
        _bench.Clock.Run(1_000, step: 10);
        Assert.False(wait.IsCompleted);

        FakeClock.Inline(stop.Cancel);
        Assert.True(wait.IsCanceled);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
    }

    [Fact]
    public async Task A_stop_ends_a_wait_between_two_polls()
    {
        using var stop = new CancellationTokenSource();
        _bench.Api.Otherwise = _ => Answer.Running();
        Task<ImageTask> wait = _bench.WaitAsync(_bench.CreateTask(), stop: stop.Token);
        _bench.Clock.Run(1);
        Assert.Single(_bench.Api.Requests);

        FakeClock.Inline(stop.Cancel);

        Assert.True(wait.IsCanceled);
        _bench.Clock.Run(30);
        Assert.Single(_bench.Api.Requests);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
    }

    [Fact]
    public async Task A_stop_ends_a_wait_during_a_poll()
    {
        using var stop = new CancellationTokenSource();
        _bench.Api.Script(Answer.Silence);
        _bench.Api.Otherwise = _ => Answer.Completed();
        Task<ImageTask> wait = _bench.WaitAsync(_bench.CreateTask("t1"), stop: stop.Token);
        _bench.Clock.Run(2);
        Assert.Single(_bench.Api.Requests);

        FakeClock.Inline(stop.Cancel);

        Assert.True(wait.IsCanceled);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
        Assert.Equal("t2", (await _bench.Clock.RunAsync(_bench.WaitAsync(_bench.CreateTask("t2")))).Id);
    }

    [Fact]
    public async Task A_stop_before_the_wait_sends_no_request()
    {
        using var stop = new CancellationTokenSource();
        FakeClock.Inline(stop.Cancel);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _bench.WaitAsync(_bench.CreateTask(), stop: stop.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _bench.GetAsync(_bench.CreateTask(), stop.Token));
        Assert.Empty(_bench.Api.Requests);
    }

    [Fact]
    public async Task Disposing_the_client_ends_every_wait()
    {
        var held = new DelayedAnswer();
        _bench.Api.Script(held.Answer);
        Task<ImageTask> polling = _bench.WaitAsync(_bench.CreateTask("t1"));
        _bench.Clock.Run(2);
        Task<ImageTask> sleeping = _bench.WaitAsync(_bench.CreateTask("t2"));
        await held.Arrived;

        _bench.Client.Dispose();
        held.Release(Answer.Running());

        foreach (Task<ImageTask> wait in new[] { polling, sleeping, _bench.WaitAsync(_bench.CreateTask("t3")) })
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    private async Task<NanoBananaException> TimeOutAsync(ImageTask task, double seconds)
    {
        TimeSpan start = _bench.Clock.Elapsed;
        var error = await Assert.ThrowsAsync<NanoBananaException>(() => _bench.Clock.RunAsync(_bench.WaitAsync(task, seconds)));
        Assert.Equal(NanoBananaErrorKind.TaskTimeout, error.Kind);
        Assert.InRange((_bench.Clock.Elapsed - start).TotalSeconds, seconds - 0.01, seconds + 0.25);
        return error;
    }
}
