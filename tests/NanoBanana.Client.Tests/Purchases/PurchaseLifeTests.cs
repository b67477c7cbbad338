using System.Net;
using NanoBanana.Client.Http;
using NanoBanana.Client.Journal;
using NanoBanana.Client.Purchases;
using NanoBanana.Client.Tests.Journal;

namespace NanoBanana.Client.Tests.Purchases;

/// <summary>The invariants of a purchase: durable before visible, one owner, leases, nothing in flight is abandoned.</summary>
public class PurchaseLifeTests : JournalTest
{
    [Fact]
    public async Task The_id_is_stored_if_the_journal_is_closed_during_the_submission()
    {
        var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var answer = new TaskCompletionSource<HttpResponseMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        var api = new ScriptedHandler(_ =>
        {
            left.SetResult();
            return answer.Task;
        });
        // A separate handle, closed like at the removal of the module.
        JournalHandle handle = Handle();
        Task<ImageTask> submit = SubmitAsync(ClientOf(api, handle), Request(batch: "b"));
        await left.Task.WaitAsync(TestTimeout.Limit);

        handle.Close();
        answer.SetResult(ScriptedHandler.Accepted("id1"));

        Assert.Equal("id1", (await submit).Id);
        Assert.Equal(["id1|Pending"], Rows("SELECT id, status FROM task"));
        Assert.Equal("id1", (await SubmitAsync(ClientOf(api, handle), Request(batch: "b"))).Id);
        Assert.Equal(1, api.Requests);
    }

    [Fact]
    public async Task A_run_leases_its_tasks_until_it_is_disposed()
    {
        SubmissionRun run = ClientOf(ScriptedHandler.Accepting()).StartRun();
        await run.SubmitAsync(Request(), Observer, default);
        JournalReader reader = Handle().Require().Reader;

        Assert.Empty(reader.List(new JournalFilter { Unsaved = true }));
        Assert.Equal(["1"], Rows("SELECT COUNT(*) FROM task JOIN lease ON instance = owner WHERE expires_at > 0"));

        run.Dispose();
        Assert.Single(reader.List(new JournalFilter { Unsaved = true }));
        await Handle().Require().FlushAsync();
        Assert.Equal(["0"], Rows("SELECT COUNT(*) FROM task WHERE owner IS NOT NULL"));
    }

    [Fact]
    public async Task A_lease_of_another_container_with_the_same_host_name_is_waited_for_with_a_message()
    {
        ScriptedHandler api = ScriptedHandler.Accepting();
        await Handle().Require().ClaimAsync(Request(batch: "b"), Endpoint, ApiProtocol.Generation);
        LeaseTo(TestProcesses.OtherContainer);

        Task<ImageTask> submit = SubmitAsync(ClientOf(api), Request(batch: "b"));
        Assert.True(SpinWait.SpinUntil(() => !Observer.Warnings.IsEmpty, TestTimeout.Limit));
        Assert.Contains("lease is valid until", Assert.Single(Observer.Warnings), StringComparison.Ordinal);
        LeaseTo(TestProcesses.OtherContainer, DateTimeOffset.UtcNow.AddSeconds(-1));

        var error = await Assert.ThrowsAsync<NanoBananaException>(() => submit);
        Assert.Equal((NanoBananaErrorKind.SubmissionUnknown, 0), (error.Kind, api.Requests));
    }

    [Fact]
    public async Task A_lease_lasts_a_minute_and_every_entry_renews_it()
    {
        var clock = new SettableClock(DateTimeOffset.UnixEpoch.AddYears(50));
        TaskJournal journal = Open(clock);
        await journal.ClaimAsync(Request(), Endpoint, ApiProtocol.Generation);
        Assert.Equal([$"{clock.Now.AddSeconds(60).ToUnixTimeMilliseconds()}"], Rows("SELECT expires_at FROM lease"));

        clock.Now += TimeSpan.FromSeconds(50);
        await journal.ClaimAsync(Request(), Endpoint, ApiProtocol.Generation);

        Assert.Equal([$"{clock.Now.AddSeconds(60).ToUnixTimeMilliseconds()}"], Rows("SELECT expires_at FROM lease"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task After_a_suspend_a_submission_is_sent_only_if_its_intent_was_not_taken_over(bool isTaken)
    {
        var clock = new SettableClock(DateTimeOffset.UtcNow);
        var api = new ScriptedHandler(number =>
        {
            if (number > 1)
                return Task.FromResult(ScriptedHandler.Accepted("id1"));
            clock.Now += TimeSpan.FromMinutes(5);
            if (isTaken)
                Execute("UPDATE task SET status = 'Unknown', owner = NULL");
            return Task.FromResult(ScriptedHandler.Json((HttpStatusCode)429, "{}"));
        });
        NanoBananaClient client = Client(new NanoBananaClientOptions
        {
            ApiKey = new ApiKey(Key), Endpoint = Endpoint, ApiHandler = api, Time = clock, Random = () => 0,
            Journal = () => Handle(time: clock),
        });

        Task<ImageTask> submit = SubmitAsync(client, Request());

        if (isTaken)
        {
            var error = await Assert.ThrowsAsync<NanoBananaException>(() => submit);
            Assert.Contains("nothing is paid for", error.Message, StringComparison.Ordinal);
            Assert.Equal(1, api.Requests);
        }
        else
        {
            Assert.Equal("id1", (await submit).Id);
            Assert.Equal(2, api.Requests);
        }
    }

    [Fact]
    public async Task A_task_that_completed_with_only_text_is_submitted_again_and_counted()
    {
        ScriptedHandler api = ScriptedHandler.Accepting();
        NanoBananaClient client = ClientOf(api);
        ImageTask task = await SubmitAsync(client, Request(batch: "b"));
        await Handle().Require()
            .UpdateAsync(task with { Status = ImageTaskStatus.Completed, Text = "no image today" }, ApiProtocol.Generation);
        Assert.Equal(1, Handle().Require().Reader.Summary("b", null)!.WithoutImage);

        Assert.NotEqual(task.Id, (await SubmitAsync(client, Request(batch: "b"))).Id);

        Assert.Equal(2, api.Requests);
    }

    [Fact]
    public async Task A_client_sends_no_request_about_a_task_of_another_endpoint()
    {
        ScriptedHandler api = ScriptedHandler.Accepting();
        NanoBananaClient client = ClientOf(api);
        ImageTask foreign = Accepted(Request(), "id1", new Uri("https://elsewhere.example/"));

        foreach (Func<Task> ask in new Func<Task>[]
        {
            () => client.GetAsync(foreign, Observer, default),
            () => client.WaitAsync(foreign, TestTimeout.Limit, Observer, default),
        })
        {
            Assert.Equal(NanoBananaErrorKind.InvalidRequest, (await Assert.ThrowsAsync<NanoBananaException>(ask)).Kind);
        }
        Assert.Equal(0, api.Requests);
    }
}
