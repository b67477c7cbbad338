using NanoBanana.Client.Tests.Queue;

namespace NanoBanana.Client.Tests.Polling;

/// <summary>
/// A process that is suspended past the deadline of a wait by laptop sleep or SIGSTOP. One step of the clock simulates it.
/// </summary>
public sealed class SuspendTests : IDisposable
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);

    private readonly TestBench _bench = new(o => o with { Random = () => 0.5 });

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData(60)]
    [InlineData(60.5)]
    [InlineData(10_000)]
    public async Task A_task_that_completed_during_a_suspend_past_the_deadline_is_returned(double wake)
    {
        _bench.Api.Otherwise = r => r.At.TotalSeconds < 30 ? Answer.Running() : Answer.Completed();
        Task<ImageTask> wait = _bench.WaitAsync(_bench.CreateTask(), 60);

        _bench.Clock.Step(wake);

        Assert.Equal(ImageTaskStatus.Completed, (await wait.WaitAsync(Guard)).Status);
        Assert.Equal(2, _bench.Api.Requests.Count);
    }

    [Fact]
    public async Task A_task_that_still_runs_after_a_suspend_past_the_deadline_times_out_after_one_poll()
    {
        _bench.Api.Otherwise = _ => Answer.Running();
        Task<ImageTask> wait = _bench.WaitAsync(_bench.CreateTask(), 60);

        _bench.Clock.Step(10_000);

        var error = await Assert.ThrowsAsync<NanoBananaException>(() => wait.WaitAsync(Guard));
        Assert.Equal(NanoBananaErrorKind.TaskTimeout, error.Kind);
        Assert.Contains("within 60 seconds", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, _bench.Api.Requests.Count);
    }

    [Fact]
    public async Task A_last_poll_that_fails_after_a_suspend_is_not_repeated()
    {
        _bench.Api.Otherwise = r => r.At.TotalSeconds < 30 ? Answer.Running() : Answer.Status(502);
        Task<ImageTask> wait = _bench.WaitAsync(_bench.CreateTask(), 60);

        _bench.Clock.Step(10_000);

        var error = await Assert.ThrowsAsync<NanoBananaException>(() => wait.WaitAsync(Guard));
        Assert.Contains("the service answered 502", error.Message, StringComparison.Ordinal);
        _bench.Clock.Run(60);
        Assert.Equal(2, _bench.Api.Requests.Count);
    }

    [Fact]
    public async Task A_last_poll_without_an_answer_ends_after_its_own_time_out()
    {
        _bench.Api.Otherwise = r => r.At.TotalSeconds < 30 ? Answer.Running() : Answer.Silence;
        Task<ImageTask> wait = _bench.WaitAsync(_bench.CreateTask(), 60);
        _bench.Clock.Step(10_000);

        _bench.Clock.Run(29);
        Assert.False(wait.IsCompleted);
        _bench.Clock.Run(2);

        await Assert.ThrowsAsync<NanoBananaException>(() => wait.WaitAsync(Guard));
        Assert.Equal(2, _bench.Api.Requests.Count);
    }

    [Fact]
    public async Task A_poll_in_flight_during_a_suspend_is_followed_by_one_last_poll()
    {
        _bench.Api.Script(Answer.Silence);
        _bench.Api.Otherwise = _ => Answer.Completed();
        Task<ImageTask> wait = _bench.WaitAsync(_bench.CreateTask(), 60);

        _bench.Clock.Step(10_000);

        Assert.Equal(ImageTaskStatus.Completed, (await wait.WaitAsync(Guard)).Status);
        Assert.Equal(2, _bench.Api.Requests.Count);
    }

    [Fact]
    public async Task Five_hundred_waits_each_get_one_last_poll()
    {
        _bench.Api.Otherwise = r => r.At.TotalSeconds < 30 ? Answer.Running() : Answer.Completed();
        Task<ImageTask>[] waits = [.. Enumerable.Range(0, 500).Select(i => _bench.WaitAsync(_bench.CreateTask($"t{i}"), 60))];
        int before = _bench.Api.Requests.Count;

        _bench.Clock.Step(10_000);

        ImageTask[] tasks = await Task.WhenAll(waits).WaitAsync(Guard);
        Assert.All(tasks, task => Assert.Equal(ImageTaskStatus.Completed, task.Status));
        Assert.Equal(before + 500, _bench.Api.Requests.Count);
    }

    [Fact]
    public async Task Waits_without_a_free_poll_after_a_suspend_end_in_bounded_time()
    {
        _bench.Api.Otherwise = _ => Answer.Silence;
        Task<ImageTask>[] waits = [.. Enumerable.Range(0, 200).Select(i => _bench.WaitAsync(_bench.CreateTask($"t{i}"), 60))];
        _bench.Clock.Step(10_000);

        _bench.Clock.Run(61);

        Assert.All(waits, wait => Assert.True(wait.IsCompleted));
        foreach (Task<ImageTask> wait in waits)
            Assert.Equal(NanoBananaErrorKind.TaskTimeout, (await Assert.ThrowsAsync<NanoBananaException>(() => wait)).Kind);
    }

    [Fact]
    public async Task After_a_suspend_the_queue_dialect_requests_status_and_result()
    {
        using var bench = new TestBench(options => options with { Protocol = ApiProtocol.Queue, Random = () => 0.5 });
        bench.Api.Script(QueueAnswer.InProgress(), QueueAnswer.Completed(), QueueAnswer.Result());
        ImageTask task = bench.CreateTask(QueueAnswer.Id) with { Model = "nano_banana_2", Protocol = ApiProtocol.Queue };
        Task<ImageTask> wait = bench.WaitAsync(task, 60);

        bench.Clock.Step(10_000);

        Assert.Single((await wait.WaitAsync(Guard)).Image);
        Assert.Equal(
            [QueueAnswer.StatusAddress, QueueAnswer.StatusAddress, QueueAnswer.ResultAddress], bench.Api.Requests.Select(r => r.Address));
    }
}
