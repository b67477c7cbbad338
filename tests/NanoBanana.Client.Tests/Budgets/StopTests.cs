using NanoBanana.Client.Http;
using NanoBanana.Client.Journal;
using NanoBanana.Client.Purchases;
using NanoBanana.Client.Tests.Journal;

namespace NanoBanana.Client.Tests.Budgets;

/// <summary>A stop ends the started runs of a batch in every process, and no other runs.</summary>
public class StopTests : BudgetTest
{
    private readonly SettableClock _clock = new(DateTimeOffset.UnixEpoch.AddYears(56));

    [Fact]
    public async Task A_stop_ends_started_runs_but_not_later_ones()
    {
        TaskJournal journal = Open(_clock), other = Open(_clock);
        var started = new RunBudget("a", _clock.Now);
        _clock.Now += TimeSpan.FromMinutes(1);

        await other.StopAsync("b", null);
        _clock.Now += TimeSpan.FromMinutes(1);

        var error = await Assert.ThrowsAsync<NanoBananaException>(() => ClaimAsync(journal, started, Request(batch: "b")));
        Assert.Equal(NanoBananaErrorKind.BatchStopped, error.Kind);
        Assert.NotNull(await ClaimAsync(journal, started, Request(batch: "another")));
        Assert.NotNull(await ClaimAsync(journal, started, Request()));
        Assert.NotNull(await ClaimAsync(journal, new RunBudget("c", _clock.Now), Request(batch: "b")));
        Assert.Equal("0|0|0", SpentBy("a stopped run"));
    }

    [Fact]
    public async Task A_stop_at_one_service_does_not_affect_another()
    {
        TaskJournal journal = Open(_clock);
        var started = new RunBudget("a", _clock.Now);

        await journal.StopAsync("b", new Uri("https://elsewhere.example/"));
        Assert.NotNull(await ClaimAsync(journal, started, Request(batch: "b")));

        await journal.StopAsync("b", Endpoint);
        await Assert.ThrowsAsync<NanoBananaException>(() => ClaimAsync(journal, started, Request("another", batch: "b")));
    }

    [Fact]
    public async Task A_stopped_run_still_finds_the_tasks_of_its_batch()
    {
        TaskJournal journal = Open(_clock);
        var started = new RunBudget("a", _clock.Now);
        await AcceptTaskAsync(journal, started, "t1", task => Completed(task), Request(batch: "b"));
        await journal.StopAsync("b", null);

        (_, JournalRow? known) = await journal.ClaimAsync(Request(batch: "b"), Endpoint, ApiProtocol.Generation, started);

        Assert.Equal("t1", known?.Task.Id);
    }

    [Fact]
    public async Task A_request_that_waits_out_a_pause_is_not_sent_after_a_stop()
    {
        var clock = new FakeClock();
        using var network = new FakeNetwork(clock);
        network.Script(Answer.Status(429).RetryAfter(60), Answer.Accepted());
        SubmissionRun run = Client(new NanoBananaClientOptions
        {
            ApiKey = new ApiKey(Key), Endpoint = Endpoint, Time = clock, Random = () => 0, ApiHandler = network,
            Journal = () => Handle(time: clock),
        }).StartRun();
        Task<ImageTask?> submit = run.SubmitAsync(Request(batch: "b"), Observer, default);
        Assert.True(SpinWait.SpinUntil(() => !Observer.Warnings.IsEmpty, TestTimeout.Limit));

        clock.Step(1);
        await Handle(time: clock).Require().StopAsync("b", null).WaitAsync(TestTimeout.Limit);
        while (!submit.IsCompleted)
        {
            clock.Step(1);
            // Waits until the effects of the step are written.
            await Handle(time: clock).Require().FlushAsync().WaitAsync(TestTimeout.Limit);
        }

        Assert.Null(await submit);
        Assert.Equal(NanoBananaErrorKind.BatchStopped, run.StopReason!.Kind);
        Assert.Single(network.Requests);
        Assert.Equal(["0"], Rows("SELECT COUNT(*) FROM task"));
    }
}
