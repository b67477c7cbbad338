using NanoBanana.Client.Http;
using NanoBanana.Client.Journal;
using NanoBanana.Client.Purchases;
using NanoBanana.Emulator;

namespace NanoBanana.Client.Tests.Budgets;

/// <summary>The provider never counts more than the budget, and an exhausted budget ends submitting once.</summary>
public class BudgetedRunTests : BudgetTest
{
    [Fact]
    public async Task Sixteen_parallel_submissions_accept_exactly_the_budget_and_stop_for_one_reason()
    {
        EmulatorServer emulator = StartEmulator();
        SubmissionRun run = ClientOf(emulator).StartRun(TenImages);

        ImageTask?[] tasks = await Task.WhenAll(
            Enumerable.Range(0, 16).Select(i => run.SubmitAsync(Request($"fox {i}"), Observer, default)));

        Assert.Equal(10, tasks.Count(task => task is not null));
        Assert.Equal(NanoBananaErrorKind.BudgetExhausted, run.StopReason!.Kind);
        Assert.Equal(10, emulator.Counters.CreatesReceived);
        Assert.Null(await run.SubmitAsync(Request(), Observer, default));
        Assert.Equal(10, emulator.Counters.CreatesReceived);
    }

    [Fact]
    public async Task A_submission_rejected_in_flight_frees_its_budget_for_the_next_one()
    {
        EmulatorServer emulator = StartEmulator();
        for (int i = 0; i < 4; i++)
            emulator.Enqueue(EmulatorOperation.Create, EmulatorFault.Status(400));
        SubmissionRun run = ClientOf(emulator).StartRun(TenImages);

        Task<ImageTask?>[] submits = [.. Enumerable.Range(0, 16).Select(i => run.SubmitAsync(Request($"fox {i}"), Observer, default))];
        await Task.WhenAll(submits.Select(submit => submit.ContinueWith(_ => { }, TaskScheduler.Default)));

        Assert.Equal(10, emulator.Counters.CreatesAccepted);
        ImageTask?[] ended = await Task.WhenAll(submits.Where(submit => !submit.IsFaulted));
        Assert.Equal(
            (4, 10, 2),
            (submits.Count(submit => submit.IsFaulted), ended.Count(task => task is not null), ended.Count(task => task is null)));
    }

    [Fact]
    public async Task Ended_tasks_free_the_budget_that_they_did_not_use()
    {
        EmulatorServer emulator = StartEmulator();
        NanoBananaClient client = ClientOf(emulator);
        // Two worst cases of a 2K image exceed the budget. Two actual images do not.
        SubmissionRun run = client.StartRun(new SpendingLimits { Tokens = (2 * 1680) + 1120 + 100 });
        for (int i = 0; i < 2; i++)
        {
            ImageTask? task = await run.SubmitAsync(Request("fox") with { Resolution = "2K" }, Observer, default);
            await client.WaitAsync(task!, TimeSpan.FromMinutes(1), Observer, default);
            await client.FlushAsync();
        }
        Assert.Null(run.StopReason);
        Assert.Null(await run.SubmitAsync(Request("fox") with { Resolution = "2K" }, Observer, default));
    }

    [Fact]
    public async Task A_budget_without_a_journal_is_refused_before_anything_is_sent()
    {
        ScriptedHandler api = ScriptedHandler.Accepting();
        NanoBananaClient client = Client(new NanoBananaClientOptions { ApiKey = new ApiKey(Key), Endpoint = Endpoint, ApiHandler = api });

        var missing = await Assert.ThrowsAsync<NanoBananaException>(() => client.StartRun(TenImages).CheckAsync(Request()));
        Assert.Equal(NanoBananaErrorKind.JournalRequired, missing.Kind);

        NanoBananaClient daily = Client(
            new NanoBananaClientOptions { ApiKey = new ApiKey(Key), Endpoint = Endpoint, ApiHandler = api, DailyLimits = TenImages });
        var error = await Assert.ThrowsAsync<NanoBananaException>(() => SubmitAsync(daily, Request()));
        Assert.Equal((NanoBananaErrorKind.JournalRequired, 0), (error.Kind, api.Requests));
    }

    [Fact]
    public async Task With_a_budget_an_unwritable_journal_ends_submitting()
    {
        ScriptedHandler api = ScriptedHandler.Accepting();
        SubmissionRun run = ClientOf(api).StartRun(TenImages);
        await run.SubmitAsync(Request(), Observer, default);
        Execute("DROP TABLE spending");

        await Assert.ThrowsAsync<NanoBananaException>(() => run.SubmitAsync(Request("another"), Observer, default));
        Assert.Equal(1, api.Requests);
    }

    [Fact]
    public async Task A_stop_ends_the_wait_for_budget()
    {
        var answer = new TaskCompletionSource<HttpResponseMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var api = new ScriptedHandler(_ =>
        {
            left.SetResult();
            return answer.Task;
        });
        SubmissionRun run = ClientOf(api).StartRun(new SpendingLimits { Images = 1 });
        Task<ImageTask?> first = run.SubmitAsync(Request(), Observer, default);
        await left.Task.WaitAsync(TestTimeout.Limit);
        using var stop = new CancellationTokenSource();
        Task<ImageTask?> second = run.SubmitAsync(Request("another"), Observer, stop.Token);

        stop.Cancel();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second.WaitAsync(TestTimeout.Limit));
        answer.SetResult(ScriptedHandler.Accepted("t1"));
        Assert.Equal("t1", (await first)!.Id);
    }
}
