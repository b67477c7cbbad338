using NanoBanana.Client.Files;
using NanoBanana.Client.Http;
using NanoBanana.Client.Journal;
using NanoBanana.Emulator;

namespace NanoBanana.Client.Tests.Journal;

public class LeaseTests : JournalTest
{
    [Fact]
    public async Task A_task_of_a_running_process_is_not_listed_as_unsaved()
    {
        TaskJournal journal = await CreateWithTaskOfAsync(TestProcesses.Living);
        Assert.Empty(journal.Reader.List(new JournalFilter { Unsaved = true }));
        Assert.Single(journal.Reader.List(new JournalFilter()));
    }

    [Fact]
    public async Task A_task_of_an_ended_process_is_listed_as_unsaved()
    {
        // This process has the same id.
        TaskJournal journal = await CreateWithTaskOfAsync(TestProcesses.Dead);
        Assert.Single(journal.Reader.List(new JournalFilter { Unsaved = true }));
    }

    [Fact]
    public async Task A_process_on_another_machine_loses_its_lease_when_it_expires()
    {
        var clock = new SettableClock(DateTimeOffset.UnixEpoch.AddYears(50));
        TaskJournal journal = await CreateWithTaskOfAsync(TestProcesses.Remote, clock, clock.Now.AddSeconds(60));
        Assert.Empty(journal.Reader.List(new JournalFilter { Unsaved = true }));
        clock.Now += TimeSpan.FromSeconds(61);
        Assert.Single(journal.Reader.List(new JournalFilter { Unsaved = true }));
    }

    [Fact]
    public async Task An_intent_is_Submitting_while_its_process_runs_and_Unknown_after_its_end()
    {
        TaskJournal journal = Open();
        await journal.ClaimAsync(Request(), Endpoint, ApiProtocol.Generation);
        Assert.Equal(ImageTaskStatus.Submitting, Assert.Single(journal.Reader.List(new JournalFilter())).Status);
        LeaseTo(TestProcesses.Living);
        Assert.Equal(ImageTaskStatus.Submitting, Assert.Single(journal.Reader.List(new JournalFilter())).Status);
        LeaseTo(TestProcesses.Dead);
        Assert.Equal(ImageTaskStatus.Unknown, Assert.Single(journal.Reader.List(new JournalFilter())).Status);
    }

    [Fact]
    public void A_process_is_identified_by_its_id_and_its_start_time()
    {
        Assert.False(ProcessIdentity.HasCertainlyEnded(ProcessIdentity.Mine));
        Assert.False(ProcessIdentity.HasCertainlyEnded(TestProcesses.Living));
        Assert.True(ProcessIdentity.HasCertainlyEnded(TestProcesses.Dead));
        Assert.False(ProcessIdentity.HasCertainlyEnded(TestProcesses.Remote));
        Assert.False(ProcessIdentity.HasCertainlyEnded(TestProcesses.OtherContainer));
        Assert.False(ProcessIdentity.HasCertainlyEnded("of another version"));
    }

    [Fact]
    public async Task A_task_is_leased_during_a_wait_and_released_after_it()
    {
        using EmulatorServer emulator = StartEmulator();
        NanoBananaClient client = ClientOf(emulator);
        ImageTask task = await SubmitAsync(client, Request("a fox [hold]"));
        Task<ImageTask> wait = client.WaitAsync(task, TestTimeout.Limit, Observer, default);
        await emulator.WaitForAsync(c => c.Polls > 0).WaitAsync(TestTimeout.Limit);
        await client.FlushAsync();
        Assert.Equal([ProcessIdentity.Mine], Rows("SELECT process FROM task JOIN lease ON instance = owner"));
        emulator.Release();
        await wait;
        await client.FlushAsync();
        Assert.Equal("Completed|", Assert.Single(Rows("SELECT status, owner FROM task")));
    }

