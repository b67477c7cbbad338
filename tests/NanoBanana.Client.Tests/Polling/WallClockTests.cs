namespace NanoBanana.Client.Tests.Polling;

/// <summary>Waiting uses measured time. Changes of the wall clock do not affect it.</summary>
public sealed class WallClockTests : IDisposable
{
    private readonly TestBench _bench = new(o => o with { Random = () => 0.5 });

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData(-2)]
    [InlineData(2)]
    public async Task Setting_the_clock_during_a_wait_does_not_move_a_poll_or_the_deadline(int hours)
    {
        _bench.Api.Otherwise = _ => Answer.Running();
        Task<ImageTask> wait = _bench.WaitAsync(_bench.CreateTask(), seconds: 60);
        _bench.Clock.Run(5);

        _bench.Clock.WallError = TimeSpan.FromHours(hours);
        int before = _bench.Api.Requests.Count;
        _bench.Clock.Run(54);
        Assert.False(wait.IsCompleted);
        Assert.True(_bench.Api.Requests.Count > before + 5);

        var error = await Assert.ThrowsAsync<NanoBananaException>(() => _bench.Clock.RunAsync(wait));
        Assert.Equal(NanoBananaErrorKind.TaskTimeout, error.Kind);
        Assert.InRange(_bench.Clock.Elapsed, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(60.2));
    }

    [Theory]
    [InlineData("1775831525")]
    [InlineData("\"2099-01-01T00:00:00Z\"")]
    [InlineData("253402300799")]
    [InlineData("1")]
    public async Task A_task_created_in_the_past_or_the_future_is_polled_soon(string createdAt)
    {
        _bench.Api.Script(Answer.Json($$"""{"id":"t1","status":"in_progress","created_at":{{createdAt}}}"""), Answer.Completed());

        ImageTask known = await _bench.GetAsync(_bench.Client.TaskById("t1", _bench.Observer));
        Assert.True(known.Elapsed >= TimeSpan.Zero);
        TimeSpan start = _bench.Clock.Elapsed;
        await _bench.Clock.RunAsync(_bench.WaitAsync(known));

        Assert.True(_bench.Api.Requests[1].At - start < TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task A_running_task_created_in_the_future_is_polled_repeatedly()
    {
        Answer running = Answer.Json("""{"id":"t1","status":"in_progress","created_at":"2099-01-01T00:00:00Z","progress":0.5}""");
        _bench.Api.Script([.. Enumerable.Repeat(running, 5), Answer.Completed()]);

        await _bench.Clock.RunAsync(_bench.WaitAsync(_bench.Client.TaskById("t1", _bench.Observer)));

        Assert.True(_bench.Api.Requests[^1].At < TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_completion_before_the_creation_is_an_elapsed_time_of_zero()
    {
        _bench.Api.Script(Answer.Json("""{"status":"completed","created_at":1775831525,"completed_at":1775831500}"""));

        Assert.Equal(TimeSpan.Zero, (await _bench.GetAsync(_bench.Client.TaskById("t1", _bench.Observer))).Elapsed);
    }
}
