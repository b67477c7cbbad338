using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;
using NanoBanana.Client.Journal;
using NanoBanana.Client.Journal.Storage.Sqlite;

namespace NanoBanana.Client.Tests.Journal;

public sealed class OpeningTests : JournalTest
{
#if NET // .NET Framework has no such permissions. It runs on Windows, where the folder belongs to the user.
    [Fact]
    public async Task The_file_and_its_folder_are_accessible_only_to_their_owner()
    {
        if (OperatingSystem.IsWindows())
            return;
        await AcceptTaskAsync(Open(), Request(), "id1");
        string folder = Path.GetDirectoryName(JournalPath)!;
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
        Assert.Equal(3, Directory.GetFiles(folder).Length);
        foreach (string file in Directory.GetFiles(folder))
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }
#endif

    [Fact]
    public void A_journal_uses_WAL_mode_and_the_current_version()
    {
        Open();
        Assert.Equal("wal", Assert.Single(Rows("PRAGMA journal_mode")));
        Assert.Equal($"{SqliteSchema.Version}", Assert.Single(Rows("PRAGMA user_version")));
    }

    [Fact]
    public async Task An_empty_file_becomes_a_journal_and_an_existing_journal_is_used()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(JournalPath)!);
        await File.WriteAllBytesAsync(JournalPath, []);
        using (TaskJournal journal = TaskJournal.Open(JournalPath, TimeProvider.System))
            await AcceptTaskAsync(journal, Request(), "id1");
        Assert.Equal("id1", Assert.Single(Open().Reader.List(new JournalFilter())).Id);
    }

    [Fact]
    public async Task A_new_journal_can_be_opened_in_parallel()
    {
        TaskJournal[] journals = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => Task.Run(() => Opened(TaskJournal.Open(JournalPath, TimeProvider.System)))));
        await Task.WhenAll(journals.Select((journal, i) => AcceptTaskAsync(journal, Request(), $"id{i}")));
        Assert.Equal("8", Assert.Single(Rows("SELECT COUNT(*) FROM task")));
    }

    [Theory]
    [InlineData("PRAGMA journal_mode = WAL")]
    [InlineData("PRAGMA journal_mode = DELETE")]
    public void A_journal_of_a_newer_version_is_not_changed(string mode)
    {
        Make(
            $"{mode}; CREATE TABLE task (row INTEGER); PRAGMA application_id = {SqliteSchema.ApplicationId}; "
            + $"PRAGMA user_version = {SqliteSchema.Version + 1}");
        Assert.Contains("newer NanoBanana", RefusedUntouched().Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CREATE TABLE places (url TEXT)")]
    [InlineData("CREATE TABLE task (row INTEGER); PRAGMA user_version = 1")]
    [InlineData("PRAGMA user_version = 77")]
    public void A_database_of_another_program_is_not_changed(string sql)
    {
        Make(sql);
        Assert.Contains("another program", RefusedUntouched().Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("this is not a database, and long enough to be taken for one")]
    [InlineData("SQLite format 3\0 and then nothing that makes sense, which is what a torn file looks like at times, all the way down")]
    public void A_damaged_file_is_not_changed(string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(JournalPath)!);
        File.WriteAllBytes(JournalPath, [.. Encoding.ASCII.GetBytes(content), .. new byte[4096]]);
        Assert.Contains("damaged", RefusedUntouched().Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unusable_file_is_reported_once_and_submitting_continues()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(JournalPath)!);
        await File.WriteAllTextAsync(JournalPath, "this is not a database, and long enough to be taken for one");
        await AssertSubmittingContinuesAsync("damaged");
    }

    [Fact]
    public async Task An_unwritable_folder_is_reported_once_and_submitting_continues()
    {
        await File.WriteAllTextAsync(Path.Combine(Folder, "data"), "a file in the place of the folder");
        await AssertSubmittingContinuesAsync("can't be used");
    }

    [Fact]
    public async Task A_locked_journal_is_reported_once_and_submitting_continues()
    {
        Open().Dispose();
        using SqliteConnection other = LockJournal();
        await AssertSubmittingContinuesAsync("locked");
    }

    [Fact]
    public async Task A_journal_locked_later_is_reported_and_a_batch_is_refused_before_it_is_sent()
    {
        ScriptedHandler api = ScriptedHandler.Accepting();
        NanoBananaClient client = ClientOf(api);
        await SubmitAsync(client, Request("first", "b"));
        using (LockJournal())
        {
            var error = await Assert.ThrowsAsync<NanoBananaException>(() => SubmitAsync(client, Request("second", "b")));
            Assert.Equal(NanoBananaErrorKind.JournalRequired, error.Kind);
            Assert.Equal(1, api.Requests);
            await SubmitAsync(client, Request("third"));
            Assert.Contains("locked", Assert.Single(Observer.Warnings), StringComparison.Ordinal);
        }
        await SubmitAsync(client, Request("second", "b"));
        Assert.Equal(3, api.Requests);
    }

    [Fact]
    public async Task An_answer_during_a_lock_is_reported_with_its_id_and_written_later()
    {
        SqliteConnection? other = null;
        var api = new ScriptedHandler(number =>
        {
            other = number == 1 ? LockJournal() : other;
            return Task.FromResult(ScriptedHandler.Accepted($"id{number}"));
        });
        NanoBananaClient client = ClientOf(api);
        ImageTask task = await SubmitAsync(client, Request(batch: "b"));
        Assert.Contains("id1", Assert.Single(Observer.Warnings), StringComparison.Ordinal);
        other!.Dispose();
        // The request is not submitted again and the wait ends: the deferred entry is written first.
        Assert.Equal(task.Id, (await SubmitAsync(client, Request(batch: "b"))).Id);
        Assert.Equal(1, api.Requests);
    }

    [Fact]
    public async Task A_repaired_file_is_used_again_in_the_same_session()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(50));
        Directory.CreateDirectory(Path.GetDirectoryName(JournalPath)!);
        await File.WriteAllTextAsync(JournalPath, "this is not a database, and long enough to be taken for one");
        JournalHandle handle = Handle(time: clock);
        Assert.Throws<NanoBananaException>(() => handle.Require());
        File.Delete(JournalPath);
        Assert.Throws<NanoBananaException>(() => handle.Require());
        clock.Advance(TimeSpan.FromSeconds(11));
        Opened(handle.Require());
    }

    [Fact]
    public void A_closed_journal_is_not_opened_again_by_a_reader()
    {
        TaskJournal journal = Open();
        journal.Dispose();
        File.Delete(JournalPath);

        var error = Assert.Throws<NanoBananaException>(() => journal.Reader.FindById("id1"));
        Assert.Equal(
            (NanoBananaErrorKind.JournalRequired, true), (error.Kind, error.Message.Contains("it was closed", StringComparison.Ordinal)));
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(JournalPath)!));
    }

    private async Task AssertSubmittingContinuesAsync(string warning)
    {
        ScriptedHandler api = ScriptedHandler.Accepting();
        NanoBananaClient client = ClientOf(api);
        for (int i = 0; i < 3; i++)
            await SubmitAsync(client, Request($"prompt {i}"));
        Assert.Contains(warning, Assert.Single(Observer.Warnings), StringComparison.Ordinal);
        Assert.Equal(
            NanoBananaErrorKind.JournalRequired,
            (await Assert.ThrowsAsync<NanoBananaException>(() => SubmitAsync(client, Request(batch: "b")))).Kind);
        Assert.Equal(3, api.Requests);
    }

    private NanoBananaException RefusedUntouched()
    {
        byte[] before = AllBytes();
        var error = Assert.Throws<NanoBananaException>(() => Open());
        Assert.Equal(NanoBananaErrorKind.JournalRequired, error.Kind);
        Assert.Contains(JournalPath, error.Message, StringComparison.Ordinal);
        Assert.Equal(before, AllBytes());
        return error;
    }

    private void Make(string sql)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(JournalPath)!);
        Execute(sql);
    }

    private SqliteConnection LockJournal()
    {
        SqliteConnection connection = Connect();
        SqliteStore.Execute(connection, "BEGIN IMMEDIATE");
        return connection;
    }
}
