using System.Data.Common;
using NanoBanana.Client.Files;
using NanoBanana.Client.Journal;
using NanoBanana.Client.Journal.Storage;
using NanoBanana.Client.Wire;

namespace NanoBanana.Client.Tests.Journal;

/// <summary>Copies a journal to another one: SQLite to SQLite here, and between the two stores in derived classes.</summary>
public class CopyTests : JournalTest
{
    private const string Successors =
        "SELECT id, (SELECT id FROM task AS newer WHERE newer.row = task.superseded_by) FROM task ORDER BY task.id";

    private const string Content =
        """
        SELECT endpoint, protocol, id, status, batch, name, request_key, held_key, created_at, images, tokens, cost, ended_at, unsaved, run,
            day, spent_images, spent_tokens, spent_cost, resolved, claim, snapshot ->> 'Prompt',
            (SELECT newer.id FROM task AS newer WHERE newer.row = task.superseded_by)
        FROM task ORDER BY row
        """;

    private protected virtual string Destination => Path.Combine(Folder, "copies", "copy.db");

    private protected virtual DbConnection ConnectToDestination() => Connect(Destination);

    /// <summary>The name of this machine in the column <c>machine</c> of the destination.</summary>
    private protected virtual string ThisMachine => "";

    [Fact]
    public async Task A_copy_has_all_entries_and_a_second_one_copies_no_entry()
    {
        TaskJournal journal = Open();
        await AcceptTaskAsync(journal, Request("by day", "zoo", "fox"), "id1");
        ImageTask saved = await CompleteAsync(journal, await AcceptTaskAsync(journal, Request("by night", "zoo", "fox"), "id2"));
        await journal.RecordFileAsync(saved, 0, new SavedFile("/images/fox.png", "ab", 7), saved: true);
        ImageTask failed = await AcceptTaskAsync(journal, Request("an owl", "zoo"), "id3");
        var no = new ImageTaskError { Message = "no" };
        await journal.UpdateAsync(failed with { Status = ImageTaskStatus.Failed, Error = no }, ApiProtocol.Generation);
        await MarkUnknownAsync(journal, Request("an elk", "zoo"));
        await MarkUnknownAsync(journal, Request("without a batch"));
        await AcceptTaskAsync(journal, Request("a cat 🐈"), "id4");

        JournalCopyResult first = Copy(), second = Copy();

        Assert.Equal((6, 0, 0, 1), (first.Copied, first.AlreadyThere, first.Unknown, first.Files));
        Assert.Equal((0, 6, 0, 0), (second.Copied, second.AlreadyThere, second.Unknown, second.Files));
        Assert.Equal(Rows(Content), RowsThere(Content));
        Assert.Equal([$"id2|0|/images/fox.png|ab|7|1|{ThisMachine}"], RowsThere(
            "SELECT task.id, image, path, sha256, length, saved, machine FROM file JOIN task ON task.row = file.row"));
        JournalReader reader = Open(path: Destination).Reader;
        Assert.Equal(journal.Reader.List(new JournalFilter()).Select(Describe), reader.List(new JournalFilter()).Select(Describe));
        Assert.Equal((3, 1, 1, 1), Counts(reader.Summary("zoo", Endpoint)!));

        static string Describe(ImageTask task) =>
            $"{task.Id} {task.Status} {task.Prompt} {string.Join(",", task.SavedTo ?? [])} {task.Error?.Message}";
        static (int, int, int, int) Counts(ImageBatch batch) => (batch.Total, batch.Completed, batch.Unknown, batch.Superseded);
    }

