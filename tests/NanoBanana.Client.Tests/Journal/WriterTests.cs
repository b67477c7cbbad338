using System.Buffers.Binary;
using Microsoft.Data.Sqlite;
using NanoBanana.Client.Journal;
using NanoBanana.Client.Journal.Storage;
using NanoBanana.Client.Journal.Storage.Sqlite;

namespace NanoBanana.Client.Tests.Journal;

public sealed class WriterTests : JournalTest
{
    [Fact]
    public async Task A_thousand_parallel_submissions_wait_for_a_few_commits()
    {
        TaskJournal journal = Open();
        int before = Commits();
        IEnumerable<Task> claims = Enumerable.Range(0, 1000)
            .Select(i => journal.ClaimAsync(Request($"prompt {i}"), Endpoint, ApiProtocol.Generation));
        await Task.WhenAll(claims).WaitAsync(TestTimeout.Limit);
        Assert.Equal("1000", Assert.Single(Rows("SELECT COUNT(*) FROM task")));
        Assert.InRange(Commits() - before, 1, 50);
    }

    [Fact]
    public async Task Two_journals_on_one_file_lose_no_entry()
    {
        TaskJournal one = Open();
        TaskJournal other = Open();
        IEnumerable<Task> submissions = Enumerable.Range(0, 200)
            .Select(i => AcceptTaskAsync(i % 2 == 0 ? one : other, Request($"prompt {i}"), $"id{i}"));
        await Task.WhenAll(submissions).WaitAsync(TestTimeout.Limit);
        Assert.Equal("200|200", Assert.Single(Rows("SELECT COUNT(*), COUNT(DISTINCT id) FROM task")));
        Assert.Equal(200, one.Reader.List(new JournalFilter()).Count);
    }

    [Fact]
    public async Task A_failed_change_does_not_affect_other_changes()
    {
        using JournalWriter writer = Writer(out _);
        Task<int> good = writer.WriteAsync(c => Insert(c, "good"));
        Task<int> impossible = writer.WriteAsync(c => Insert(c, null));
        Task<int> defect = writer.WriteAsync<int>(_ => throw new FormatException("a defect"));
        Task<int> later = writer.WriteAsync(c => Insert(c, "later"));
        await Task.WhenAll(good, later).WaitAsync(TestTimeout.Limit);
        Assert.Equal(NanoBananaErrorKind.JournalRequired, (await Assert.ThrowsAsync<NanoBananaException>(() => impossible)).Kind);
        await Assert.ThrowsAsync<NanoBananaException>(() => defect);
        Assert.Equal(["good", "later"], Rows("SELECT text FROM entry ORDER BY text"));
    }

    [Fact]
    public async Task A_full_disk_is_reported_and_a_required_change_is_written_after_space_is_freed()
    {
        using JournalWriter writer = Writer(out SqliteConnection connection);
        SqliteStore.Execute(connection, "PRAGMA max_page_count = 3");
        var error = await Assert.ThrowsAsync<NanoBananaException>(
            () => writer.WriteAsync(c => Insert(c, new string('x', 100_000)), isRetried: true));
        Assert.Equal(NanoBananaErrorKind.JournalRequired, error.Kind);
        Assert.Contains("the disk is full", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<NanoBananaException>(() => writer.WriteAsync(c => Insert(c, new string('y', 100_000))));

        SqliteStore.Execute(connection, "PRAGMA max_page_count = 1000");
        await writer.WriteAsync(c => Insert(c, "next"));
        Assert.Equal(["next|4", "xxxx|100000"], Rows("SELECT SUBSTR(text, 1, 4), LENGTH(text) FROM entry ORDER BY text"));
    }

    [Fact]
    public async Task A_required_change_is_written_at_the_latest_on_closing()
    {
        using (JournalWriter writer = Writer(out SqliteConnection connection))
        {
            SqliteStore.Execute(connection, "PRAGMA max_page_count = 3");
            await Assert.ThrowsAsync<NanoBananaException>(
                () => writer.WriteAsync(c => Insert(c, new string('x', 100_000)), isRetried: true));
            SqliteStore.Execute(connection, "PRAGMA max_page_count = 1000");
        }
        Assert.Single(Rows("SELECT 1 FROM entry"));
    }

    [Fact]
    public async Task After_a_change_times_out_on_a_locked_file_the_next_ones_wait_less()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(JournalPath)!);
        SqliteConnection connection = Connect();
        SqliteStore.Execute(connection, "PRAGMA journal_mode = WAL; CREATE TABLE entry (text TEXT NOT NULL); PRAGMA busy_timeout = 2000");
        using var writer = new JournalWriter(
            new SqliteJournalConnection(
                new SqliteStore(JournalPath), connection, new QueryLimit(), TimeSpan.FromSeconds(2), TimeProvider.System));
        using SqliteConnection other = Connect();
        SqliteStore.Execute(other, "BEGIN IMMEDIATE");

