namespace NanoBanana.Client.Tests.Submitting;

/// <summary>A stop ends submissions that were not sent. Those in flight run to their answer because they may have been accepted.</summary>
public sealed class SubmitStopTests : IDisposable
{
    private readonly TestBench _bench = new();
    private readonly CancellationTokenSource _stop = new();

    public void Dispose()
    {
        _stop.Dispose();
        _bench.Dispose();
    }

    [Fact]
    public async Task A_stop_before_sending_sends_no_request()
    {
        FakeClock.Inline(_stop.Cancel);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _bench.SubmitAsync(stop: _stop.Token));

        Assert.Empty(_bench.Api.Requests);
    }

    [Fact]
    public async Task A_stop_in_flight_still_waits_for_the_answer()
    {
        var held = new DelayedAnswer();
        _bench.Api.Script(held.Answer);
        Task<ImageTask> submit = _bench.SubmitAsync(stop: _stop.Token);
        await held.Arrived;

        FakeClock.Inline(_stop.Cancel);
        Assert.False(submit.IsCompleted);
        held.Release(Answer.Accepted("t1"));

        Assert.Equal("t1", (await submit).Id);
    }

    [Fact]
    public async Task A_stop_in_flight_with_a_lost_answer_is_unknown()
    {
        var held = new DelayedAnswer();
        _bench.Api.Script(held.Answer);
        Task<ImageTask> submit = _bench.SubmitAsync(stop: _stop.Token);
        await held.Arrived;

        FakeClock.Inline(_stop.Cancel);
        held.Release(Answer.Reset);

        var error = await Assert.ThrowsAsync<NanoBananaException>(() => submit);
        Assert.Equal(NanoBananaErrorKind.SubmissionUnknown, error.Kind);
        Assert.Single(_bench.Api.Requests);
    }

    [Fact]
    public async Task A_stop_in_flight_with_a_429_is_not_retried()
    {
        var held = new DelayedAnswer();
        _bench.Api.Script(held.Answer);
        Task<ImageTask> submit = _bench.SubmitAsync(stop: _stop.Token);
        await held.Arrived;

        FakeClock.Inline(_stop.Cancel);
        held.Release(Answer.Status(429));

        Exception? error = await Record.ExceptionAsync(() => submit);
        Assert.True(error is OperationCanceledException or NanoBananaException { Kind: NanoBananaErrorKind.RateLimited }, $"{error}");
        Assert.Single(_bench.Api.Requests);
    }

    [Fact]
    public async Task A_stop_between_two_attempts_ends_immediately()
    {
        _bench.Api.Script(Answer.Status(503).RetryAfter(300));
        Task<ImageTask> submit = _bench.SubmitAsync(stop: _stop.Token);

        FakeClock.Inline(_stop.Cancel);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => submit);
        Assert.Single(_bench.Api.Requests);
        Assert.Equal(TimeSpan.Zero, _bench.Clock.Elapsed);
    }
}
