using NanoBanana.Client.Polling;
using NanoBanana.Lab.Polls;

namespace NanoBanana.Client.Tests.Polling;

/// <summary>Many parallel waits.</summary>
public sealed class ManyWaitsTests
{
    [Fact]
    public async Task A_thousand_waits_poll_at_most_thirty_two_in_parallel()
    {
        using var bench = new TestBench(o => o with { Random = () => 0.5 });
        DelayedAnswer[] held = [.. Enumerable.Range(0, 1000).Select(_ => new DelayedAnswer())];
        bench.Api.Script([.. held.Select(h => h.Answer)]);
        Task<ImageTask>[] waits = [.. Enumerable.Range(0, 1000).Select(i => bench.WaitAsync(bench.CreateTask($"t{i}")))];

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
    public async Task One_hanging_task_does_not_delay_the_others()
    {
        using var bench = new TestBench(o => o with { Random = () => 0.5 });
        bench.Api.Otherwise = r => r.Address.EndsWith("/slow", StringComparison.Ordinal) ? Answer.Silence : Answer.Completed();
        using var stop = new CancellationTokenSource();
        Task<ImageTask> slow = bench.WaitAsync(bench.CreateTask("slow"), stop: stop.Token);

        await bench.Clock.RunAllAsync([.. Enumerable.Range(0, 100).Select(i => bench.WaitAsync(bench.CreateTask($"t{i}")))]);

        Assert.True(bench.Clock.Elapsed < TimeSpan.FromSeconds(3));
        Assert.False(slow.IsCompleted);
        FakeClock.Inline(stop.Cancel);
        Assert.True(slow.IsCanceled);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => slow);
    }

    [Fact]
    public async Task Each_wait_has_its_own_deadline()
    {
        using var bench = new TestBench(o => o with { Random = () => 0.5 });
        bench.Api.Otherwise = r => r.At > TimeSpan.FromSeconds(30) ? Answer.Completed() : Answer.Running();

        Task<ImageTask> hasty = bench.WaitAsync(bench.CreateTask("t1"), seconds: 10);
        Task<ImageTask> patient = bench.WaitAsync(bench.CreateTask("t2"), seconds: 60);

        Assert.Equal(ImageTaskStatus.Completed, (await bench.Clock.RunAsync(patient)).Status);
        Assert.Equal(NanoBananaErrorKind.TaskTimeout, (await Assert.ThrowsAsync<NanoBananaException>(() => hasty)).Kind);
    }

    [Fact]
    public async Task After_a_pause_polls_are_spread_over_a_second()
    {
        var random = new Random(7);
        using var bench = new TestBench(o => o with { Random = random.NextDouble });
        bench.Api.Script(Answer.Status(429).RetryAfter(30));
        bench.Api.Otherwise = _ => Answer.Completed();

        await bench.Clock.RunAllAsync([.. Enumerable.Range(0, 100).Select(i => bench.WaitAsync(bench.CreateTask($"t{i}")))], step: 0.01);

        RecordedRequest[] later = [.. bench.Api.Requests.Skip(1)];
        Assert.Equal(100, later.Length);
        Assert.All(later, r => Assert.True(r.At >= TimeSpan.FromSeconds(30)));
        Assert.True(later.GroupBy(r => r.At).Max(g => g.Count()) < 15);
    }

    [Fact]
    public void Many_running_tasks_are_polled_no_faster_than_the_budget()
    {
        var crowd = new CrowdStudy([.. Enumerable.Repeat(1e9, 1_500)], length: 90, seed: 7);

        Assert.True(crowd.MostIn(1) <= PollLimiter.Capacity + PollLimiter.TokensPerSecond + 1);
        Assert.Equal(PollLimiter.TokensPerSecond, crowd.Polls.Count(p => p >= 30) / 60.0, 0.5);
        Assert.InRange(crowd.LongestSilence, 30, 90);
    }

