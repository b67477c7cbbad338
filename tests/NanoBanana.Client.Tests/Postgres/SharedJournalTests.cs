using System.Data.Common;
using NanoBanana.Client.Files;
using NanoBanana.Client.Journal;
using NanoBanana.Client.Purchases;
using NanoBanana.Client.Tests.Journal;
using NanoBanana.Client.Wire;
using NanoBanana.Emulator;

namespace NanoBanana.Client.Tests.Postgres;

/// <summary>
/// Behavior of journals that are shared by several machines: broken connections to the database, and work of other processes.
/// </summary>
public sealed class SharedJournalTests : JournalTest
{
    private static readonly TimeSpan StoreLimit = TimeSpan.FromSeconds(20);

    private readonly TestDatabase _database = new();

    static SharedJournalTests() => LocalOutcomes.DataFolder = Directory.CreateTempSubdirectory("nanobanana-outcomes-").FullName;

    private protected override string JournalPath => _database.Url;

    private protected override TimeSpan StoreTimeout => TimeSpan.FromSeconds(5);

    private protected override DbConnection ConnectToStore() => _database.Connect();

    [Fact]
    public async Task A_claim_whose_commit_lost_its_answer_is_made_once()
    {
        using var proxy = new DatabaseProxy(TestDatabase.Server.Port);
        TaskJournal journal = Opened(TaskJournal.Open(_database.UrlOver(proxy), TimeProvider.System, StoreLimit));
        proxy.DropAnswers(1);

        var budget = new RunBudget("run", DateTimeOffset.UtcNow);
        (long? row, JournalRow? known) = await journal.ClaimAsync(Request(batch: "b"), Endpoint, ApiProtocol.Generation, budget)
            .WaitAsync(TestTimeout.Limit);

        Assert.Equal(1, proxy.CommitsLost);
        Assert.Null(known);
        Assert.Equal([$"{row}|Submitting"], Rows("SELECT row, status FROM task"));
        Assert.Equal(["1"], Rows("SELECT images FROM spending WHERE scope = 'run'"));
    }

    [Fact]
    public async Task A_claim_committed_without_an_answer_in_time_is_reverted()
    {
        using var proxy = new DatabaseProxy(TestDatabase.Server.Port);
        ScriptedHandler api = ScriptedHandler.Accepting();
        NanoBananaClient client = ClientOf(api, Handle(_database.UrlOver(proxy)));
        await SubmitAsync(client, Request("first", "b"));
        proxy.DropAnswers(1000);

        var error = await Assert.ThrowsAsync<NanoBananaException>(() => SubmitAsync(client, Request("second", "b")));
        proxy.DropAnswers(0);

        Assert.Equal(NanoBananaErrorKind.JournalRequired, error.Kind);
        Assert.Equal(1, api.Requests);
        // The next change removes the intent, so that the request can be submitted immediately. After a failure the time-out is short, so
        // a busy machine may need more than one attempt.
        for (int left = 20; await Record.ExceptionAsync(() => SubmitAsync(client, Request("second", "b"))) is { } failure; left--)
        {
            Assert.Equal(NanoBananaErrorKind.JournalRequired, Assert.IsType<NanoBananaException>(failure).Kind);
            Assert.True(left > 0);
        }
        Assert.Equal(2, api.Requests);
        Assert.Equal(["2"], Rows("SELECT COUNT(*) FROM task"));
    }

    [Theory]
    [InlineData("b")]
    [InlineData(null)]
    public async Task While_the_database_is_unreachable_no_request_is_submitted(string? batch)
    {
        using var proxy = new DatabaseProxy(TestDatabase.Server.Port);
        ScriptedHandler api = ScriptedHandler.Accepting();
        NanoBananaClient client = ClientOf(api, Handle(_database.UrlOver(proxy)));
        await SubmitAsync(client, Request("first", batch));
        proxy.Cut();

        var error = await Assert.ThrowsAsync<NanoBananaException>(() => SubmitAsync(client, Request("second", batch)));

        Assert.Equal(NanoBananaErrorKind.JournalRequired, error.Kind);
        Assert.Equal(1, api.Requests);
    }