    [Fact]
    public async Task A_copy_merges_with_existing_entries_and_no_request_is_submitted_twice()
    {
        TaskJournal journal = Open(), there = Open(path: Destination);
        await AcceptTaskAsync(journal, Request("a fox", "zoo"), "id1");
        await AcceptTaskAsync(journal, Request("an owl", "zoo"), "id2");
        await AcceptTaskAsync(there, Request("an owl", "zoo"), "theirs");
        await AcceptTaskAsync(there, Request("an elk", "zoo"), "id3");

        JournalCopyResult result = Copy();

        Assert.Equal((1, 1), (result.Copied, result.AlreadyThere));
        Assert.Equal(["theirs", "id3", "id1"], RowsThere("SELECT id FROM task ORDER BY row"));
        foreach (string prompt in (string[])["a fox", "an owl", "an elk"])
            Assert.NotNull((await there.ClaimAsync(Request(prompt, "zoo"), Endpoint, ApiProtocol.Generation)).Known);
        Assert.Equal("id4", (await AcceptTaskAsync(there, Request("a new one", "zoo"), "id4")).Id);
    }

    [Fact]
    public async Task Spending_of_copied_entries_is_added_once_and_the_highest_price_is_kept()
    {
        TaskJournal journal = Open(), there = Open(path: Destination);
        await CompleteAsync(journal, await AcceptTaskAsync(journal, Request("a fox"), "id1"), tokens: 10, cost: 0.1m);
        await CompleteAsync(journal, await AcceptTaskAsync(journal, Request("an owl"), "id2"), tokens: 20, cost: 0.4m);
        await CompleteAsync(there, await AcceptTaskAsync(there, Request("an elk"), "id3"), tokens: 5, cost: 0.2m);
        await CompleteAsync(there, await AcceptTaskAsync(there, Request("an owl again"), "id2"), tokens: 20, cost: 0.1m);

        Copy();
        Copy();

        string day = Assert.Single(RowsThere("SELECT DISTINCT day FROM task"));
        Assert.Equal(["3|35|0.4"], RowsThere($"SELECT images, tokens, cost FROM spending WHERE scope = '{day}'"));
        Assert.Equal(["0.4"], RowsThere("SELECT cost FROM spending WHERE scope LIKE 'price %'"));
    }

    [Fact]
    public async Task While_a_process_submits_no_entry_is_copied_and_no_destination_is_created()
    {
        TaskJournal journal = Open();
        await AcceptTaskAsync(journal, Request("a fox"), "id1");
        await journal.ClaimAsync(Request("an owl", "b"), Endpoint, ApiProtocol.Generation).WaitAsync(TestTimeout.Limit);
        LeaseTo(TestProcesses.Living);

        var error = Assert.Throws<NanoBananaException>(Copy);

        Assert.Equal(NanoBananaErrorKind.InvalidRequest, error.Kind);
        Assert.Contains(ProcessIdentity.DisplayName(TestProcesses.Living), error.Message, StringComparison.Ordinal);
        Assert.Contains("an owl", error.Message, StringComparison.Ordinal);
        Assert.Null(JournalReader.OpenExisting(Destination, TimeProvider.System, TimeSpan.FromSeconds(1), null, default));
    }