        await Assert.ThrowsAsync<NanoBananaException>(() => writer.WriteAsync(c => Insert(c, "one")));
        Assert.Equal(1000L, BusyTimeout(connection));

        SqliteStore.Execute(other, "ROLLBACK");
        await writer.WriteAsync(c => Insert(c, "two"));
        await writer.FlushAsync();
        Assert.Equal(2000L, BusyTimeout(connection));
    }

    [Fact]
    public async Task A_deferred_change_is_written_with_the_next_one()
    {
        using JournalWriter writer = Writer(out _);
        writer.Defer(c => Insert(c, "deferred"));
        Assert.Empty(Rows("SELECT 1 FROM entry"));
        await writer.WriteAsync(c => Insert(c, "next"));
        Assert.Equal(["deferred", "next"], Rows("SELECT text FROM entry"));

        writer.Defer(c => Insert(c, "last"));
        await writer.FlushAsync();
        Assert.Equal(3, Rows("SELECT 1 FROM entry").Count);
    }

    [Fact]
    public async Task A_closed_journal_is_an_error()
    {
        TaskJournal journal = Open();
        journal.Dispose();
        await Assert.ThrowsAsync<NanoBananaException>(() => journal.ClaimAsync(Request(), Endpoint, ApiProtocol.Generation));
    }

    [Fact]
    public async Task An_unreadable_row_is_an_error_and_later_changes_are_written()
    {
        TaskJournal journal = Open();
        await AcceptTaskAsync(journal, Request(batch: "b"), "id1");
        Execute("UPDATE task SET snapshot = 'no json'");
        await Assert.ThrowsAsync<NanoBananaException>(
            () => journal.ClaimAsync(Request(batch: "b"), Endpoint, ApiProtocol.Generation).WaitAsync(TestTimeout.Limit));
        Assert.Throws<NanoBananaException>(() => journal.Reader.List(new JournalFilter()));
        await AcceptTaskAsync(journal, Request("another"), "id2");
    }

    private JournalWriter Writer(out SqliteConnection connection)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(JournalPath)!);
        connection = Connect();
        SqliteStore.Execute(connection, "PRAGMA journal_mode = WAL; CREATE TABLE entry (text TEXT NOT NULL)");
        return Opened(new JournalWriter(new SqliteJournalConnection(
            new SqliteStore(JournalPath), connection, new QueryLimit(), TimeSpan.FromMilliseconds(50), TimeProvider.System)));
    }

    private static object? BusyTimeout(SqliteConnection connection)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "PRAGMA busy_timeout";
        return command.ExecuteScalar();
    }

    private static int Insert(JournalConnection connection, string? text) =>
        connection.Run("INSERT INTO entry VALUES (@text)", ("@text", text));

    /// <summary>
    /// Counts the commits in the write-ahead log. See "WAL File Format" on sqlite.org: the frame of a commit contains the database
    /// size.
    /// </summary>
    private int Commits()
    {
        const int Header = 32;
        const int FrameHeader = 24;
        ReadOnlySpan<byte> log = ReadShared(JournalPath + "-wal");
        int page = BinaryPrimitives.ReadInt32BigEndian(log[8..]);
        ReadOnlySpan<byte> salt = log.Slice(16, 8);
        int commits = 0;
        for (int at = Header; at + FrameHeader + page <= log.Length && log.Slice(at + 8, 8).SequenceEqual(salt); at += FrameHeader + page)
            commits += BinaryPrimitives.ReadInt32BigEndian(log[(at + 4)..]) == 0 ? 0 : 1;
        return commits;
    }
}
