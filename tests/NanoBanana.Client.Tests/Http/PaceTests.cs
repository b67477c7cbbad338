namespace NanoBanana.Client.Tests.Http;

/// <summary>A limit of submissions per minute: evenly spaced, in order, combined with pauses of the service.</summary>
public sealed class PaceTests : IDisposable
{
    private readonly List<TestBench> _benches = [];

    public void Dispose() => _benches.ForEach(bench => bench.Dispose());

    private TestBench CreateBench(int requestsPerMinute)
    {
        var bench = new TestBench(options => options with { RequestsPerMinute = requestsPerMinute });
        _benches.Add(bench);
        bench.Api.Otherwise = _ => Answer.Accepted();
        return bench;
    }

    private static IEnumerable<double> Seconds(TestBench bench) =>
        bench.Api.Requests.Select(request => Math.Round(request.At.TotalSeconds));

    [Fact]
    public async Task Submissions_are_spread_over_the_minute_instead_of_sent_in_a_burst()
    {
        TestBench bench = CreateBench(6);
        await bench.Clock.RunAllAsync([.. Enumerable.Range(0, 5).Select(i => bench.SubmitAsync($"prompt {i}"))]);

        Assert.Equal([0, 10, 20, 30, 40], Seconds(bench));
        Assert.Equal(
            Enumerable.Range(0, 5), bench.Api.Bodies.Select(body => body[body.IndexOf("prompt ", StringComparison.Ordinal) + 7] - '0'));
    }

    [Fact]
    public async Task A_submission_after_an_idle_time_is_sent_immediately()
    {
        TestBench bench = CreateBench(6);
        await bench.SubmitAsync();
        bench.Clock.Step(300);
        await bench.SubmitAsync();
        Assert.Equal(2, bench.Api.Requests.Count);
    }

    [Fact]
    public async Task Polls_do_not_count_toward_the_limit()
    {
        TestBench bench = CreateBench(1);
        await bench.SubmitAsync();
        bench.Api.Script(Answer.Completed());
        await bench.GetAsync(bench.CreateTask());
        Assert.Equal(2, bench.Api.Requests.Count);
    }

    [Fact]
    public async Task Submissions_that_waited_out_a_pause_are_spread_after_it()
    {
        TestBench bench = CreateBench(6);
        bench.Api.Script(Answer.Accepted(), Answer.Status(429).RetryAfter(60));
        await bench.Clock.RunAllAsync([.. Enumerable.Range(0, 4).Select(i => bench.SubmitAsync($"prompt {i}"))]);

        double[] at = [.. Seconds(bench)];
        Assert.Equal((5, 0, 10), (at.Length, at[0], at[1]));
        Assert.True(at[2] >= 70);
        Assert.All(at.Zip(at.Skip(1)), pair => Assert.True(pair.Second - pair.First >= 10));
    }

    [Fact]
    public async Task A_submission_whose_turn_comes_too_late_fails_immediately_and_is_not_sent()
    {
        TestBench bench = CreateBench(1);
        Task<ImageTask>[] submits = [.. Enumerable.Range(0, 20).Select(i => bench.SubmitAsync($"prompt {i}"))];

        NanoBananaException[] errors =
            [.. submits.Where(submit => submit.IsFaulted).Select(submit => (NanoBananaException)submit.Exception!.InnerException!)];
        Assert.All(errors, error => Assert.Equal(NanoBananaErrorKind.RateLimited, error.Kind));
        Assert.Contains("-RequestsPerMinute", errors[0].Message, StringComparison.Ordinal);
        await bench.Clock.RunAllAsync([.. submits.Where(submit => !submit.IsFaulted)]);
        Assert.Equal(20 - errors.Length, bench.Api.Requests.Count);
        Assert.True(bench.Api.Requests[^1].At < TimeSpan.FromMinutes(10));
    }

    [Fact]
    public async Task All_parallel_submissions_are_sent_even_at_a_slow_pace()
    {
        TestBench bench = CreateBench(1);
        int throttle = bench.Client.ThrottleOf(16);
        var waiting = new List<Task<ImageTask>>();
        for (int i = 0; i < 40; i++)
        {
            if (waiting.Count == throttle)
            {
                await bench.Clock.RunAsync(waiting[0], step: 1);
                waiting.RemoveAt(0);
            }
            waiting.Add(bench.SubmitAsync($"prompt {i}"));
        }
        await bench.Clock.RunAllAsync(waiting, step: 1);

        Assert.Equal(40, bench.Api.Requests.Count);
        Assert.Equal(16, CreateBench(600).Client.ThrottleOf(16));
    }

    [Fact]
    public async Task A_stopped_submission_passes_its_turn_to_the_next()
    {
        TestBench bench = CreateBench(6);
        using var stop = new CancellationTokenSource();
        await bench.SubmitAsync();
        Task<ImageTask>[] stopped = [bench.SubmitAsync("stopped", stop.Token), bench.SubmitAsync("stopped", stop.Token)];
        Task<ImageTask> next = bench.SubmitAsync("next");

        stop.Cancel();
        foreach (Task<ImageTask> one in stopped)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => one);
        await bench.Clock.RunAsync(next);

        Assert.Equal([0, 10], Seconds(bench));
    }

    [Fact]
    public async Task A_too_long_pause_fails_all_waiting_submissions()
    {
        TestBench bench = CreateBench(6);
        bench.Api.Script(Answer.Status(429).RetryAfter(3600));
        Task<ImageTask>[] submits = [.. Enumerable.Range(0, 4).Select(i => bench.SubmitAsync($"prompt {i}"))];
        bench.Clock.Step(11);

        Assert.All(submits, submit => Assert.True(submit.IsFaulted));
        Assert.Single(bench.Api.Requests);
        await Task.WhenAll(submits.Select(submit => Assert.ThrowsAsync<NanoBananaException>(() => submit)));
    }
}