    [Fact]
    public void Many_running_tasks_are_polled_in_groups()
    {
        var crowd = new CrowdStudy([.. Enumerable.Repeat(1e9, 1_500)], length: 90, seed: 7);

        double[] moments = [.. crowd.Polls.Where(p => p >= 30).Distinct()];

        Assert.Equal(PollLimiter.TokensPerSecond / PollLimiter.BatchSize, moments.Length / 60.0, 0.2);
    }

    [Fact]
    public void Many_tasks_that_end_together_are_detected_as_fast_as_answers_arrive()
    {
        var crowd = new CrowdStudy([.. Enumerable.Repeat(60.0, 1_500)], length: 100, seed: 7);

        Assert.Equal(1_500, crowd.Delays.Count);
        Assert.True(crowd.Delays.Max() < 6);
    }

    [Fact]
    public void Tasks_that_never_end_do_not_delay_those_that_do()
    {
        var random = new Random(7);
        Distribution law = Distribution.Lognormal(20, 0.5);
        var crowd = new CrowdStudy(
            [.. Enumerable.Repeat(1e9, 1_000), .. Enumerable.Range(0, 300).Select(_ => law.Draw(random))], length: 200, seed: 7);

        Assert.Equal(300, crowd.Delays.Count);
        Assert.True(crowd.Delays.Average() < 15);
    }

    [Fact]
    public async Task After_one_task_ends_quickly_the_others_are_polled_immediately()
    {
        using var bench = new TestBench(o => o with { Random = () => 0.5 });
        var scout = new DelayedAnswer();
        bench.Api.Script(scout.Answer);
        bench.Api.Otherwise = _ => Answer.Completed();
        Task<ImageTask>[] waits = [.. Enumerable.Range(0, 50).Select(i => bench.WaitAsync(bench.CreateTask($"t{i}")))];
        await scout.Arrived;
        Assert.Single(bench.Api.Requests);

        scout.Release(Answer.Completed());

        await Task.WhenAll(waits).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(TimeSpan.Zero, bench.Clock.Elapsed);
        Assert.Equal(50, bench.Api.Requests.Count);
    }

    [Fact]
    public async Task Two_thousand_ended_tasks_take_one_poll_each_and_no_time()
    {
        using var bench = new TestBench(o => o with { Random = () => 0.5 });
        bench.Api.Otherwise = _ => Answer.Completed();

        for (int i = 0; i < 2_000; i++)
            await bench.WaitAsync(bench.CreateTask($"t{i}"));

        Assert.Equal(TimeSpan.Zero, bench.Clock.Elapsed);
        Assert.Equal(2_000, bench.Api.Requests.Count);
    }

    [Fact]
    public async Task A_wait_past_its_deadline_ends_even_if_all_polls_hang()
    {
        using var bench = new TestBench(o => o with { Random = () => 0.5 });
        bench.Api.Otherwise = _ => Answer.Silence;
        Task<ImageTask>[] hanging = [.. Enumerable.Range(0, 32).Select(i => bench.WaitAsync(bench.CreateTask($"t{i}")))];
        bench.Clock.Run(4);
        Assert.Equal(32, bench.Api.Requests.Count);
        Task<ImageTask> hasty = bench.WaitAsync(bench.CreateTask("hasty"), seconds: 5);

        bench.Clock.Run(5.1);

        Assert.Equal(NanoBananaErrorKind.TaskTimeout, (await Assert.ThrowsAsync<NanoBananaException>(() => hasty)).Kind);
        Assert.DoesNotContain(hanging, wait => wait.IsCompleted);
    }

    [Fact]
    public void A_wait_uses_less_than_two_kilobytes()
    {
        using var bench = new TestBench(o => o with { Random = () => 0.5 });
        bench.Api.Otherwise = _ => Answer.Running();
        ImageTask[] tasks = [.. Enumerable.Range(0, 2_000).Select(i => bench.CreateTask($"t{i}"))];
        using var stop = new CancellationTokenSource();
        _ = bench.WaitAsync(tasks[0], stop: stop.Token);

        long before = GC.GetAllocatedBytesForCurrentThread();
        foreach (ImageTask task in tasks.Skip(1))
            _ = bench.WaitAsync(task, stop: stop.Token);

        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 2_000, 1, 2_048);
    }
}
