namespace NanoBanana.Client.Tests.Polling;

/// <summary>An exception of the poller itself reaches all waits, so each wait ends.</summary>
public sealed class PollerDefectTests : IDisposable
{
    private readonly TestBench _bench;
    private bool _isBroken;

    public PollerDefectTests() =>
        _bench = new TestBench(o => o with { Random = () => _isBroken ? throw new InvalidOperationException("defect") : 0.5 });

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task A_defect_in_the_schedule_after_a_poll_ends_the_wait_with_its_exception()
    {
        _bench.Api.Otherwise = _ =>
        {
            _isBroken = true;
            return Answer.Running();
        };

        var error = await Assert.ThrowsAsync<InvalidOperationException>(
            () => _bench.Clock.RunAsync(_bench.WaitAsync(_bench.CreateTask()), steps: 100));

        Assert.Equal("defect", error.Message);
    }

    [Fact]
    public async Task A_defect_while_polls_are_started_ends_every_wait_with_its_exception()
    {
        _bench.Api.Script(Answer.Status(429).RetryAfter(30));
        Task<ImageTask>[] waits = [.. new[] { "t1", "t2", "t3" }.Select(id => _bench.WaitAsync(_bench.CreateTask(id)))];
        _isBroken = true;

        _bench.Clock.Run(35);

        foreach (Task<ImageTask> wait in waits)
            await Assert.ThrowsAsync<InvalidOperationException>(() => wait.WaitAsync(TimeSpan.FromSeconds(30)));
    }
}
