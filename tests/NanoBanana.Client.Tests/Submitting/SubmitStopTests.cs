namespace NanoBanana.Client.Tests.Submitting;

/// <summary>Stopping stops what has not left; what has left is seen through, because it may have been bought.</summary>
public sealed class SubmitStopTests : IDisposable
{
    private readonly Bench _bench = new();
    private readonly CancellationTokenSource _stop = new();

    public void Dispose()
    {
        _stop.Dispose();
        _bench.Dispose();
    }

    [Fact]
    public async Task Stopped_before_it_left_nothing_is_sent()
    {
        Clock.Inline(_stop.Cancel);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _bench.SubmitAsync(stop: _stop.Token));

        Assert.Empty(_bench.Api.Requests);
    }

    [Fact]
    public async Task Stopped_on_its_way_it_runs_to_its_answer()
    {
        var held = new HeldAnswer();
        _bench.Api.Script(held.Answer);
        Task<ImageTask> submit = _bench.SubmitAsync(stop: _stop.Token);
        await held.Arrived;

        Clock.Inline(_stop.Cancel);
        Assert.False(submit.IsCompleted);
        held.Release(Answer.Accepted("t1"));

        Assert.Equal("t1", (await submit).Id);
    }

    [Fact]
    public async Task Stopped_on_its_way_a_lost_answer_is_still_an_unknown_fate()
    {
        var held = new HeldAnswer();
        _bench.Api.Script(held.Answer);
        Task<ImageTask> submit = _bench.SubmitAsync(stop: _stop.Token);
        await held.Arrived;

        Clock.Inline(_stop.Cancel);
        held.Release(Answer.Reset);

        var error = await Assert.ThrowsAsync<NanoBananaException>(() => submit);
        Assert.Equal(NanoBananaErrorKind.SubmissionUnknown, error.Kind);
        Assert.Single(_bench.Api.Requests);
    }

    [Fact]
    public async Task Stopped_on_its_way_a_429_is_not_sent_again()
    {
        var held = new HeldAnswer();
        _bench.Api.Script(held.Answer);
        Task<ImageTask> submit = _bench.SubmitAsync(stop: _stop.Token);
        await held.Arrived;

        Clock.Inline(_stop.Cancel);
        held.Release(Answer.Status(429));

        Exception? error = await Record.ExceptionAsync(() => submit);
        Assert.True(error is OperationCanceledException or NanoBananaException { Kind: NanoBananaErrorKind.RateLimited }, $"{error}");
        Assert.Single(_bench.Api.Requests);
    }

    [Fact]
    public async Task Stopped_between_two_tries_it_ends_at_once()
    {
        _bench.Api.Script(Answer.Status(503).RetryAfter(300));
        Task<ImageTask> submit = _bench.SubmitAsync(stop: _stop.Token);

        Clock.Inline(_stop.Cancel);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => submit);
        Assert.Single(_bench.Api.Requests);
        Assert.Equal(TimeSpan.Zero, _bench.Clock.Elapsed);
    }
}
