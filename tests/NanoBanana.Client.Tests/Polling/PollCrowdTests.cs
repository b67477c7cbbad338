namespace NanoBanana.Client.Tests.Polling;

/// <summary>Many waits at once.</summary>
public sealed class PollCrowdTests
{
    [Fact]
    public async Task A_thousand_waits_poll_thirty_two_at_once()
    {
        using var bench = new Bench(o => o with { Random = () => 0.5 });
        HeldAnswer[] held = [.. Enumerable.Range(0, 1000).Select(_ => new HeldAnswer())];
        bench.Api.Script([.. held.Select(h => h.Answer)]);
        Task<ImageTask>[] waits = [.. Enumerable.Range(0, 1000).Select(i => bench.WaitAsync(bench.Fresh($"t{i}")))];

        bench.Clock.Run(3);
        for (int released = 0; released < 1000; released++)
        {
            await held[Math.Min(released + 31, 999)].Arrived;
            Assert.Equal(Math.Min(released + 32, 1000), bench.Api.Requests.Count);
            held[released].Release(Answer.Completed());
        }

        ImageTask[] tasks = await Task.WhenAll(waits).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.All(tasks, t => Assert.Equal(ImageTaskStatus.Completed, t.Status));
        Assert.Equal(1000, bench.Api.Requests.Select(r => r.Address).Distinct().Count());
    }

    [Fact]
    public async Task One_task_that_hangs_does_not_hold_up_the_others()
    {
        using var bench = new Bench(o => o with { Random = () => 0.5 });
        bench.Api.Otherwise = r => r.Address.EndsWith("/slow", StringComparison.Ordinal) ? Answer.Silence : Answer.Completed();
        using var stop = new CancellationTokenSource();
        Task<ImageTask> slow = bench.WaitAsync(bench.Fresh("slow"), stop: stop.Token);

        await bench.Clock.RunAllAsync([.. Enumerable.Range(0, 100).Select(i => bench.WaitAsync(bench.Fresh($"t{i}")))]);

        Assert.True(bench.Clock.Elapsed < TimeSpan.FromSeconds(2));
        Assert.False(slow.IsCompleted);
        stop.Cancel();
        Assert.True(slow.IsCanceled);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => slow);
    }

    [Fact]
    public async Task Each_wait_has_its_own_deadline()
    {
        using var bench = new Bench(o => o with { Random = () => 0.5 });
        bench.Api.Otherwise = r => r.At > TimeSpan.FromSeconds(30) ? Answer.Completed() : Answer.Running();

        Task<ImageTask> hasty = bench.WaitAsync(bench.Fresh("t1"), seconds: 10);
        Task<ImageTask> patient = bench.WaitAsync(bench.Fresh("t2"), seconds: 60);

        Assert.Equal(ImageTaskStatus.Completed, (await bench.Clock.RunAsync(patient)).Status);
        Assert.Equal(NanoBananaErrorKind.TaskTimeout, (await Assert.ThrowsAsync<NanoBananaException>(() => hasty)).Kind);
    }

    [Fact]
    public async Task After_a_pause_of_the_gate_polls_come_spread_over_a_second()
    {
        var random = new Random(7);
        using var bench = new Bench(o => o with { Random = random.NextDouble });
        bench.Api.Script(Answer.Status(429).RetryAfter(30));
        bench.Api.Otherwise = _ => Answer.Completed();

        await bench.Clock.RunAllAsync([.. Enumerable.Range(0, 100).Select(i => bench.WaitAsync(bench.Fresh($"t{i}")))], step: 0.01);

        SeenRequest[] later = [.. bench.Api.Requests.Skip(1)];
        Assert.Equal(100, later.Length);
        Assert.All(later, r => Assert.True(r.At >= TimeSpan.FromSeconds(30)));
        Assert.True(later.GroupBy(r => r.At).Max(g => g.Count()) < 15);
    }
}
