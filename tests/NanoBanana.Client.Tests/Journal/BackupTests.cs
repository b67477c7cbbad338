using NanoBanana.Client.Files;
using NanoBanana.Client.Journal;
using NanoBanana.Emulator;

namespace NanoBanana.Client.Tests.Journal;

public sealed class BackupTests : BackupTest
{
    [Fact]
    public async Task A_plain_copy_of_the_file_is_complete_after_the_last_command_ends()
    {
        ScriptedHandler api = ScriptedHandler.Accepting();
        NanoBananaClient client = ClientOf(api);
        await SubmitAsync(client, Request("a fox", "b"));
        await client.FlushAsync().WaitAsync(TestTimeout.Limit);

        Directory.CreateDirectory(Path.GetDirectoryName(Copy)!);
        await File.WriteAllBytesAsync(Copy, ReadShared(JournalPath));

        Assert.Equal("a fox", Assert.Single(Open(path: Copy).Reader.List(new JournalFilter())).Prompt);
    }

    [Fact]
    public async Task A_backup_contains_all_entries_while_the_journal_is_written()
    {
        TaskJournal journal = Open();
        await AcceptTaskAsync(journal, Request("a fox", "b"), "id1");
        Task<(long?, JournalRow?)> going = journal.ClaimAsync(Request("an owl", "b"), Endpoint, ApiProtocol.Generation);

        JournalBackup.Write(journal.Reader, Copy, force: false);

        await going.WaitAsync(TestTimeout.Limit);
        Assert.Contains("id1", Open(path: Copy).Reader.List(new JournalFilter()).Select(task => task.Id));
        Assert.False(File.Exists(Copy + "-wal") && new FileInfo(Copy + "-wal").Length > 1_000_000);
        Assert.Equal(
            [Copy],
            Directory.GetFiles(Path.GetDirectoryName(Copy)!)
                .Where(file => !file.EndsWith("-wal", StringComparison.Ordinal) && !file.EndsWith("-shm", StringComparison.Ordinal)));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Copy));
    }

    [Fact]
    public async Task An_existing_file_is_replaced_only_with_force_and_a_failure_leaves_no_file()
    {
        TaskJournal journal = Open();
        await AcceptTaskAsync(journal, Request(), "id1");
        Directory.CreateDirectory(Path.GetDirectoryName(Copy)!);
        await File.WriteAllTextAsync(Copy, "mine");

        Assert.Equal(
            NanoBananaErrorKind.FileExists,
            Assert.Throws<NanoBananaException>(() => JournalBackup.Check(Copy, JournalPath, force: false)).Kind);
        Assert.Equal(
            NanoBananaErrorKind.InvalidRequest,
            Assert.Throws<NanoBananaException>(() => JournalBackup.Check(JournalPath, JournalPath, force: true)).Kind);
        Assert.Equal(
            NanoBananaErrorKind.InvalidRequest,
            Assert.Throws<NanoBananaException>(() => JournalBackup.Check(Folder, JournalPath, force: true)).Kind);
        Assert.Equal(
            NanoBananaErrorKind.WriteFailed,
            Assert.Throws<NanoBananaException>(() => JournalBackup.Write(journal.Reader, Copy, force: false)).Kind);
        Assert.Equal("mine", await File.ReadAllTextAsync(Copy));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(Copy)!));

        JournalBackup.Write(journal.Reader, Copy, force: true);
        Assert.Single(Open(path: Copy).Reader.List(new JournalFilter()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_empty_or_missing_file_beside_a_log_with_entries_is_refused_and_the_log_is_kept(bool isThere)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(JournalPath)!);
        if (isThere)
            File.WriteAllBytes(JournalPath, []);
        byte[] log = [.. Enumerable.Repeat((byte)7, 4096)];
        File.WriteAllBytes(JournalPath + "-wal", log);

        NanoBananaException error = Assert.Throws<NanoBananaException>(() => Open());

        Assert.Equal(NanoBananaErrorKind.JournalRequired, error.Kind);
        Assert.Contains("journal.db-wal", error.Message, StringComparison.Ordinal);
        Assert.Equal(log, File.ReadAllBytes(JournalPath + "-wal"));
    }

    [Fact]
    public void A_folder_that_cannot_be_created_is_a_write_error_that_names_the_backup()
    {
        TaskJournal journal = Open();
        File.WriteAllText(Path.Combine(Folder, "file"), "mine");
        string path = Path.Combine(Folder, "file", "copies", "copy.db");

        NanoBananaException error = Assert.Throws<NanoBananaException>(() => JournalBackup.Write(journal.Reader, path, force: false));

        Assert.Equal(NanoBananaErrorKind.WriteFailed, error.Kind);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_image_whose_entry_was_lost_is_recognized_by_its_content_and_another_file_is_kept()
    {
        using EmulatorServer emulator = StartEmulator();
        NanoBananaClient client = ClientOf(emulator);
        ImageTask task = await client.WaitAsync(
            await SubmitAsync(client, Request("a fox", name: "fox")), TestTimeout.Limit, Observer, default);
        ImageTarget Target() => ImageTarget.InDirectory(Folder, FileNameTemplate.Parse("{name}"), force: false);
        SavedImage first = await client.SaveAsync(task, 0, Target(), Observer, default);
        NanoBananaClient withoutHistory = ClientOf(emulator, Handle(Path.Combine(Folder, "new", "journal.db")));

        SavedImage again = await withoutHistory.SaveAsync(task, 0, Target(), Observer, default);

        Assert.Equal((first.Path, first.Sha256), (again.Path, again.Sha256));
        ImageTask other = await client.WaitAsync(
            await SubmitAsync(client, Request("an owl", name: "fox")), TestTimeout.Limit, Observer, default);
        var error = await Assert.ThrowsAsync<NanoBananaException>(() => client.SaveAsync(other, 0, Target(), Observer, default));
        Assert.Equal(NanoBananaErrorKind.FileExists, error.Kind);
        Assert.Equal(first.Length, new FileInfo(first.Path).Length);
    }
}