    [Fact]
    public async Task With_a_database_that_was_never_reachable_no_request_is_submitted()
    {
        ScriptedHandler api = ScriptedHandler.Accepting();
        var proxy = new DatabaseProxy(TestDatabase.Server.Port);
        NanoBananaClient client = ClientOf(api, Handle(_database.UrlOver(proxy)));
        proxy.Dispose();

        var error = await Assert.ThrowsAsync<NanoBananaException>(() => SubmitAsync(client, Request()));

        Assert.Equal((NanoBananaErrorKind.JournalRequired, 0), (error.Kind, api.Requests));
        Assert.Contains("shared with other machines", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_id_received_while_the_database_is_unreachable_is_stored_by_the_next_process()
    {
        using var proxy = new DatabaseProxy(TestDatabase.Server.Port);
        string place = _database.UrlOver(proxy);
        var api = new ScriptedHandler(_ =>
        {
            proxy.Cut();
            return Task.FromResult(ScriptedHandler.Accepted("paid"));
        });
        ImageTask task = await SubmitAsync(ClientOf(api, Handle(place)), Request("a fox", "b"));
        Assert.Equal("paid", task.Id);
        Assert.Contains(
            Observer.Warnings,
            warning => warning.Contains("paid", StringComparison.Ordinal) && warning.Contains("outcomes-", StringComparison.Ordinal));
        Assert.Equal(["Submitting|"], Rows("SELECT status, id FROM task"));

        proxy.Restore();
        // Like another process on this machine, which has no memory of the first one.
        using TaskJournal next = TaskJournal.Open(
            place.Replace("postgresql:", "postgres:", StringComparison.Ordinal), TimeProvider.System, StoreLimit);

        Assert.Equal(["Pending|paid|b"], Rows("SELECT status, id, batch FROM task"));
        Assert.Equal("paid", next.Reader.FindByRequest(Request("a fox", "b"), Endpoint)?.Id);
    }

    [Fact]
    public async Task An_id_whose_write_fails_immediately_is_stored_on_this_machine()
    {
        TaskJournal journal = Open();
        (long? row, _) = await journal.ClaimAsync(Request("a fox", "b"), Endpoint, ApiProtocol.Generation).WaitAsync(TestTimeout.Limit);
        journal.Dispose();

        Task accepted = journal.AcceptAsync(row!.Value, Accepted(Request("a fox", "b"), "paid"), ApiProtocol.Generation, out _);

        var error = await Assert.ThrowsAsync<NanoBananaException>(() => accepted.WaitAsync(TestTimeout.Limit));
        Assert.Contains("outcomes-", error.Message, StringComparison.Ordinal);
        // Like another process on this machine, which has no memory of the first one.
        using TaskJournal next = TaskJournal.Open(
            JournalPath.Replace("postgresql:", "postgres:", StringComparison.Ordinal), TimeProvider.System, StoreLimit);
        Assert.Equal(["Running|paid|b"], Rows("SELECT status, id, batch FROM task"));
    }

    [Fact]
    public async Task A_locally_stored_outcome_does_not_replace_a_later_status()
    {
        TaskJournal journal = Open();
        (long? row, _) = await journal.ClaimAsync(Request(), Endpoint, ApiProtocol.Generation);
        string claim = Assert.Single(Rows("SELECT claim FROM task"));
        ImageTask task = Accepted(Request(), "id1");
        await AcceptAsync(journal, row, task);
        await journal.UpdateAsync(Completed(task), ApiProtocol.Generation);

        await journal.AcceptAsync(claim, task);

        Assert.Equal(["Completed|id1"], Rows("SELECT status, id FROM task"));
    }

    [Theory]
    [InlineData("-c synchronous_commit=off", "synchronous_commit")]
    public async Task A_server_that_may_lose_commits_is_reported_and_refused_for_a_batch(string options, string named)
    {
        ScriptedHandler api = ScriptedHandler.Accepting();
        NanoBananaClient client = ClientOf(api, Handle($"{_database.Url}&options={Uri.EscapeDataString(options)}"));

        var error = await Assert.ThrowsAsync<NanoBananaException>(() => client.StartRun().CheckAsync(Request(batch: "b")));
        Assert.Equal(NanoBananaErrorKind.JournalRequired, error.Kind);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<NanoBananaException>(() => SubmitAsync(client, Request(batch: "b")));
        Assert.Equal(0, api.Requests);

        await SubmitAsync(client, Request());
        Assert.Contains(named, Assert.Single(Observer.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_submission_of_an_expired_process_is_resubmitted_only_after_its_time_out()
    {
        var clock = new SettableClock(DateTimeOffset.UnixEpoch.AddYears(50));
        TaskJournal journal = Open(clock);
        await journal.ClaimAsync(Request(batch: "b"), Endpoint, ApiProtocol.Generation);
        LeaseTo(TestProcesses.Remote, clock.Now.AddSeconds(60));
        ImageRequest again = Request(batch: "b") with { ResubmitUnknown = true };
        clock.Now += TimeSpan.FromSeconds(61 + 98);

        var error = await Assert.ThrowsAsync<NanoBananaException>(
            () => journal.ClaimAsync(again, Endpoint, ApiProtocol.Generation, submitTimeout: TimeSpan.FromSeconds(100)));
        Assert.Equal(NanoBananaErrorKind.SubmissionUnknown, error.Kind);
        Assert.Equal(["1"], Rows("SELECT COUNT(*) FROM task"));

        clock.Now += TimeSpan.FromSeconds(1);
        (long? row, _) = await journal.ClaimAsync(again, Endpoint, ApiProtocol.Generation, submitTimeout: TimeSpan.FromSeconds(100));
        Assert.NotNull(row);
    }

    [Fact]
    public async Task A_task_of_another_process_is_polled_and_saved_only_by_that_process()
    {
        using EmulatorServer emulator = StartEmulator();
        NanoBananaClient first = ClientOf(emulator, Handle()), second = ClientOf(emulator, Handle(_database.SameUrl));
        using SubmissionRun run = first.StartRun();
        ImageRequest request = Request("a fox [hold]", "b");
        ImageTask bought = (await run.SubmitAsync(request, Observer, default))!;
        ImageTask known = await SubmitAsync(second, request);
        Assert.Equal(bought.Id, known.Id);

        Task<ImageTask> waited = second.WaitAsync(known, TestTimeout.Limit, Observer, default);
        await Task.Run(
            () => SpinWait.SpinUntil(
                () => Observer.Warnings.Any(warning => warning.Contains("leased to", StringComparison.Ordinal)), TestTimeout.Limit));
        Assert.Equal(0, emulator.Counters.Polls);
        emulator.Release();
        ImageTask ended = await first.WaitAsync(bought, TestTimeout.Limit, Observer, default);
        Assert.Equal(ImageTaskStatus.Completed, (await waited.WaitAsync(TestTimeout.Limit)).Status);

        Task<IDisposable> toSave = second.LeaseToSaveAsync(await waited, Observer, default);
        SavedImage saved = await first.SaveAsync(ended, 0, Target("first"), Observer, default);
        await first.FlushAsync();
        Execute("UPDATE file SET machine = 'first-machine'");
        run.Dispose();
        await first.FlushAsync();
        (await toSave.WaitAsync(TestTimeout.Limit)).Dispose();
        SavedImage elsewhere = await second.SaveAsync(await waited, 0, Target("second"), Observer, default);
        Assert.Equal(("first-machine", saved.Path), (elsewhere.Machine, elsewhere.Path));
        Assert.False(Directory.Exists(Path.Combine(Folder, "second")));
        Assert.Equal(1, emulator.Counters.Downloads);
    }

    [Fact]
    public async Task Force_saves_an_image_that_another_machine_saved()
    {
        using EmulatorServer emulator = StartEmulator();
        NanoBananaClient client = ClientOf(emulator);
        ImageTask ended = await client.WaitAsync(await SubmitAsync(client, Request()), TestTimeout.Limit, Observer, default);
        await client.SaveAsync(ended, 0, Target("there"), Observer, default);
        await client.FlushAsync();
        Execute("UPDATE file SET machine = 'another-machine'");

        SavedImage here = await client.SaveAsync(ended, 0, Target("here", force: true), Observer, default);

        Assert.Null(here.Machine);
        Assert.True(File.Exists(here.Path));
    }

    [Fact]
    public async Task A_file_of_another_machine_is_listed_with_its_machine()
    {
        TaskJournal journal = Open();
        ImageTask task = Completed(await AcceptTaskAsync(journal, Request(), "id1"));
        await journal.UpdateAsync(task, ApiProtocol.Generation);
        await journal.RecordFileAsync(task, 0, new SavedFile("/out/fox.png", "ab", 2), saved: true);
        Execute("UPDATE file SET machine = 'another-machine'");
        await journal.RecordFileAsync(task, 1, new SavedFile("/out/owl.png", "ab", 2), saved: true);

        ImageTask listed = Assert.Single(journal.Reader.List(new JournalFilter()));

        Assert.Equal(["/out/owl.png", "another-machine:/out/fox.png"], listed.SavedTo!.Order(StringComparer.Ordinal));
        Assert.Null(journal.Reader.FindByFile("/out/fox.png"));
        Assert.NotNull(journal.Reader.FindByFile("/out/owl.png"));
    }

    [Theory]
    [InlineData("a zero \0 and its escape \\u0000")]
    [InlineData("half a pair \ud83e")]
    [InlineData("C:\\users\\u0000 \\\\u0000")]
    public async Task A_text_that_PostgreSQL_cannot_store_is_stored_with_replacements(string prompt)
    {
        TaskJournal journal = Open();
        await AcceptTaskAsync(journal, Request(prompt), "id1");
        string stored = Assert.Single(journal.Reader.List(new JournalFilter { Prompt = _ => true })).Prompt!;
        Assert.Equal(prompt.Replace('\0', '\uFFFD').Replace('\ud83e', '\uFFFD'), stored);
    }

    [Fact]
    public async Task Processes_that_open_a_new_schema_in_parallel_create_its_tables_once()
    {
        TaskJournal[] journals = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => Task.Run(() => Opened(TaskJournal.Open(_database.Url, TimeProvider.System, StoreLimit)))));
        await Task.WhenAll(journals.Select((journal, i) => AcceptTaskAsync(journal, Request($"{i}"), $"id{i}")))
            .WaitAsync(TestTimeout.Limit);
        Assert.Equal(["8"], Rows("SELECT COUNT(*) FROM task"));
    }

    [Fact]
    public void A_schema_created_by_an_administrator_is_used_without_the_permission_to_create_one()
    {
        string url = _database.GuardedUrl(NanoBanana.Lab.Postgres.PostgresServer.GuardedPassword)
            .Replace("/postgres?", "/app?", StringComparison.Ordinal);
        TestDatabase.Server.Execute("CREATE DATABASE app");
        _ = Assert.Throws<NanoBananaException>(() => TaskJournal.Open(url, TimeProvider.System, StoreLimit));
        TestDatabase.CreateSchemaFor(NanoBanana.Lab.Postgres.PostgresServer.GuardedUser, "app", url.Substring(url.LastIndexOf('=') + 1));
        using TaskJournal journal = TaskJournal.Open(url, TimeProvider.System, StoreLimit);
        Assert.Empty(journal.Reader.List(new JournalFilter()));
    }

    [Fact]
    public async Task While_the_database_is_unreachable_queries_after_the_first_fail_immediately()
    {
        using var proxy = new DatabaseProxy(TestDatabase.Server.Port);
        TaskJournal journal = Opened(TaskJournal.Open(_database.UrlOver(proxy), TimeProvider.System, StoreLimit));
        await AcceptTaskAsync(journal, Request(), "id1");
        proxy.Cut();
        var first = Assert.Throws<NanoBananaException>(() => journal.Reader.List(new JournalFilter()));
        proxy.Restore();
        // The connection works again, but it is not retried this soon.
        var second = Assert.Throws<NanoBananaException>(() => journal.Reader.List(new JournalFilter()));
        Assert.Same(first.InnerException, second.InnerException);
    }

    [Fact]
    public void Reading_creates_no_tables()
    {
        Assert.Null(JournalReader.OpenExisting(_database.Url, TimeProvider.System, StoreLimit, null, default));
        Assert.Equal(["0"], Rows("SELECT COUNT(*) FROM pg_namespace WHERE nspname = current_schema()"));
    }

    [Fact]
    public async Task A_newer_module_elsewhere_ends_changes_by_this_one()
    {
        TaskJournal journal = Open();
        Execute("UPDATE journal SET version = 99");
        var error = await Assert.ThrowsAsync<NanoBananaException>(() => journal.ClaimAsync(Request(), Endpoint, ApiProtocol.Generation));
        Assert.Contains("newer NanoBanana", error.Message, StringComparison.Ordinal);
        Assert.Contains("newer NanoBanana", Assert.Throws<NanoBananaException>(() => Open()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tables_of_another_program_are_not_changed()
    {
        TestDatabase.Server.Execute("CREATE SCHEMA theirs; CREATE TABLE theirs.task (x INTEGER)");
        var error = Assert.Throws<NanoBananaException>(
            () => TaskJournal.Open(TestDatabase.Server.Url("theirs"), TimeProvider.System, StoreLimit));
        Assert.Contains("another program", error.Message, StringComparison.Ordinal);
        Assert.Equal(
            ["task"],
            TestDatabase.Server.Execute(
                "SELECT relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = 'theirs'"));
    }

    private ImageTarget Target(string folder, bool force = false) =>
        ImageTarget.InDirectory(Path.Combine(Folder, folder), FileNameTemplate.Default, force);
}