    [Fact]
    public async Task A_stopped_wait_releases_the_task()
    {
        using EmulatorServer emulator = StartEmulator();
        NanoBananaClient client = ClientOf(emulator);
        ImageTask task = await SubmitAsync(client, Request("a fox [hold]"));
        using var stop = new CancellationTokenSource();
        Task<ImageTask> wait = client.WaitAsync(task, TestTimeout.Limit, Observer, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
        Assert.Single(Handle().Require().Reader.List(new JournalFilter { Unsaved = true }));
        await client.FlushAsync();
        Assert.Equal("", Assert.Single(Rows("SELECT owner FROM task")));
    }

    [Fact]
    public async Task A_body_is_not_sent_if_the_lease_expires_while_connecting()
    {
        var clock = new SettableClock(DateTimeOffset.UnixEpoch.AddYears(50));
        int bodies = 0;
        using var network = new SlowToConnect(() => clock.Now += TimeSpan.FromSeconds(56), () => bodies++);
        NanoBananaClient client = Client(new NanoBananaClientOptions
        {
            ApiKey = new ApiKey(Key), Endpoint = Endpoint, Time = clock, ApiHandler = network, Journal = () => Handle(time: clock),
            MaximumRetryCount = 0,
        });

        var error = await Assert.ThrowsAsync<NanoBananaException>(() => SubmitAsync(client, Request(batch: "b")));

        // Nothing was bought, so the entry is removed.
        Assert.NotEqual(NanoBananaErrorKind.SubmissionUnknown, error.Kind);
        Assert.Equal(0, bodies);
        Assert.Equal(["0"], Rows("SELECT COUNT(*) FROM task"));
    }

    [Fact]
    public async Task A_single_poll_takes_no_lease_from_another_process()
    {
        using EmulatorServer emulator = StartEmulator();
        NanoBananaClient client = ClientOf(emulator);
        ImageTask task = await SubmitAsync(client, Request("a fox [hold]"));
        LeaseTo(TestProcesses.Living);
        await client.GetAsync(task, Observer, default);
        await client.FlushAsync();
        Assert.Equal($"Running|{OtherInstance}", Assert.Single(Rows("SELECT status, owner FROM task")));
    }

    [Fact]
    public async Task A_lease_of_another_running_process_is_not_taken_and_not_released()
    {
        TaskJournal journal = await CreateWithTaskOfAsync(TestProcesses.Living);
        using (journal.LeaseTask(Accepted(Request(), "id1"), Observer))
            await journal.FlushAsync();
        await journal.FlushAsync();
        Assert.Equal(OtherInstance, Assert.Single(Rows("SELECT owner FROM task")));
    }

    [Fact]
    public async Task A_task_used_by_two_stages_is_released_when_both_are_done()
    {
        TaskJournal journal = Open();
        ImageTask task = await AcceptTaskAsync(journal, Request(), "id1");
        Lease one = journal.LeaseTask(task, Observer);
        Lease two = journal.LeaseTask(task, Observer);
        one.Dispose();
        one.Dispose();
        await journal.FlushAsync();
        Assert.Equal([ProcessIdentity.Mine], Rows("SELECT process FROM task JOIN lease ON instance = owner"));
        Assert.Empty(journal.Reader.List(new JournalFilter { Unsaved = true }));
        two.Dispose();
        Assert.Single(journal.Reader.List(new JournalFilter { Unsaved = true }));
    }

    private async Task<TaskJournal> CreateWithTaskOfAsync(string process, TimeProvider? time = null, DateTimeOffset? expiresAt = null)
    {
        TaskJournal journal = Open(time);
        await AcceptTaskAsync(journal, Request(), "id1");
        LeaseTo(process, expiresAt);
        return journal;
    }

    /// <summary>A network that connects slowly before it requests the body.</summary>
    private sealed class SlowToConnect(Action connect, Action receive) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            connect();
            await request.Content!.CopyToAsync(Stream.Null, cancellationToken);
            receive();
            return ScriptedHandler.Accepted("id1");
        }
    }
}