    [Fact]
    public async Task With_an_intent_of_this_process_the_copy_is_refused()
    {
        TaskJournal journal = Open();
        await journal.ClaimAsync(Request("an owl", "b"), Endpoint, ApiProtocol.Generation).WaitAsync(TestTimeout.Limit);

        Assert.Contains("this process", Assert.Throws<NanoBananaException>(Copy).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_intent_of_an_ended_process_is_copied_as_unknown_and_keeps_its_request()
    {
        TaskJournal journal = Open();
        await journal.ClaimAsync(Request("an owl", "b"), Endpoint, ApiProtocol.Generation).WaitAsync(TestTimeout.Limit);
        LeaseTo(TestProcesses.Dead);

        Assert.Equal((1, 1), (Copy() is var result ? result.Copied : 0, result.Unknown));

        Assert.Equal(["Unknown|"], RowsThere("SELECT status, owner FROM task"));
        Assert.Equal(["0"], RowsThere("SELECT COUNT(*) FROM lease"));
        (_, JournalRow? known) = await Open(path: Destination).ClaimAsync(Request("an owl", "b"), Endpoint, ApiProtocol.Generation);
        Assert.Equal(ImageTaskStatus.Unknown, known!.Task.Status);
        Assert.Equal(1, Copy().AlreadyThere);
    }

    [Fact]
    public async Task An_entry_superseded_after_a_copy_is_superseded_by_the_next_copy()
    {
        TaskJournal journal = Open();
        await AcceptTaskAsync(journal, Request("by day", "zoo", "fox"), "id1");
        Copy();
        await AcceptTaskAsync(journal, Request("by night", "zoo", "fox"), "id2");

        Assert.Equal((1, 1), (Copy() is var result ? result.Copied : 0, result.AlreadyThere));

        Assert.Equal(["id1|id2", "id2|"], RowsThere(Successors));
    }

    [Fact]
    public async Task An_interrupted_copy_is_completed_by_the_next_one()
    {
        TaskJournal journal = Open();
        await AcceptTaskAsync(journal, Request("by day", "zoo", "fox"), "id1");
        await AcceptTaskAsync(journal, Request("an owl", "zoo"), "id2");
        await AcceptTaskAsync(journal, Request("by night", "zoo", "fox"), "id3");
        Copy();
        // Simulates that the last portion was not written.
        ExecuteThere("UPDATE task SET superseded_by = NULL");
        ExecuteThere("DELETE FROM task WHERE id = 'id3'");

        Copy();

        Assert.Equal(Rows(Content), RowsThere(Content));
        Assert.Equal(["id1|id3", "id2|", "id3|"], RowsThere(Successors));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Of_two_requests_with_one_name_the_newer_is_current_in_either_journal(bool isNewerThere)
    {
        var clock = new SettableClock(DateTimeOffset.UtcNow.AddHours(-1));
        TaskJournal journal = Open(clock), there = Open(clock, Destination);
        await AcceptTaskAsync(isNewerThere ? journal : there, Request("by day", "zoo", "fox"), "day");
        clock.Now += TimeSpan.FromMinutes(1);
        await AcceptTaskAsync(isNewerThere ? there : journal, Request("by night", "zoo", "fox"), "night");

        Copy();
        Copy();

        Assert.Equal(["day|night", "night|"], RowsThere(Successors));
        Assert.Equal((1, 1), (there.Reader.Summary("zoo", Endpoint)!.Total, there.Reader.Summary("zoo", Endpoint)!.Superseded));
    }

    [Fact]
    public async Task A_failed_request_does_not_supersede_a_completed_one()
    {
        var clock = new SettableClock(DateTimeOffset.UtcNow.AddHours(-1));
        TaskJournal journal = Open(clock), there = Open(clock, Destination);
        await CompleteAsync(journal, await AcceptTaskAsync(journal, Request("a fox", "zoo"), "good"));
        clock.Now += TimeSpan.FromMinutes(1);
        ImageTask failed = await AcceptTaskAsync(there, Request("a fox", "zoo"), "failed");
        await there.UpdateAsync(failed with { Status = ImageTaskStatus.Failed }, ApiProtocol.Generation);

        Copy();

        Assert.Equal(["good"], there.Reader.Batch("zoo").Select(task => task.Id));
        Assert.Equal(1, there.Reader.Summary("zoo", Endpoint)!.Total);
    }

    [Fact]
    public async Task Runs_and_stops_are_copied_except_unfinished_runs()
    {
        TaskJournal journal = Open();
        await AcceptTaskAsync(journal, Request("a fox", "b"), "id1");
        await journal.StopAsync("b", Endpoint).WaitAsync(TestTimeout.Limit);
        await journal.StopAsync("b", null).WaitAsync(TestTimeout.Limit);
        foreach (string values in (string[])["'ended', '{0}', 5, 5", "'interrupted', 'gone', NULL, NULL", "'halfway', '{0}', NULL, NULL"])
        {
            Execute("INSERT INTO run (batch, endpoint, started_at, asked, id, owner, ended_at, exit_code) VALUES "
                + $"('b', '{Endpoint}', 3, 7, {values.Replace("{0}", OtherInstance)})");
        }
        LeaseTo(TestProcesses.Living);

        Copy();
        Assert.Equal(["ended|b|7|5", "interrupted|b|7|"], RowsThere("SELECT id, batch, asked, exit_code FROM run ORDER BY id"));
        Assert.Equal(Rows("SELECT * FROM stop ORDER BY endpoint"), RowsThere("SELECT * FROM stop ORDER BY endpoint"));
        Assert.Equal(2, RowsThere("SELECT 1 FROM stop").Count);

        Execute("UPDATE run SET ended_at = 6, exit_code = 0 WHERE id = 'halfway'");
        Copy();
        Assert.Equal(["ended|5", "halfway|0", "interrupted|"], RowsThere("SELECT id, exit_code FROM run ORDER BY id"));
    }

    [Fact]
    public async Task Files_of_another_machine_remain_files_of_that_machine()
    {
        TaskJournal journal = Open();
        ImageTask task = await CompleteAsync(journal, await AcceptTaskAsync(journal, Request(), "id1"));
        await journal.RecordFileAsync(task, 0, new SavedFile("/here.png", "ab", 7), saved: true);
        Execute("""
            INSERT INTO file (row, image, path, sha256, length, saved, machine)
            SELECT row, image, '/there.png', sha256, length, saved, 'elsewhere' FROM file
            """);

        Copy();

        Assert.Equal([$"/here.png|{ThisMachine}", "/there.png|elsewhere"], RowsThere("SELECT path, machine FROM file ORDER BY path"));
        Assert.Equal(["/here.png", "elsewhere:/there.png"], Open(path: Destination).Reader.Find(Endpoint, "id1")!.SavedTo);
    }

    [Fact]
    public void Entries_of_many_portions_keep_their_order_and_links()
    {
        const int Entries = 1234;
        Open();
        using (DbConnection connection = ConnectToStore())
        {
            const string Columns = "row, endpoint, protocol, id, status, batch, name, created_at, updated_at, images, snapshot";
            Rows(connection, $"INSERT INTO task ({Columns}) VALUES " + string.Join(",", Enumerable.Range(1, Entries).Select(ValuesOf)));
            Rows(connection, "UPDATE task SET superseded_by = row + 600 WHERE row + 600 <= 1234");
            Rows(connection, """
                INSERT INTO file (row, image, path, sha256, length, saved, machine) SELECT row, 0, 'p' || row, 'ab', 1, 1, 'm' FROM task
                """);
        }

        JournalCopyResult result = Copy();

        Assert.Equal((Entries, Entries), (result.Copied, result.Files));
        Assert.Equal(Rows(Content), RowsThere(Content));
        Assert.Equal(["0"], RowsThere("SELECT COUNT(*) FROM file JOIN task ON task.row = file.row WHERE path <> 'p' || substr(id, 3)"));
        Assert.Equal(Entries, Copy().AlreadyThere);

        static string ValuesOf(int i) => FormattableString.Invariant($$"""
            ({{i}}, '{{Endpoint}}', 'Generation', 'id{{i}}', 'Completed', 'b', 'n{{i % 600}}', {{i}}, {{i}}, 1,
                '{"Id":"id{{i}}","Prompt":"{{i}}"}')
            """);
    }

    [Fact]
    public async Task A_missing_journal_or_the_same_journal_is_refused()
    {
        Assert.Equal(NanoBananaErrorKind.JournalRequired, Refused(At(JournalPath), At(Destination)));
        await AcceptTaskAsync(Open(), Request(), "id1");
        Assert.Equal(NanoBananaErrorKind.InvalidRequest, Refused(At(JournalPath), At(JournalPath)));
        Assert.Equal(NanoBananaErrorKind.InvalidRequest, Refused(At(JournalPath), At(Folder)));
        Assert.Equal(NanoBananaErrorKind.JournalRequired, Refused(default, At(JournalPath)));

        static NanoBananaErrorKind Refused(JournalLocation from, JournalLocation to) =>
            Assert.Throws<NanoBananaException>(() => JournalCopy.Run(from, to, TimeProvider.System, default)).Kind;
    }

    [Fact]
    public async Task Queries_of_a_snapshot_see_the_same_state()
    {
        TaskJournal journal = Open();
        await AcceptTaskAsync(journal, Request("a fox"), "id1");
        using JournalQueries queries = JournalStores.Of(JournalPath).OpenToRead(TimeSpan.FromSeconds(5), TimeProvider.System, default)!;
        (long before, long after) = (0, 0);
        queries.InSnapshot(() =>
        {
            before = Count();
            Task.Run(() => AcceptTaskAsync(journal, Request("an owl"), "id2")).GetAwaiter().GetResult();
            after = Count();
        });

        Assert.Equal((1, 1, 2), (before, after, Count()));

        long Count()
        {
            long count = 0;
            queries.Read("SELECT COUNT(*) FROM task", [], reader => (count = reader.GetInt64(0)) < 0);
            return count;
        }
    }

    private protected JournalCopyResult Copy() => JournalCopy.Run(At(JournalPath), At(Destination), TimeProvider.System, default);

    private static JournalLocation At(string place) => JournalLocation.Named(place, path => path);

    private protected IReadOnlyList<string> RowsThere(string sql)
    {
        using DbConnection connection = ConnectToDestination();
        return Rows(connection, sql);
    }

    private void ExecuteThere(string sql) => RowsThere(sql);

    private static async Task MarkUnknownAsync(TaskJournal journal, ImageRequest request)
    {
        (long? row, _) = await journal.ClaimAsync(request, Endpoint, ApiProtocol.Generation).WaitAsync(TestTimeout.Limit);
        await journal.MarkUnknownAsync(row!.Value).WaitAsync(TestTimeout.Limit);
    }

    private static async Task<ImageTask> CompleteAsync(TaskJournal journal, ImageTask task, int? tokens = null, decimal? cost = null)
    {
        ImageTask completed = Completed(task) with { TotalTokens = tokens, Cost = cost };
        await journal.UpdateAsync(completed, ApiProtocol.Generation).WaitAsync(TestTimeout.Limit);
        return completed;
    }
}

/// <summary>Journals of older versions are copied without changing them.</summary>
public sealed class CopyOfOlderVersionTests : JournalTest
{
    [Fact]
    public void A_journal_of_version_1_is_copied_with_its_supersessions_and_stays_unchanged()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(JournalPath)!);
        using (Stream fixture = typeof(MigrationTests).Assembly.GetManifestResourceStream("version1.db")!)
        using (FileStream file = File.Create(JournalPath))
            fixture.CopyTo(file);
        string copy = Path.Combine(Folder, "copy.db");
        JournalLocation from = JournalLocation.Named(JournalPath, path => path), to = JournalLocation.Named(copy, path => path);

        Assert.Equal(7, JournalCopy.Run(from, to, TimeProvider.System, default).Copied);
        Assert.Equal(7, JournalCopy.Run(from, to, TimeProvider.System, default).AlreadyThere);

        Assert.Equal(["1"], Rows("PRAGMA user_version"));
        using (var connection = Connect(copy))
            Assert.Equal(["1|2", "3|4"], Rows(connection, "SELECT row, superseded_by FROM task WHERE superseded_by IS NOT NULL"));
        IEnumerable<string?> current = [.. Open(path: copy).Reader.Batch("zoo").Select(task => task.Prompt)];
        Assert.Equal(["text only", "elk", "owl [fail:5001095]", "a blue fox"], current);
    }
}
